package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/** EM learns from rows with missing values what the observed ones say, and no more. */
class MissingExpectationTest {
  private static final int DIMS = 5;
  private static final int ROWS = 40;

  /** Two lines in space with noise; every value is missing with the given probability. */
  private static float[] lines(int rows, double missing, long seed) {
    Random random = new Random(seed);
    Random holes = new Random(seed + 1);
    float[] values = new float[rows * DIMS];
    for (int i = 0; i < rows; i++) {
      int k = random.nextInt(2);
      double z = random.nextGaussian();
      for (int j = 0; j < DIMS; j++) {
        double x = Math.cos(3 * k + j) + 0.5 * z * Math.sin(k * 7 + j + 1);
        values[i * DIMS + j] = (float) (x + 0.1 * random.nextGaussian());
        if (holes.nextDouble() < missing) {
          values[i * DIMS + j] = Float.NaN;
        }
      }
    }
    return values;
  }

  private static Samples samples(float[] values) {
    return StoredSamples.ofFloats("lines", DIMS, null, values);
  }

  private static MixtureOfFactorAnalyzers start() {
    float[] means = new float[2 * DIMS];
    float[] loadings = new float[2 * DIMS];
    float[] noise = new float[2 * DIMS];
    for (int i = 0; i < means.length; i++) {
      means[i] = (float) Math.cos(3 * (i / DIMS) + i % DIMS) * 0.6f;
      loadings[i] = 0.1f + 0.1f * (i % DIMS);
      noise[i] = 0.2f + 0.05f * (i % DIMS);
    }
    try (NativeScope scope = new NativeScope()) {
      return MixtureOfFactorAnalyzers.of(
          Tensors.of(new float[2], 2),
          Tensors.of(means, 2, DIMS),
          Tensors.of(loadings, 2, 1, DIMS),
          Tensors.of(noise, 2, DIMS),
          null,
          Map.of());
    }
  }

  private static SufficientStatistics gather(Samples rows, MixtureOfFactorAnalyzers model) {
    try (RowReader reader = RowReader.of(rows, ComputeDevice.CPU)) {
      return MissingExpectation.of(reader, model, Progress.SILENT.begin("", -1));
    }
  }

  private static void assertClose(Tensor actual, Tensor expected, double tolerance) {
    double[] a = Tensors.doubles(actual);
    double[] e = Tensors.doubles(expected);
    for (int i = 0; i < e.length; i++) {
      assertThat(a[i]).isCloseTo(e[i], within(tolerance * (1 + Math.abs(e[i]))));
    }
  }

  @Test
  void withNothingMissingTheSumsAreThoseOfPlainEm() {
    Samples rows = samples(lines(ROWS, 0, 1));
    try (MixtureOfFactorAnalyzers model = start();
        RowReader reader = RowReader.of(rows, ComputeDevice.CPU);
        SufficientStatistics plain =
            ExactExpectation.of(reader, model, Progress.SILENT.begin("", -1));
        SufficientStatistics missing = gather(rows, model)) {
      assertThat(missing.meanLogLikelihood()).isCloseTo(plain.meanLogLikelihood(), within(1e-5));
      assertClose(missing.s0(), plain.s0(), 1e-5);
      assertClose(missing.szz(), plain.szz(), 1e-5);
      assertClose(missing.sxz(), plain.sxz(), 1e-5);
      assertClose(missing.sxx(), plain.sxx(), 1e-5);
    }
  }

