package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.mixel.mfa.training.Closeness.assertClose;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/** The sums are those of the equations, add up over parts, and give the textbook M-step. */
class SufficientStatisticsTest {
  private static final double TOLERANCE = 1e-4;
  private static final int DIMS = 4;
  private static final int ROWS = 50;

  private final float[] values = new float[ROWS * DIMS];
  private final Samples samples;

  SufficientStatisticsTest() {
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * (1 + i % DIMS) * 0.3 + (i / DIMS % 2));
    }
    samples = StoredSamples.ofFloats("rows", DIMS, null, values);
  }

  private static MixtureOfFactorAnalyzers model(int components) {
    float[] means = new float[components * DIMS];
    float[] loadings = new float[components * DIMS];
    float[] noise = new float[components * DIMS];
    for (int i = 0; i < means.length; i++) {
      means[i] = i / DIMS;
      loadings[i] = 0.2f + 0.1f * (i % DIMS);
      noise[i] = 0.1f + 0.05f * (i % DIMS);
    }
    try (NativeScope scope = new NativeScope()) {
      return MixtureOfFactorAnalyzers.of(
          Tensors.of(new float[components], components),
          Tensors.of(means, components, DIMS),
          Tensors.of(loadings, components, 1, DIMS),
          Tensors.of(noise, components, DIMS),
          null,
          Map.of());
    }
  }

  private static SufficientStatistics gather(Samples rows, MixtureOfFactorAnalyzers model) {
    try (RowReader reader = RowReader.of(rows, ComputeDevice.CPU)) {
      return ExactExpectation.of(reader, model, Progress.SILENT.begin("", -1));
    }
  }

  @Test
  void partsAddUpToTheWhole() {
    try (MixtureOfFactorAnalyzers model = model(2);
        MixtureOfFactorAnalyzers other = model(2);
        SufficientStatistics whole = gather(samples, model);
        SufficientStatistics first =
            gather(samples.select(IntStream.range(0, 17).toArray()), model);
        SufficientStatistics second =
            gather(samples.select(IntStream.range(17, ROWS).toArray()), model);
        SufficientStatistics stranger = gather(samples, other)) {
      first.merge(second);
      assertThat(first.rows()).isEqualTo(ROWS);
      assertThat(first.meanLogLikelihood()).isCloseTo(whole.meanLogLikelihood(), within(1e-5));
      assertClose(first.s0(), whole.s0(), TOLERANCE);
      assertClose(first.szz(), whole.szz(), TOLERANCE);
      assertClose(first.sxz(), whole.sxz(), TOLERANCE);
      assertClose(first.sxx(), whole.sxx(), TOLERANCE);
      assertThatThrownBy(() -> first.merge(stranger)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void sumsThatCannotMoveToAnotherModelLeaveNothing() {
    try (MixtureOfFactorAnalyzers model = model(2);
        MixtureOfFactorAnalyzers larger = model(3);
        SufficientStatistics statistics = gather(samples, model)) {
      assertThatThrownBy(() -> statistics.about(larger)).isInstanceOf(RuntimeException.class);
      long before = Pointer.totalCount();
      assertThatThrownBy(() -> statistics.about(larger)).isInstanceOf(RuntimeException.class);
      assertThat(Pointer.totalCount()).as("native objects").isLessThanOrEqualTo(before);
    }
  }

  /** One component, one factor: every sum is a loop over rows. */
  @Test
  void oneStepIsTheTextbooks() {
    try (MixtureOfFactorAnalyzers model = model(1);
        SufficientStatistics statistics = gather(samples, model);
        MixtureOfFactorAnalyzers next =
            new Maximization(NoiseModel.DIAGONAL, 1e-9, 0).maximize(statistics)) {
      double[] mu = Tensors.doubles(model.means());
      double[] a = Tensors.doubles(model.loadings());
      double[] psi = Tensors.doubles(model.noiseVariance());
      double precision = 1;
      for (int j = 0; j < DIMS; j++) {
        precision += a[j] * a[j] / psi[j];
      }
      double sz = 0;
      double szz = 0;
      double[] sx = new double[DIMS];
      double[] sxz = new double[DIMS];
      double[] sxx = new double[DIMS];
      for (int i = 0; i < ROWS; i++) {
        double z = 0;
        for (int j = 0; j < DIMS; j++) {
          z += a[j] / psi[j] * (values[i * DIMS + j] - mu[j]) / precision;
        }
        sz += z;
        szz += z * z + 1 / precision;
        for (int j = 0; j < DIMS; j++) {
          double x = values[i * DIMS + j];
          sx[j] += x;
          sxz[j] += x * z;
          sxx[j] += x * x;
        }
      }
      double determinant = szz * ROWS - sz * sz;
      double[] loadings = Tensors.doubles(next.loadings());
      double[] means = Tensors.doubles(next.means());
      double[] noise = Tensors.doubles(next.noiseVariance());
      for (int j = 0; j < DIMS; j++) {
        double loading = (sxz[j] * ROWS - sx[j] * sz) / determinant;
        double mean = (sx[j] * szz - sxz[j] * sz) / determinant;
        double variance = (sxx[j] - loading * sxz[j] - mean * sx[j]) / ROWS;
        assertThat(loadings[j]).isCloseTo(loading, within(1e-5));
        assertThat(means[j]).isCloseTo(mean, within(1e-5));
        assertThat(noise[j]).isCloseTo(variance, within(1e-5));
      }
    }
  }

  @Test
  void thePriorPullsTheNoiseTowardsThatOfAllComponents() {
    try (MixtureOfFactorAnalyzers model = model(1);
        MixtureOfFactorAnalyzers two = model(2);
        SufficientStatistics statistics = gather(samples, model);
        SufficientStatistics split = gather(samples, two);
        MixtureOfFactorAnalyzers free =
            new Maximization(NoiseModel.DIAGONAL, 1e-9, 0).maximize(statistics);
        MixtureOfFactorAnalyzers apart =
            new Maximization(NoiseModel.DIAGONAL, 1e-9, 0).maximize(split);
        MixtureOfFactorAnalyzers held =
            new Maximization(NoiseModel.DIAGONAL, 1e-9, ROWS).maximize(split);
        MixtureOfFactorAnalyzers isotropic =
            new Maximization(NoiseModel.ISOTROPIC, 1e-9, 0).maximize(statistics)) {
      double[] without = Tensors.doubles(free.noiseVariance());
      double[] own = Tensors.doubles(apart.noiseVariance());
      double[] with = Tensors.doubles(held.noiseVariance());
      double[] mass = Tensors.doubles(split.s0());
      double[] equal = Tensors.doubles(isotropic.noiseVariance());
      double mean = java.util.Arrays.stream(without).average().orElseThrow();
      for (int j = 0; j < DIMS; j++) {
        assertThat(equal[j]).isCloseTo(mean, within(1e-5));
        double pooled = (own[j] * mass[0] + own[DIMS + j] * mass[1]) / ROWS;
        for (int k = 0; k < 2; k++) {
          double expected = (own[k * DIMS + j] * mass[k] + ROWS * pooled) / (mass[k] + ROWS);
          assertThat(with[k * DIMS + j]).isCloseTo(expected, within(1e-5));
        }
      }
    }
  }

  /** Sums over rows are kept in float64 where loadings are long beside the noise. */
  @ParameterizedTest
  @CsvSource({"1, false", "-1, false", "100, true", "-100, true"})
  void theSumsOfAComponentAreAddedAsTheyWereTaken(float stretch, boolean wide) {
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers plain = model(2);
        MixtureOfFactorAnalyzers model =
            plain.with(plain.loadings().mul(new Scalar(stretch)), plain.noiseVariance());
        SufficientStatistics whole = gather(samples, model);
        SufficientStatistics copied = SufficientStatistics.empty(model)) {
      for (Tensor sums : List.of(whole.sxz(), whole.sxx())) {
        assertThat(Tensors.type(sums) == ScalarType.Double).isEqualTo(wide);
      }
      for (int k = 0; k < 2; k++) {
        ComponentSums sums = whole.sums(k);
        assertThat(sums.products() instanceof double[]).isEqualTo(wide);
        copied.add(k, sums);
      }
      copied.count(whole.rows(), whole.logLikelihood());
      assertSame(copied, whole);
      assertThat(copied.logLikelihood()).isEqualTo(whole.logLikelihood()).isNegative();
      copied.add(1, whole.sums(1));
      assertThat(Tensors.doubles(copied.s0())[1]).isEqualTo(2 * Tensors.doubles(whole.s0())[1]);
    }
  }

  private static void assertSame(SufficientStatistics actual, SufficientStatistics expected) {
    assertThat(Tensors.doubles(actual.s0())).isEqualTo(Tensors.doubles(expected.s0()));
    assertThat(Tensors.doubles(actual.szz())).isEqualTo(Tensors.doubles(expected.szz()));
    assertThat(Tensors.doubles(actual.sxz())).isEqualTo(Tensors.doubles(expected.sxz()));
    assertThat(Tensors.doubles(actual.sxx())).isEqualTo(Tensors.doubles(expected.sxx()));
  }

  @Test
  void sumsOfAnotherSizeAreRefused() {
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = model(1);
        MixtureOfFactorAnalyzers part = model.marginal(Tensors.of(new long[] {0, 1}, 2));
        SufficientStatistics statistics = gather(samples, model);
        SufficientStatistics smaller = SufficientStatistics.empty(part)) {
      ComponentSums sums = statistics.sums(0);
      assertThatThrownBy(() -> smaller.add(0, sums))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("sums of another model do not add up");
    }
  }

  @Test
  void areRestoredFromTheirTensors() {
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = model(2);
        SufficientStatistics whole = gather(samples, model);
        SufficientStatistics restored =
            SufficientStatistics.restore(model, new SafeTensors(whole.tensors(), Map.of()))) {
      assertThat(whole.tensors()).containsOnlyKeys("s0", "szz", "sxz", "sxx");
      assertSame(restored, whole);
    }
  }

  /** About which means sums are taken changes nothing for the M-step. */
  @Test
  void theSameModelFollowsFromSumsAboutOtherMeans() {
    Maximization maximization = new Maximization(NoiseModel.DIAGONAL, 1e-9, 0);
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = model(2);
        MixtureOfFactorAnalyzers elsewhere = moved(model);
        SufficientStatistics statistics = gather(samples, model);
        SufficientStatistics about = statistics.about(elsewhere);
        MixtureOfFactorAnalyzers expected = maximization.maximize(statistics);
        MixtureOfFactorAnalyzers actual = maximization.maximize(about)) {
      assertThat(about.model()).isSameAs(elsewhere);
      assertThat(about.rows()).isEqualTo(ROWS);
      assertThat(about.meanLogLikelihood()).isEqualTo(statistics.meanLogLikelihood());
      assertClose(actual.means(), expected.means(), TOLERANCE);
      assertClose(actual.loadings(), expected.loadings(), TOLERANCE);
      assertClose(actual.noiseVariance(), expected.noiseVariance(), TOLERANCE);
      assertClose(actual.logWeights(), expected.logWeights(), TOLERANCE);
    }
  }

  private static MixtureOfFactorAnalyzers moved(MixtureOfFactorAnalyzers model) {
    return MixtureOfFactorAnalyzers.of(
        model.logWeights().clone(),
        model.means().add(new Scalar(0.3)),
        model.loadings().clone(),
        model.noiseVariance().clone(),
        null,
        Map.of());
  }
}
