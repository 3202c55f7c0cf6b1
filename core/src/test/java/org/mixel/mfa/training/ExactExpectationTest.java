package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * The way of an accelerator, components together, gives what one component after the other gives,
 * and begins as many operations for many components as for few.
 */
class ExactExpectationTest {
  private static MixtureOfFactorAnalyzers model(
      int components, int factors, int side, double noise, double spread) {
    int dims = side * side;
    Random random = new Random(1);
    float[] means = new float[components * dims];
    float[] loadings = new float[components * factors * dims];
    float[] variances = new float[components * dims];
    float[] weights = new float[components];
    for (int i = 0; i < means.length; i++) {
      means[i] = (float) (0.5 + spread * random.nextGaussian());
      variances[i] = (float) (noise * (1 + random.nextDouble()));
    }
    for (int i = 0; i < loadings.length; i++) {
      loadings[i] = (float) (0.05 * random.nextGaussian());
    }
    try (NativeScope scope = new NativeScope()) {
      return MixtureOfFactorAnalyzers.of(
          Tensors.of(weights, components),
          Tensors.of(means, components, dims),
          Tensors.of(loadings, components, factors, dims),
          Tensors.of(variances, components, dims),
          new ImageShape(1, side, side),
          Map.of());
    }
  }

  /** Images of the model's components by turns. */
  private static Samples images(MixtureOfFactorAnalyzers model, int rows) {
    int dims = model.dims();
    int factors = model.factors();
    float[] means = Tensors.floats(model.means());
    float[] loadings = Tensors.floats(model.loadings());
    float[] noise = Tensors.floats(model.noiseVariance());
    Random random = new Random(2);
    byte[] pixels = new byte[rows * dims];
    for (int i = 0; i < rows; i++) {
      int k = i % model.components();
      double[] z = IntStream.range(0, factors).mapToDouble(f -> random.nextGaussian()).toArray();
      for (int j = 0; j < dims; j++) {
        double x = means[k * dims + j] + Math.sqrt(noise[k * dims + j]) * random.nextGaussian();
        for (int f = 0; f < factors; f++) {
          x += z[f] * loadings[(k * factors + f) * dims + j];
        }
        pixels[i * dims + j] = (byte) Math.round(255 * Math.min(1, Math.max(0, x)));
      }
    }
    return StoredSamples.ofBytes("images", model.shape().orElseThrow(), pixels);
  }

  private static SufficientStatistics expect(
      Samples samples, MixtureOfFactorAnalyzers model, boolean together) {
    try (RowReader rows = RowReader.of(samples, ComputeDevice.CPU)) {
      return ExactExpectation.of(rows, model, together, Progress.SILENT.begin("", -1));
    }
  }

  /**
   * What processors and numbers of threads may round differently between two mean log-likelihoods:
   * 1e-4 nats, or where they are large, the last place of a float32 in each of the two, for that of
   * a row is one.
   */
  private static Offset<Double> rounding(SufficientStatistics statistics) {
    return within(Math.max(1e-4, 2 * Math.ulp((float) statistics.meanLogLikelihood())));
  }

  /** Asserts that no value differs by more than a part of the largest. */
  private static void assertClose(Tensor actual, Tensor expected, double part) {
    double[] a = Tensors.doubles(actual);
    double[] e = Tensors.doubles(expected);
    double largest = Arrays.stream(e).map(Math::abs).max().orElseThrow();
    double worst =
        IntStream.range(0, e.length).mapToDouble(i -> Math.abs(a[i] - e[i])).max().orElseThrow();
    assertThat(worst).isLessThanOrEqualTo(part * largest);
  }

