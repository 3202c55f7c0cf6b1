package org.mixel.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;

/** A network tells sets apart that differ, and has uniform p-values for sets that do not. */
class LearnedClassifierTest {
  /** Standard normal rows, of which the first column is moved. */
  private static Samples rows(int rows, int dims, double moved, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[rows * dims];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() + (i % dims == 0 ? moved : 0));
    }
    return StoredSamples.ofFloats("rows", dims, null, values);
  }

  private static Estimate accuracy(Samples reference, Samples candidate, long seed) {
    return LearnedClassifier.of(reference, candidate, 199, seed, ComputeDevice.CPU, Progress.SILENT)
        .accuracy();
  }

  private static double p(Estimate estimate) {
    return estimate.p() == null ? Double.NaN : estimate.p();
  }

  @Test
  void seesOneColumnOfMany() {
    Estimate found = accuracy(rows(800, 60, 0, 1), rows(600, 60, 1.5, 2), 0);
    assertThat(found.value()).isBetween(0.65, 0.85);
    assertThat(p(found)).isEqualTo(0.005);
    assertThat(accuracy(rows(800, 60, 0, 1), rows(600, 60, 1.5, 2), 0)).isEqualTo(found);
    Estimate apart = accuracy(rows(200, 3, 0, 1), rows(90, 3, 30, 2), 0);
    assertThat(apart.value()).isEqualTo(1);
  }

  /** Columns of vectors have units of their own, and may lie far from the origin. */
  @Test
  void seesAColumnOfSmallUnits() {
    assertThat(accuracy(inUnits(rows(800, 6, 0, 1)), inUnits(rows(600, 6, 1.5, 2)), 0).value())
        .isGreaterThan(0.65);
  }

  /** The first column about a billion; the others ten million times as large. */
  private static Samples inUnits(Samples samples) {
    double[] values = new double[samples.rows() * samples.dims()];
    for (int i = 0; i < values.length; i++) {
      double value = samples.row(i / samples.dims())[i % samples.dims()];
      values[i] = i % samples.dims() == 0 ? 1e9 + value : 1e7 * value;
    }
    return StoredSamples.ofDoubles("units", samples.dims(), values);
  }

  @Test
  void constantRowsAreNotTold() {
    Samples same = StoredSamples.ofFloats("same", 2, null, new float[200]);
    Estimate found = accuracy(same, same, 0);
    assertThat(found.value()).isEqualTo(0.5);
    assertThat(p(found)).isEqualTo(1);
  }

  @Test
  void pIsUniformForEqualSets() {
    double[] p =
        IntStream.range(0, 200)
            .mapToDouble(i -> p(accuracy(rows(160, 3, 0, 2L * i), rows(240, 3, 0, 2L * i + 1), i)))
            .toArray();
    double ks = KolmogorovSmirnovTest.withDefaults().test(p, x -> x).getPValue();
    assertThat(ks).isGreaterThan(0.01);
  }
}
