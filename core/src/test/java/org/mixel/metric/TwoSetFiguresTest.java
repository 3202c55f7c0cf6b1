package org.mixel.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.stat.Interval;
import org.mixel.tensor.ComputeDevice;

/**
 * The figures of two sets are those of NumPy and of plain sums, know which set is which, and say
 * rightly what equal sets give.
 */
class TwoSetFiguresTest {
  /**
   * Rows by a formula, and what NumPy 2.4.6 and SciPy 1.17.1 make of them in float64: the row
   * {@code i} of {@code X} holds {@code (13 i^2 + (29 + a) i j + 37 i + 101 j^2 + a) % m / scale}
   * with {@code a = 0}, {@code Y} the same with {@code a = 5}. Radii are {@code np.sort(cdist(X,
   * X), 1)[:, 5]}, and of the Frechet distance the trace of the root is {@code np.linalg.svd(x @
   * y.T)} of the rows less their mean.
   */
  private enum Golden {
    VECTORS(
        90,
        60,
        7,
        211,
        193,
        211,
        false,
        0.0022880112858683077,
        0.04768946450309053,
        1,
        0.9888888888888889,
        1.6866666666666668,
        0.9777777777777777),
    FEW_VECTORS(
        20,
        25,
        50,
        211,
        193,
        211,
        false,
        0.03227566322012798,
        4.277887247272139,
        1,
        0.55,
        1.496,
        1),
    BYTES(
        90,
        60,
        7,
        256,
        239,
        255,
        true,
        0.015181765924967117,
        0.04972830376777981,
        1,
        0.9777777777777777,
        1.4,
        0.9111111111111111),
    WIDE_BYTES(
        30,
        40,
        1100,
        256,
        239,
        255,
        true,
        0.0034277825866850797,
        156.27739764737504,
        1,
        0,
        2.82,
        1);

    final int n;
    final int m;
    final int dims;
    final double[][] x;
    final double[][] y;
    final Samples reference;
    final Samples candidate;
    final double mmd;
    final double frechet;
    final double[] balls;

    Golden(
        int n,
        int m,
        int dims,
        int modulus,
        int other,
        int scale,
        boolean bytes,
        double mmd,
        double frechet,
        double... balls) {
      this.n = n;
      this.m = m;
      this.dims = dims;
      x = rows(n, dims, 0, modulus, scale);
      y = rows(m, dims, 5, other, scale);
      reference = bytes ? bytes(x) : vectors(x);
      candidate = bytes ? bytes(y) : vectors(y);
      this.mmd = mmd;
      this.frechet = frechet;
      this.balls = balls;
    }

