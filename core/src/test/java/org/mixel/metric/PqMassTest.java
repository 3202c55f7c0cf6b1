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
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.stat.HomogeneityTest;
import org.mixel.stat.Interval;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.Tensors;

/** PQMass is what plain counts give, and says rightly what equal sets give. */
class PqMassTest {
  private static final PqMass.Options OPTIONS = PqMass.Options.defaults();

  private static PqMass of(Samples reference, Samples candidate, PqMass.Options options) {
    return PqMass.of(reference, candidate, options, ComputeDevice.CPU, Progress.SILENT);
  }

  /** The cells of rows by the centres alone, from a plain search; -1 for a centre. */
  private static int[][] plainCells(double[][] rows, Samples x, Samples y, PqMass.Options options) {
    int[][] cells = new int[options.tessellations()][];
    try (PooledProducts products = PooledProducts.of(x, y, ComputeDevice.CPU);
        Tessellations tessellations = Tessellations.of(products, options)) {
      for (int t = 0; t < cells.length; t++) {
        int[] marks = Tensors.ints(tessellations.cells(t));
        int[] centres =
            IntStream.range(0, rows.length)
                .filter(i -> marks[i] == tessellations.cells())
                .toArray();
        assertThat(centres).hasSize(tessellations.cells());
        cells[t] = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
          for (int k = 1; k < centres.length; k++) {
            if (squared(rows[i], rows[centres[k]]) < squared(rows[i], rows[centres[cells[t][i]]])) {
              cells[t][i] = k;
            }
          }
        }
        for (int centre : centres) {
          cells[t][centre] = -1;
        }
      }
    }
    return cells;
  }

  private static double plainValue(int[][] cells, int referenceRows, int without) {
    double sum = 0;
    double degrees = 0;
    for (int[] own : cells) {
      int[][] counts = new int[2][100];
      for (int i = 0; i < own.length; i++) {
        if (own[i] >= 0 && i != without) {
          counts[i < referenceRows ? 0 : 1][own[i]]++;
        }
      }
      sum += HomogeneityTest.statistic(counts[0], counts[1]);
      degrees += IntStream.range(0, 100).filter(k -> counts[0][k] + counts[1][k] > 0).count() - 1;
    }
    return sum / degrees;
  }

  /** Blocks of rows, groups of centres (20 cells) and single ones (23), bytes and floats. */
  @ParameterizedTest
  @CsvSource({"1300, 1100, 3, 20, false", "150, 87, 9, 23, true", "120, 110, 4, 100, false"})
  void isWhatPlainCountsGive(int n, int m, int dims, int cells, boolean areBytes) {
    RandomGenerator random = new SplittableRandom(1);
    double[][] x = normal(random, n, dims, 0.1);
    double[][] y = normal(random, m, dims, 0.13);
    double[][] all = new double[n + m][];
    for (int i = 0; i < n + m; i++) {
      all[i] = i < n ? x[i] : y[i - n];
      if (areBytes) {
        for (int j = 0; j < dims; j++) {
          double value = Math.max(0, Math.min(1, all[i][j] + 0.5));
          all[i][j] = Math.round(255 * value) / 255.0;
        }
      }
    }
    Samples reference = areBytes ? bytes(x) : vectors(x);
    Samples candidate = areBytes ? bytes(y) : vectors(y);
    PqMass.Options options = OPTIONS.withCells(cells).withTessellations(7);
    PqMass mass = of(reference, candidate, options);
    assertThat(mass.cells()).isEqualTo(Math.min(cells, (n + m) / 10));
    int[][] searched = plainCells(all, reference, candidate, options);
    double value = plainValue(searched, n, -1);
    assertThat(mass.statistic().value()).isCloseTo(value, within(1e-9 * value));
    double[] without =
        IntStream.range(0, n + m).mapToDouble(i -> plainValue(searched, n, i)).toArray();
    double error =
        Math.sqrt(
            KernelSums.jackknife(Arrays.copyOfRange(without, 0, n))
                + KernelSums.jackknife(Arrays.copyOfRange(without, n, n + m)));
    assertThat(known(mass.statistic().error())).isCloseTo(error, within(1e-6 * error));
  }

  /**
   * Two rows at 0 and two at 1, and two cells: where the centres are at one place, all others are
   * in one cell, else a row of each set is left in a cell of its own, and the statistic is 2. Of
   * the six deals two give those sets, and the other four 0: then both rows left are of one set.
   */
  @Test
  void fourRowsGiveTheStatisticOfTwo() {
    PqMass mass = PqMass.of(vectors(new double[][] {{0}, {0}}), vectors(new double[][] {{1}, {1}}));
    assertThat(mass.cells()).isEqualTo(2);
    assertThat(mass.statistic().value()).isCloseTo(2, within(1e-12));
    assertThat(known(mass.statistic().p())).isBetween(0.25, 0.42);
    PqMass equal =
        PqMass.of(vectors(new double[][] {{0}, {1}}), vectors(new double[][] {{0}, {1}}));
    // Half of the centres that are apart leave a row of each set, the other half two of one set.
    assertThat(equal.statistic().value()).isBetween(0.8, 1.2);
    assertThat(known(equal.statistic().p())).isGreaterThan(0.9);
  }

  @Test
  void setsApartAreFoundInBothRoles() {
    RandomGenerator random = new SplittableRandom(1);
    Samples x = vectors(normal(random, 500, 4, 1));
    Samples y = vectors(normal(random, 300, 4, 1.4));
    PqMass mass = PqMass.of(x, y);
    assertThat(mass.statistic().p()).isEqualTo(1 / 200.0);
    assertThat(mass.statistic().value()).isGreaterThan(known(mass.statistic().ifEqual()).high());
    double swapped = PqMass.of(y, x).statistic().value();
    assertThat(swapped).isCloseTo(mass.statistic().value(), within(0.1 * swapped));
    assertThat(PqMass.of(x, y)).isEqualTo(mass);
  }

  @Test
  void setsThatRepeatEachOtherLieBelowTheBand() {
    Samples x = vectors(normal(new SplittableRandom(1), 400, 4, 1));
    Estimate copies = PqMass.of(x, x).statistic();
    assertThat(copies.value()).isLessThan(known(copies.ifEqual()).low()).isLessThan(0.2);
    assertThat(copies.p()).isEqualTo(1);
  }

  @Test
  void rowsThatAreAllEqualFillOneCell() {
    double[][] rows = new double[40][3];
    for (double[] row : rows) {
      Arrays.fill(row, 0.3);
    }
    for (Samples same : new Samples[] {vectors(rows), bytes(rows)}) {
      assertThat(PqMass.of(same, same).statistic())
          .isEqualTo(new Estimate(1, 0.0, new Interval(1, 1), 1.0));
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
            of(
                    vectors(normal(random, 250, 3, 1)),
                    vectors(normal(random, 200, 3, deviation)),
                    OPTIONS.withDeals(39).withTessellations(20).withSeed(r))
                .statistic();
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
    PqMass.Options options = OPTIONS.withTessellations(50);
    calibrated(150, 120, 3, (x, y) -> new Estimate[] {of(x, y, options).statistic()});
    calibrated(8, 9, 3, (x, y) -> new Estimate[] {of(x, y, options).statistic()});
  }

  @Test
  void badInputIsRefusedInALine() {
    Samples rows = vectors(normal(new SplittableRandom(1), 9, 7, 1));
    Samples wider = vectors(normal(new SplittableRandom(1), 9, 8, 1));
    Samples holed = vectors(new double[][] {{1}, {Double.NaN}});
    assertThatThrownBy(() -> PqMass.of(rows, rows.select(new int[1])))
        .isInstanceOf(InputException.class)
        .hasMessage("rows: one row is too few to compare; give at least 2");
    assertThatThrownBy(() -> PqMass.of(rows, wider))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("rows has rows of 7 values, rows of 8");
    assertThatThrownBy(() -> PqMass.of(holed, holed))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("row 1 (counted from 0)");
    assertThatThrownBy(() -> OPTIONS.withCells(1))
        .hasMessage("cells must be from 2 to 10000, got 1");
    assertThatThrownBy(() -> OPTIONS.withTessellations(0))
        .hasMessage("tessellations must be at least 1, got 0");
    assertThatThrownBy(() -> OPTIONS.withDeals(38)).hasMessage("deals must be at least 39, got 38");
  }
}
