package org.mixel.memorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.mixel.stat.MannWhitney;

/** Copies in some cells: the weighted mean of rank sums, uniform p-values for fresh rows. */
class CellCopiesTest {
  private static double[] distances(SplittableRandom random, int rows) {
    return random.doubles(rows).toArray();
  }

  private static int[] cells(int rows, int count) {
    return IntStream.range(0, rows).map(i -> i % count).toArray();
  }

  @Test
  void isTheMeanOfRankSumsWeightedByUnseenRows() {
    SplittableRandom random = new SplittableRandom(1);
    double[] own = distances(random, 90);
    double[] fresh = distances(random, 100);
    int[] ownCells = IntStream.range(0, 90).map(i -> i < 40 ? 0 : i < 80 ? 1 : 2).toArray();
    int[] freshCells = IntStream.range(0, 100).map(i -> i < 25 ? 0 : i < 70 ? 1 : 2).toArray();
    double first = MannWhitney.z(Arrays.copyOfRange(own, 0, 40), Arrays.copyOfRange(fresh, 0, 25));
    double second =
        MannWhitney.z(Arrays.copyOfRange(own, 40, 80), Arrays.copyOfRange(fresh, 25, 70));
    CellCopies found = CellCopies.of(own, ownCells, fresh, freshCells);
    // The third cell has 10 candidate rows, too few.
    assertThat(found.cells()).hasSize(2);
    assertThat(found.ct()).isCloseTo((25 * first + 45 * second) / 70, within(1e-12));
    assertThat(found.cells().get(0).z()).isEqualTo(Math.min(first, second));
  }

  @Test
  void ofFreshRowsPIsUniform() {
    SplittableRandom random = new SplittableRandom(2);
    double[] p =
        IntStream.range(0, 300)
            .mapToDouble(
                i ->
                    CellCopies.of(
                            distances(random, 200), cells(200, 5),
                            distances(random, 150), cells(150, 5))
                        .p())
            .toArray();
    double ks = KolmogorovSmirnovTest.withDefaults().test(p, x -> x).getPValue();
    assertThat(ks).isGreaterThan(0.01);
  }

  /** Rows far from the reference in four cells hide copies in the fifth from one test of all. */
  @Test
  void copiesInOneCellShow() {
    SplittableRandom random = new SplittableRandom(3);
    double[] own = distances(random, 400);
    int[] cells = cells(400, 5);
    for (int i = 0; i < own.length; i++) {
      own[i] = cells[i] == 3 ? own[i] / 10 : own[i] + 0.1;
    }
    double[] fresh = distances(random, 400);
    CellCopies found = CellCopies.of(own, cells, fresh, cells);
    assertThat(found.copied()).extracting(CellCopies.Cell::cell).containsExactly(3);
    assertThat(MannWhitney.z(own, fresh)).isGreaterThan(-2);
  }

  @Test
  void withoutEnoughRowsNothingIsSaid() {
    CellCopies found = CellCopies.of(new double[5], new int[5], new double[5], new int[5]);
    assertThat(found.cells()).isEmpty();
    assertThat(found.p()).isEqualTo(1);
    assertThat(found.ct()).isZero();
  }
}