  /**
   * With one factor a row's posterior given component and observed values is scalar, so that every
   * expectation is a loop: z is N(m, v), a missing value a z + eps about the mean.
   */
  @Test
  void oneExpectationIsTheTextbooks() {
    float[] values = lines(ROWS, 0.4, 2);
    try (MixtureOfFactorAnalyzers single = start();
        MixtureOfFactorAnalyzers model = single.to(ScalarType.Double);
        SufficientStatistics statistics = gather(samples(values), model)) {
      double[] mu = Tensors.doubles(model.means());
      double[] a = Tensors.doubles(model.loadings());
      double[] psi = Tensors.doubles(model.noiseVariance());
      double[] weights = Tensors.doubles(model.logWeights());
      double[] s0 = new double[2];
      double[] szz = new double[8];
      double[] sxz = new double[2 * 2 * DIMS];
      double[] sxx = new double[2 * DIMS];
      double likelihood = 0;
      for (int i = 0; i < ROWS; i++) {
        double[] joint = new double[2];
        double[] mean = new double[2];
        double[] variance = new double[2];
        for (int k = 0; k < 2; k++) {
          double precision = 1;
          double pull = 0;
          double log = 0;
          double squares = 0;
          for (int j = 0; j < DIMS; j++) {
            double y = values[i * DIMS + j] - mu[k * DIMS + j];
            double p = psi[k * DIMS + j];
            if (!Double.isNaN(y)) {
              precision += a[k * DIMS + j] * a[k * DIMS + j] / p;
              pull += a[k * DIMS + j] * y / p;
              log += Math.log(2 * Math.PI * p);
              squares += y * y / p;
            }
          }
          mean[k] = pull / precision;
          variance[k] = 1 / precision;
          joint[k] =
              weights[k] - 0.5 * (log + Math.log(precision) + squares - pull * pull / precision);
        }
        double total = Math.log(Math.exp(joint[0]) + Math.exp(joint[1]));
        likelihood += total / ROWS;
        for (int k = 0; k < 2; k++) {
          double r = Math.exp(joint[k] - total);
          double second = mean[k] * mean[k] + variance[k];
          s0[k] += r;
          szz[4 * k] += r * second;
          szz[4 * k + 1] += r * mean[k];
          szz[4 * k + 2] += r * mean[k];
          szz[4 * k + 3] += r;
          for (int j = 0; j < DIMS; j++) {
            int at = k * DIMS + j;
            double y = values[i * DIMS + j] - mu[at];
            boolean missing = Double.isNaN(y);
            sxz[2 * k * DIMS + j] += r * (missing ? a[at] * second : y * mean[k]);
            sxz[(2 * k + 1) * DIMS + j] += r * (missing ? a[at] * mean[k] : y);
            sxx[at] += r * (missing ? a[at] * a[at] * second + psi[at] : y * y);
          }
        }
      }
      assertThat(statistics.meanLogLikelihood()).isCloseTo(likelihood, within(1e-9));
      try (NativeScope scope = new NativeScope()) {
        // Responsibilities below 1e-6 are dropped.
        assertClose(statistics.s0(), Tensors.of(s0, 2), 1e-5);
        assertClose(statistics.szz(), Tensors.of(szz, 2, 2, 2), 1e-5);
        assertClose(statistics.sxz(), Tensors.of(sxz, 2, 2, DIMS), 1e-5);
        assertClose(statistics.sxx(), Tensors.of(sxx, 2, DIMS), 1e-5);
      }
    }
  }

  private static TrainingOptions options() {
    return TrainingOptions.defaults(2, 1)
        .withNoiseLimits(1e-6, 0)
        .withTolerance(0)
        .withIterations(25);
  }

  private static TrainingResult fit(Samples samples, TrainingOptions options) {
    return Trainer.of(options, ComputeDevice.CPU).fit(samples, Progress.SILENT);
  }

  @Test
  void itClimbsAndBeatsMeansInThePlaceOfMissingValues() {
    Samples holes = samples(lines(1500, 0.4, 3));
    Samples complete = samples(lines(1500, 0, 5));
    double[] means = new double[DIMS];
    for (int j = 0; j < DIMS; j++) {
      int value = j;
      means[j] =
          java.util.stream.IntStream.range(0, holes.rows())
              .mapToDouble(i -> holes.row(i)[value])
              .filter(v -> !Double.isNaN(v))
              .average()
              .orElseThrow();
    }
    TrainingResult learned = fit(holes, options());
    TrainingResult imputed = fit(holes.filled(means), options());
    TrainingResult whole = fit(samples(lines(1500, 0, 3)), options());
    List<Double> climb = learned.trainLogLikelihood();
    for (int i = 1; i < climb.size(); i++) {
      assertThat(climb.get(i)).isGreaterThan(climb.get(i - 1) - 1e-4);
    }
    try (MixtureOfFactorAnalyzers a = learned.model();
        MixtureOfFactorAnalyzers b = imputed.model();
        MixtureOfFactorAnalyzers c = whole.model()) {
      double held = Scoring.meanLogLikelihood(a, complete, Progress.SILENT);
      double best = Scoring.meanLogLikelihood(c, complete, Progress.SILENT);
      assertThat(held).isGreaterThan(best - 0.1);
      assertThat(Scoring.meanLogLikelihood(b, complete, Progress.SILENT)).isLessThan(held - 1);
    }
  }

  @Test
  void whatCannotBeLearnedIsRefusedWithTheRule() {
    float[] holes = lines(200, 0.2, 7);
    assertThatThrownBy(
            () -> fit(samples(holes), options().withAlgorithm(Algorithm.TruncatedEm.defaults())))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("missing (NaN)")
        .hasMessageEndingWith("use `trainer` em");
    float[] column = holes.clone();
    for (int i = 3; i < column.length; i += DIMS) {
      column[i] = Float.NaN;
    }
    assertThatThrownBy(() -> fit(samples(column), options()))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "lines: value 3 (counted from 0) is missing in every row; leave it out, or hide less");
    float[] infinite = holes.clone();
    infinite[7] = Float.POSITIVE_INFINITY;
    assertThatThrownBy(() -> fit(samples(infinite), options()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("value 2 (counted from 0) is infinite");
    float[] emptyRow = holes.clone();
    Arrays.fill(emptyRow, 0, DIMS, Float.NaN);
    fit(samples(emptyRow), options().withIterations(2)).model().close();
  }
}
