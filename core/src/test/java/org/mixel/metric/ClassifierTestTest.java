package org.mixel.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.mixel.metric.TwoSetFiguresTest.bytes;
import static org.mixel.metric.TwoSetFiguresTest.calibrated;
import static org.mixel.metric.TwoSetFiguresTest.known;
import static org.mixel.metric.TwoSetFiguresTest.normal;
import static org.mixel.metric.TwoSetFiguresTest.squared;
import static org.mixel.metric.TwoSetFiguresTest.vectors;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.metric.ClassifierTest.Giveaway;

/**
 * The classifier test is what plain votes give, knows which rows give their set away, and says
 * rightly what equal sets give.
 */
class ClassifierTestTest {
  private static Samples points(double... values) {
    return vectors(Arrays.stream(values).mapToObj(x -> new double[] {x}).toArray(double[][]::new));
  }

  /** One neighbour votes where there are fewer than 9 rows. */
  @Test
  void pointsOnALine() {
    ClassifierTest apart = ClassifierTest.of(points(0, 1), points(10, 12));
    assertThat(apart.neighbours()).isEqualTo(1);
    assertThat(apart.accuracy().value()).isEqualTo(1);
    assertThat(apart.candidate()).containsExactly(new Giveaway(0, 1), new Giveaway(1, 1));
    ClassifierTest mixed = ClassifierTest.of(points(0, 10), points(1, 12));
    assertThat(mixed.accuracy().value()).isEqualTo(0);
    assertThat(mixed.accuracy().p()).isEqualTo(1);
    // 0 and 1 of the reference find each other, 2.1 finds 3, and 3.3 and 3 find each other.
    Samples four = points(0, 1, 2.1, 3.3);
    Samples two = points(3, 10);
    ClassifierTest unequal = ClassifierTest.of(four, two);
    assertThat(unequal.accuracy().value()).isEqualTo(0.25);
    assertThat(unequal.reference())
        .containsExactly(
            new Giveaway(0, 1), new Giveaway(1, 1), new Giveaway(2, 0), new Giveaway(3, 0));
    ClassifierTest swapped = ClassifierTest.of(two, four);
    assertThat(swapped.accuracy().value()).isEqualTo(0.25);
    assertThat(swapped.candidate()).isEqualTo(unequal.reference());
  }

  /**
   * The balanced accuracy from sorted distances, of all rows but one; {@code without} can be -1.
   */
  private static double plain(double[][] rows, int n, int k) {
    double[] right = new double[2];
    for (int i = 0; i < rows.length; i++) {
      int row = i;
      double votes =
          IntStream.range(0, rows.length)
              .filter(j -> j != row)
              .boxed()
              .sorted(Comparator.comparingDouble(j -> squared(rows[row], rows[j])))
              .limit(k)
              .filter(j -> j < n)
              .count();
      double toFirst = votes / n;
      double toSecond = (k - votes) / (rows.length - n);
      double won = (Math.signum(toFirst - toSecond) + 1) / 2;
      right[i < n ? 0 : 1] += i < n ? won : 1 - won;
    }
    return (right[0] / n + right[1] / (rows.length - n)) / 2;
  }

  /** Sets of two sizes, and of one. */
  @Test
  void isWhatPlainVotesGive() {
    for (int m : new int[] {45, 90}) {
      RandomGenerator random = new SplittableRandom(1);
      double[][] x = normal(random, 90, 3, 1);
      double[][] y = normal(random, m, 3, 1.5);
      double[][] all = Stream.of(x, y).flatMap(Arrays::stream).toArray(double[][]::new);
      ClassifierTest test = ClassifierTest.of(vectors(x), vectors(y));
      int k = m == 45 ? 11 : 13;
      assertThat(test.neighbours()).isEqualTo(k);
      assertThat(test.accuracy().value()).isCloseTo(plain(all, 90, k), within(1e-12));
    }
  }