    private static double[][] rows(int n, int dims, int a, int modulus, double scale) {
      double[][] rows = new double[n][dims];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < dims; j++) {
          rows[i][j] = (13 * i * i + (29 + a) * i * j + 37 * i + 101 * j * j + a) % modulus / scale;
        }
      }
      return rows;
    }
  }

  static Samples vectors(double[][] rows) {
    double[] values = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    return StoredSamples.ofDoubles("rows", rows[0].length, values);
  }

  static Samples bytes(double[][] rows) {
    byte[] pixels = new byte[rows.length * rows[0].length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Math.round(255 * rows[i / rows[0].length][i % rows[0].length]);
    }
    return StoredSamples.ofBytes("rows", new ImageShape(1, 1, rows[0].length), pixels);
  }

  private static double[] balls(NeighbourBalls balls) {
    return new double[] {
      balls.precision().value(),
      balls.recall().value(),
      balls.density().value(),
      balls.coverage().value()
    };
  }

  @ParameterizedTest
  @EnumSource
  void agreeWithNumPyAndPlainSums(Golden golden) {
    double mmd = KernelDistance.of(golden.reference, golden.candidate).distance().value();
    assertThat(mmd).isCloseTo(golden.mmd, within(1e-9 * golden.mmd));
    assertThat(mmd).isCloseTo(plainKernelDistance(golden), within(1e-9 * golden.mmd));
    assertThat(FrechetDistance.of(golden.reference, golden.candidate).distance().value())
        .isCloseTo(golden.frechet, within(1e-9 * golden.frechet));
    double[] balls = balls(NeighbourBalls.of(golden.reference, golden.candidate));
    assertThat(balls).containsExactly(golden.balls, within(1e-12));
    assertThat(balls).containsExactly(plainBalls(golden.x, golden.y, 5), within(1e-12));
  }

  @Test
  void swappedSetsSwapPrecisionAndRecallAlone() {
    double[] balls =
        balls(NeighbourBalls.of(Golden.WIDE_BYTES.candidate, Golden.WIDE_BYTES.reference));
    assertThat(balls)
        .containsExactly(plainBalls(Golden.WIDE_BYTES.y, Golden.WIDE_BYTES.x, 5), within(1e-12));
    assertThat(balls[0]).isEqualTo(Golden.WIDE_BYTES.balls[1]).isLessThan(balls[1]);
  }

  /** A candidate that holds one of two clusters lacks nothing in precision, half in recall. */
  @Test
  void rolesAreThoseOfTheDefinition() {
    RandomGenerator random = new SplittableRandom(1);
    double[][] both = new double[200][2];
    double[][] one = new double[200][2];
    for (int i = 0; i < 200; i++) {
      for (int j = 0; j < 2; j++) {
        both[i][j] = random.nextGaussian() + (i % 2) * 100;
        one[i][j] = random.nextGaussian();
      }
    }
    NeighbourBalls balls = NeighbourBalls.of(vectors(both), vectors(one));
    assertThat(balls.precision().value()).isGreaterThan(0.8);
    assertThat(balls.recall().value()).isBetween(0.4, 0.5);
    assertThat(balls.density().value()).isBetween(0.8, 1.2);
    assertThat(balls.coverage().value()).isBetween(0.4, 0.5);
    NeighbourBalls swapped = NeighbourBalls.of(vectors(one), vectors(both));
    assertThat(swapped.precision().value()).isBetween(0.4, 0.5);
    assertThat(swapped.recall().value()).isGreaterThan(0.8);
    assertThat(swapped.density().value()).isBetween(0.4, 0.6);
    assertThat(swapped.coverage().value()).isGreaterThan(0.8);
  }

  private static double plainKernelDistance(Golden golden) {
    double n = golden.n;
    double m = golden.m;
    return plainSum(golden.x, golden.x, false) / (n * (n - 1))
        + plainSum(golden.y, golden.y, false) / (m * (m - 1))
        - 2 * plainSum(golden.x, golden.y, true) / (n * m);
  }

  private static double plainSum(double[][] x, double[][] y, boolean equalPlaces) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < y.length; j++) {
        double product = 0;
        for (int k = 0; k < x[i].length; k++) {
          product += x[i][k] * y[j][k];
        }
        sum += equalPlaces || i != j ? Math.pow(product / x[i].length + 1, 3) : 0;
      }
    }
    return sum;
  }

  private static double[] plainBalls(double[][] reference, double[][] candidate, int k) {
    double[] radii = plainRadii(reference, k);
    double[] otherRadii = plainRadii(candidate, k);
    double inside = 0;
    double density = 0;
    for (double[] row : candidate) {
      long holding =
          IntStream.range(0, radii.length)
              .filter(i -> squared(reference[i], row) <= radii[i])
              .count();
      inside += holding > 0 ? 1 : 0;
      density += holding;
    }
    double recalled = 0;
    double covered = 0;
    for (int i = 0; i < reference.length; i++) {
      double[] row = reference[i];
      double radius = radii[i];
      recalled +=
          IntStream.range(0, candidate.length)
                  .anyMatch(j -> squared(candidate[j], row) <= otherRadii[j])
              ? 1
              : 0;
      covered += Arrays.stream(candidate).anyMatch(y -> squared(y, row) <= radius) ? 1 : 0;
    }
    return new double[] {
      inside / candidate.length,
      recalled / reference.length,
      density / candidate.length / k,
      covered / reference.length
    };
  }

  private static double[] plainRadii(double[][] rows, int k) {
    return Arrays.stream(rows)
        .mapToDouble(x -> Arrays.stream(rows).mapToDouble(y -> squared(x, y)).sorted().toArray()[k])
        .toArray();
  }

  /** Rounded so that distances of bytes tie where they are equal. */
  static double squared(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += (x[k] - y[k]) * (x[k] - y[k]);
    }
    return Math.rint(sum * 1e12);
  }

  /** More rows than a block holds, of a candidate of few distinct rows and of a narrow one. */
  @Test
  void ballsOfManyRowsAreThoseOfPlainSums() {
    RandomGenerator random = new SplittableRandom(1);
    double[][] x = normal(random, 1300, 3, 1);
    double[][] y = normal(random, 1100, 3, 0.3);
    for (int i = 0; i < 200; i++) {
      y[i] = x[i % 7].clone();
    }
    for (boolean swap : new boolean[] {false, true}) {
      double[][] reference = swap ? y : x;
      double[][] candidate = swap ? x : y;
      assertThat(balls(NeighbourBalls.of(vectors(reference), vectors(candidate))))
          .containsExactly(plainBalls(reference, candidate, 5), within(1e-12));
    }
  }

  /** The distance of many rows takes another way than that of few; here both can be gone. */
  @Test
  void bothWaysToTheFrechetDistanceAgree() {
    RandomGenerator random = new SplittableRandom(1);
    Samples x = vectors(normal(random, 100, 60, 1));
    Samples y = vectors(normal(random, 70, 60, 0.5));
    int[] first = IntStream.range(0, 60).toArray();
    int[] second = IntStream.range(100, 150).toArray();
    try (CovarianceSpace few = RowSpace.of(x, y, ComputeDevice.CPU);
        CovarianceSpace many = ColumnSpace.of(x, y, 0, ComputeDevice.CPU)) {
      assertThat(many.distance()).isCloseTo(few.distance(), within(1e-9 * few.distance()));
      assertThat(many.error()).isCloseTo(few.error(), within(1e-3 * few.error()));
      assertThat(many.distance(first, second))
          .isCloseTo(few.distance(first, second), within(1e-4 * few.distance()));
    }
  }

  /** A covariance of 4 times the other's in all of 20 directions: the distance is 20. */
  @Test
  void frechetDistanceOfInfinitelyManyRowsIsNearTheTruth() {
    RandomGenerator random = new SplittableRandom(1);
    FrechetDistance distance =
        FrechetDistance.of(
            vectors(normal(random, 1000, 20, 1)), vectors(normal(random, 1000, 20, 2)));
    assertThat(distance.infinite()).isCloseTo(20, within(3 * known(distance.distance().error())));
    FrechetDistance equal =
        FrechetDistance.of(
            vectors(normal(random, 1000, 20, 1)), vectors(normal(random, 1000, 20, 1)));
    assertThat(equal.distance().value()).isGreaterThan(0.1);
    assertThat(equal.infinite()).isCloseTo(0, within(0.02));
  }

  /** Standard errors against the spread of the figures of 200 pairs of sets. */
  @Test
  void errorsAreTheSpreadOfRepeatedSets() {
    RandomGenerator random = new SplittableRandom(1);
    double[][] values = new double[2][200];
    double[] errors = new double[2];
    for (int r = 0; r < 200; r++) {
      Samples x = vectors(normal(random, 150, 4, 1));
      Samples y = vectors(normal(random, 100, 4, 1.5));
      Estimate kernel =
          KernelDistance.of(
                  x,
                  y,
                  KernelDistance.Options.defaults().withDeals(39),
                  ComputeDevice.CPU,
                  Progress.SILENT)
              .distance();
      values[0][r] = kernel.value();
      errors[0] += known(kernel.error()) / 200;
      try (CovarianceSpace space = ColumnSpace.of(x, y, 0, ComputeDevice.CPU)) {
        values[1][r] = space.distance();
        errors[1] += space.error() / 200;
      }
    }
    for (int f = 0; f < 2; f++) {
      double mean = Arrays.stream(values[f]).average().orElseThrow();
      double spread =
          Math.sqrt(Arrays.stream(values[f]).map(v -> (v - mean) * (v - mean)).sum() / 199);
      assertThat(errors[f] / spread).as("figure %d", f).isBetween(0.75, 1.3);
    }
  }

  @Test
  void kernelsFindWhatTheyCanSee() {
    RandomGenerator random = new SplittableRandom(1);
    Samples x = vectors(normal(random, 300, 4, 1));
    Samples wide = vectors(normal(random, 300, 4, 1.4));
    KernelDistance distance = KernelDistance.of(x, wide);
    assertThat(distance.distance().p()).isEqualTo(1 / 200.0);
    assertThat(distance.distance().value())
        .isGreaterThan(known(distance.distance().ifEqual()).high());
    assertThat(distance.aggregatedP()).isLessThan(0.03);
  }

  @Test
  void sameSeedGivesTheSameFigures() {
    Golden golden = Golden.VECTORS;
    assertThat(FrechetDistance.of(golden.reference, golden.candidate))
        .isEqualTo(FrechetDistance.of(golden.reference, golden.candidate));
    assertThat(KernelDistance.of(golden.reference, golden.candidate))
        .isEqualTo(KernelDistance.of(golden.reference, golden.candidate));
    assertThat(NeighbourBalls.of(golden.reference, golden.candidate))
        .isEqualTo(NeighbourBalls.of(golden.reference, golden.candidate));
  }

  @Test
  void onePassGivesTheSameFigures() {
    Golden golden = Golden.BYTES;
    PairwiseFigures figures =
        PairwiseFigures.of(
            golden.reference,
            golden.candidate,
            KernelDistance.Options.defaults(),
            NeighbourBalls.Options.defaults(),
            ClassifierTest.Options.defaults(),
            ComputeDevice.CPU,
            Progress.SILENT);
    assertThat(figures.kernel()).isEqualTo(KernelDistance.of(golden.reference, golden.candidate));
    assertThat(figures.balls()).isEqualTo(NeighbourBalls.of(golden.reference, golden.candidate));
    assertThat(figures.classifier())
        .isEqualTo(ClassifierTest.of(golden.reference, golden.candidate));
  }

  @Test
  void rowsThatAreAllEqualHaveDefinedFigures() {
    double[][] rows = new double[40][30];
    for (double[] row : rows) {
      Arrays.fill(row, 0.3);
    }
    for (Samples same : new Samples[] {vectors(rows), bytes(rows)}) {
      KernelDistance kernel = KernelDistance.of(same, same);
      assertThat(kernel.distance().value()).isCloseTo(0, within(1e-12));
      assertThat(kernel.distance().p()).isEqualTo(1);
      assertThat(kernel.aggregatedP()).isEqualTo(1);
      for (Samples other : new Samples[] {same, same.select(new int[200])}) {
        Estimate frechet = FrechetDistance.of(same, other).distance();
        assertThat(frechet.value()).isEqualTo(0);
        assertThat(frechet.p()).isEqualTo(1);
      }
      assertThat(balls(NeighbourBalls.of(same, same))).containsExactly(1, 1, 8, 1);
    }
  }

  @Test
  void equalSetsHaveNoDistance() {
    Samples rows = vectors(normal(new SplittableRandom(1), 90, 7, 1));
    Estimate frechet = FrechetDistance.of(rows, rows).distance();
    assertThat(frechet.value()).isCloseTo(0, within(1e-11));
    // A copy of a row ties with it, so a ball holds its row's copy and those of 5 neighbours.
    assertThat(balls(NeighbourBalls.of(rows, rows)))
        .containsExactly(new double[] {1, 1, 6 / 5.0, 1}, within(1e-12));
  }

  @Test
  void setsThatCannotBeComparedAreRefusedInALine() {
    Samples rows = Golden.VECTORS.reference;
    Samples wider = Golden.FEW_VECTORS.reference;
    Samples one = rows.select(new int[1]);
    Samples five = rows.select(new int[] {1, 2, 3, 4, 5});
    double[][] missing = {{1, 2}, {Double.NaN, 1}, {3, 4}};
    Samples holed = vectors(missing);
    Samples whole = vectors(new double[][] {{1, 2}, {2, 1}, {3, 4}});
    for (BiFunction<Samples, Samples, Object> figure : figures()) {
      assertThatThrownBy(() -> figure.apply(rows, wider))
          .isInstanceOf(InputException.class)
          .hasMessage(
              "rows has rows of 7 values, rows of 50; sets are compared by rows of the same number"
                  + " of values");
      assertThatThrownBy(() -> figure.apply(rows, one)).isInstanceOf(InputException.class);
      assertThatThrownBy(() -> figure.apply(one, rows)).isInstanceOf(InputException.class);
      assertThatThrownBy(() -> figure.apply(whole, holed))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("row 1 (counted from 0)");
    }
    assertThatThrownBy(() -> KernelDistance.of(one, rows))
        .hasMessage("rows: one row is too few to compare; give at least 2");
    assertThatThrownBy(() -> NeighbourBalls.of(rows, five))
        .hasMessage(
            "rows: 5 rows have no neighbour 5 in their own set; give more rows, or set"
                + " `neighbours` lower");
    assertThatThrownBy(() -> NeighbourBalls.Options.defaults().withNeighbours(0))
        .hasMessage("neighbours must be at least 1, got 0");
    assertThatThrownBy(() -> KernelDistance.Options.defaults().withDeals(38))
        .hasMessage("deals must be at least 39, got 38");
  }

  private static List<BiFunction<Samples, Samples, Object>> figures() {
    return List.of(
        KernelDistance::of,
        FrechetDistance::of,
        (x, y) ->
            NeighbourBalls.of(
                x,
                y,
                NeighbourBalls.Options.defaults().withNeighbours(1),
                ComputeDevice.CPU,
                Progress.SILENT));
  }

  @Test
  void kernelDistanceIsCalibrated() {
    calibrated(
        60,
        50,
        3,
        (x, y) -> {
          KernelDistance distance = KernelDistance.of(x, y);
          return new Estimate[] {
            distance.distance(), new Estimate(0, 0.0, null, distance.aggregatedP())
          };
        });
  }

  @Test
  void ballsAreCalibrated() {
    calibrated(
        300,
        250,
        8,
        (x, y) -> {
          NeighbourBalls balls = NeighbourBalls.of(x, y);
          return new Estimate[] {
            balls.precision(), balls.recall(), balls.density(), balls.coverage()
          };
        });
  }

  @Test
  @Tag("slow")
  void frechetDistanceIsCalibrated() {
    calibrated(60, 50, 4, (x, y) -> new Estimate[] {FrechetDistance.of(x, y).distance()});
    calibrated(12, 15, 20, (x, y) -> new Estimate[] {FrechetDistance.of(x, y).distance()});
  }

  /** Of 200 pairs of equal sets p is uniform, and the bands hold 95% of the figures. */
  static void calibrated(int n, int m, int dims, BiFunction<Samples, Samples, Estimate[]> figures) {
    RandomGenerator random = new SplittableRandom(1);
    Estimate[][] estimates = new Estimate[200][];
    for (int r = 0; r < estimates.length; r++) {
      estimates[r] =
          figures.apply(vectors(normal(random, n, dims, 1)), vectors(normal(random, m, dims, 1)));
    }
    for (int f = 0; f < estimates[0].length; f++) {
      int figure = f;
      double[] p = Arrays.stream(estimates).mapToDouble(e -> known(e[figure].p())).toArray();
      double uniform =
          KolmogorovSmirnovTest.withDefaults()
              .test(p, x -> Math.max(0, Math.min(1, x)))
              .getPValue();
      assertThat(uniform).as("figure %d", f).isGreaterThan(0.01);
      if (estimates[0][f].ifEqual() != null) {
        long held =
            Arrays.stream(estimates)
                .map(e -> e[figure])
                .filter(e -> holds(known(e.ifEqual()), e.value()))
                .count();
        assertThat(held / 200.0).as("figure %d", f).isBetween(0.92, 0.98);
      }
    }
  }

  private static boolean holds(Interval interval, double value) {
    return interval.low() <= value && value <= interval.high();
  }

  static <T> T known(@Nullable T figure) {
    return Objects.requireNonNull(figure);
  }

  static double[][] normal(RandomGenerator random, int n, int dims, double deviation) {
    double[][] rows = new double[n][dims];
    for (double[] row : rows) {
      Arrays.setAll(row, j -> deviation * random.nextGaussian());
    }
    return rows;
  }
}