  /**
   * In float32, with means so near to each other that most rows belong to several components.
   *
   * @param part of the largest noise variance by which noise may differ, for what is left of a row
   *     is a difference of sums; from a noise of 1e-5 on, these are in float64
   */
  @ParameterizedTest
  @CsvSource({
    "1e-2, false, 1e-5", "1e-4, false, 2e-4", "1e-5, false, 1e-6",
    "1e-2, true, 1e-5", "1e-4, true, 2e-4", "1e-5, true, 1e-6"
  })
  void componentsTogetherGiveWhatOneByOneGive(double noise, boolean weighted, double part) {
    int rows = 5000;
    try (MixtureOfFactorAnalyzers model = model(20, 3, 28, noise, 2.5 * Math.sqrt(noise) / 28)) {
      Samples plain = images(model, rows);
      Samples samples =
          weighted
              ? plain.weightedBy(IntStream.range(0, rows).mapToDouble(i -> i % 3).toArray())
              : plain;
      Maximization maximization = new Maximization(NoiseModel.DIAGONAL, 1e-9, 0);
      try (SufficientStatistics one = expect(samples, model, false);
          SufficientStatistics all = expect(samples, model, true);
          MixtureOfFactorAnalyzers expected = maximization.maximize(one);
          MixtureOfFactorAnalyzers actual = maximization.maximize(all)) {
        assertThat(all.rows()).isEqualTo(one.rows());
        assertThat(all.meanLogLikelihood()).isCloseTo(one.meanLogLikelihood(), rounding(one));
        assertClose(all.s0(), one.s0(), 1e-5);
        assertClose(all.szz(), one.szz(), 1e-5);
        assertClose(all.sxz(), one.sxz(), 1e-5);
        assertClose(all.sxx(), one.sxx(), 1e-5);
        assertClose(actual.means(), expected.means(), 1e-6);
        assertClose(actual.loadings(), expected.loadings(), 1e-5);
        assertClose(actual.noiseVariance(), expected.noiseVariance(), part);
      }
    }
  }

  /** So many components that a batch has fewer rows than there are; most pairs are of one row. */
  @Test
  void severalBatchesGiveWhatOneByOneGive() {
    try (MixtureOfFactorAnalyzers model = model(2000, 3, 2, 1e-3, 0.2)) {
      int rows = 5000;
      assertThat(SortedPairs.batchRows(model)).isLessThan(rows);
      Samples samples = images(model, rows);
      try (SufficientStatistics one = expect(samples, model, false);
          SufficientStatistics all = expect(samples, model, true)) {
        assertThat(all.meanLogLikelihood()).isCloseTo(one.meanLogLikelihood(), rounding(one));
        assertClose(all.s0(), one.s0(), 1e-5);
        assertClose(all.szz(), one.szz(), 1e-5);
        assertClose(all.sxz(), one.sxz(), 1e-5);
        assertClose(all.sxx(), one.sxx(), 1e-5);
      }
    }
  }

  /** A component's rows are taken 8,192 at a time. */
  @Test
  void componentsOfManyRowsAreTakenInParts() {
    try (MixtureOfFactorAnalyzers model = model(2, 1, 2, 1e-3, 0.2)) {
      Samples samples = images(model, 50_000);
      try (SufficientStatistics one = expect(samples, model, false);
          SufficientStatistics all = expect(samples, model, true)) {
        assertThat(one.s0().min().item().toDouble()).isGreaterThan(2.5 * 8192);
        assertClose(one.s0(), all.s0(), 1e-6);
        assertClose(one.szz(), all.szz(), 1e-5);
        assertClose(one.sxz(), all.sxz(), 1e-4);
        assertClose(one.sxx(), all.sxx(), 1e-4);
      }
    }
  }

  /** Operators of one iteration of EM, with three parts of pairs or more. */
  private static long calls(int components, boolean together) {
    try (MixtureOfFactorAnalyzers model = model(components, 1, 16, 1e-3, 0.2)) {
      Samples samples = images(model, 10_000);
      Maximization maximization = new Maximization(NoiseModel.DIAGONAL, 1e-3, 30);
      return OperatorCalls.during(
          () -> {
            try (SufficientStatistics statistics = expect(samples, model, together)) {
              maximization.step(statistics).model().close();
            }
          });
    }
  }

  /**
   * The components of 16x16 images with one factor are few enough for an M-step in one piece even
   * within the smaller pieces of the CPU.
   */
  @Test
  void componentsTogetherBeginAsManyOperationsForManyAsForFew() {
    long few = calls(8, true);
    assertThat(few).isPositive();
    assertThat(calls(64, true)).isEqualTo(few);
    assertThat(calls(256, true)).isEqualTo(few);
    // The counter counts: components one by one begin 54 operations each.
    assertThat(calls(64, false)).isGreaterThan(calls(8, false) + 56 * 20);
  }
}