  /** Half of the candidate lies apart, in its last rows. */
  @Test
  void rowsApartGiveTheirSetAway() {
    RandomGenerator random = new SplittableRandom(1);
    double[][] x = normal(random, 300, 4, 1);
    double[][] y = normal(random, 300, 4, 1);
    for (int i = 150; i < 300; i++) {
      y[i][0] += 10;
    }
    ClassifierTest test = ClassifierTest.of(vectors(x), vectors(y));
    assertThat(test.accuracy().p()).isEqualTo(1 / 200.0);
    assertThat(test.accuracy().value()).isBetween(0.7, 0.8);
    assertThat(test.candidate()).hasSize(20).allMatch(row -> row.row() >= 150 && row.share() == 1);
    assertThat(test.reference()).isSortedAccordingTo(Comparator.comparing(row -> -row.share()));
    assertThat(ClassifierTest.of(vectors(x), vectors(y))).isEqualTo(test);
  }

  /** Of 9 neighbours one is the row's copy, and the others are 4 rows and their copies. */
  @Test
  void copiesAreToldWrongly() {
    Samples x = vectors(normal(new SplittableRandom(1), 50, 4, 1));
    Estimate accuracy = ClassifierTest.of(x, x).accuracy();
    assertThat(accuracy.value()).isEqualTo(0);
    assertThat(known(accuracy.ifEqual()).low()).isGreaterThan(0.2);
    assertThat(accuracy.p()).isEqualTo(1);
  }

  /** Lists of rows that tie must not tell which set came first. */
  @Test
  void rowsThatAreAllEqualTellNothing() {
    double[][] rows = new double[60][30];
    for (double[] row : rows) {
      Arrays.fill(row, 0.3);
    }
    for (Samples same : new Samples[] {vectors(rows), bytes(rows)}) {
      Estimate accuracy = ClassifierTest.of(same, same.select(new int[50])).accuracy();
      assertThat(accuracy.value()).isBetween(0.35, 0.65);
      assertThat(known(accuracy.p())).isGreaterThan(0.02);
    }
  }

  @Test
  void errorIsTheSpreadOfRepeatedSets() {
    for (double deviation : new double[] {1, 1.5}) {
      RandomGenerator random = new SplittableRandom(1);
      double[] values = new double[200];
      double error = 0;
      for (int r = 0; r < values.length; r++) {
        Estimate estimate =
            ClassifierTest.of(
                    vectors(normal(random, 250, 3, 1)), vectors(normal(random, 200, 3, deviation)))
                .accuracy();
        values[r] = estimate.value();
        error += known(estimate.error()) / values.length;
      }
      double mean = Arrays.stream(values).average().orElseThrow();
      double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
      double spread = Math.sqrt(squares / (values.length - 1));
      assertThat(error / spread).as("deviation %s", deviation).isBetween(0.75, 1.6);
    }
  }

  @Test
  void isCalibrated() {
    calibrated(110, 100, 3, (x, y) -> new Estimate[] {ClassifierTest.of(x, y).accuracy()});
    calibrated(100, 100, 8, (x, y) -> new Estimate[] {ClassifierTest.of(x, y).accuracy()});
  }

  /** Rows of three values, so that nearly all distances tie. */
  @Test
  void tiesAreCalibrated() {
    calibrated(
        110, 100, 1, (x, y) -> new Estimate[] {ClassifierTest.of(coarse(x), coarse(y)).accuracy()});
  }

  private static Samples coarse(Samples rows) {
    double[] values = new double[rows.rows()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(-1, Math.min(1, Math.round(rows.row(i)[0])));
    }
    return points(values);
  }

  @Test
  void badInputIsRefusedInALine() {
    Samples rows = vectors(normal(new SplittableRandom(1), 9, 7, 1));
    Samples wider = vectors(normal(new SplittableRandom(1), 9, 8, 1));
    Samples holed = vectors(new double[][] {{1}, {Double.NaN}});
    assertThatThrownBy(() -> ClassifierTest.of(rows.select(new int[1]), rows))
        .isInstanceOf(InputException.class)
        .hasMessage("rows: one row is too few to compare; give at least 2");
    assertThatThrownBy(() -> ClassifierTest.of(rows, wider))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("rows has rows of 7 values, rows of 8");
    assertThatThrownBy(() -> ClassifierTest.of(holed, holed))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("row 1 (counted from 0)");
    assertThatThrownBy(() -> ClassifierTest.Options.defaults().withDeals(38))
        .hasMessage("deals must be at least 39, got 38");
    assertThatThrownBy(() -> ClassifierTest.Options.defaults().withGiveaways(-1))
        .hasMessage("giveaways must be at least 0, got -1");
  }
}
