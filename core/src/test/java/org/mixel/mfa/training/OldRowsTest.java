package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.mixel.mfa.training.Closeness.assertClose;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/** A model stands for the rows that it was trained on as those rows themselves would. */
class OldRowsTest {
  private static final double TOLERANCE = 1e-6;
  private static final int DIMS = 7;
  private static final int FACTORS = 2;

  private static MixtureOfFactorAnalyzers model(int components, long seed) {
    Random random = new Random(seed);
    try (NativeScope scope = new NativeScope()) {
      return MixtureOfFactorAnalyzers.of(
          Tensors.of(random.doubles(components, -1, 0).toArray(), components),
          Tensors.of(random.doubles(components * DIMS).toArray(), components, DIMS),
          Tensors.of(
              random.doubles(components * FACTORS * DIMS, -0.5, 0.5).toArray(),
              components,
              FACTORS,
              DIMS),
          Tensors.of(random.doubles(components * DIMS, 0.02, 0.2).toArray(), components, DIMS),
          null,
          Map.of());
    }
  }

  /** {@code 2 d} rows with the mean and the covariance of a model of one component. */
  private static Samples rowsOf(MixtureOfFactorAnalyzers model) {
    try (NativeScope scope = new NativeScope()) {
      Tensor a = model.loadings().select(0, 0);
      Tensor covariance = a.t().mm(a).add_(torch.diag(model.noiseVariance().select(0, 0)));
      Tensor steps = torch.linalg_cholesky(covariance).t().mul(new Scalar(Math.sqrt(DIMS)));
      double[] mean = Tensors.doubles(model.means());
      double[] step = Tensors.doubles(steps.contiguous());
      double[] rows = new double[2 * DIMS * DIMS];
      for (int i = 0; i < step.length; i++) {
        rows[i] = mean[i % DIMS] + step[i];
        rows[step.length + i] = mean[i % DIMS] - step[i];
      }
      return StoredSamples.ofDoubles("rows", DIMS, rows);
    }
  }

  @Test
  void haveTheSumsOfRowsWithTheirMoments() {
    try (MixtureOfFactorAnalyzers old = model(1, 1);
        MixtureOfFactorAnalyzers present = model(1, 2);
        RowReader rows = RowReader.of(rowsOf(old), ComputeDevice.CPU);
        SufficientStatistics expected =
            ExactExpectation.of(rows, present, Progress.SILENT.begin("", -1));
        SufficientStatistics actual = SufficientStatistics.empty(present)) {
      double density = new OldRows(old, 2 * DIMS).addTo(actual);
      assertClose(actual.s0(), expected.s0(), TOLERANCE);
      assertClose(actual.szz(), expected.szz(), TOLERANCE);
      assertClose(actual.sxz(), expected.sxz(), TOLERANCE);
      assertClose(actual.sxx(), expected.sxx(), TOLERANCE);
      assertThat(density).isCloseTo(2 * DIMS * expected.meanLogLikelihood(), within(1e-5));
    }
  }

  @Test
  void aloneAreLearnedAsTheSameModel() {
    try (MixtureOfFactorAnalyzers old = model(3, 3);
        SufficientStatistics statistics = SufficientStatistics.empty(old)) {
      new OldRows(old, 500).addTo(statistics);
      try (MixtureOfFactorAnalyzers again =
          new Maximization(NoiseModel.DIAGONAL, 1e-6, 0).maximize(statistics)) {
        assertClose(again.logWeights(), old.logWeights(), TOLERANCE);
        assertClose(again.means(), old.means(), TOLERANCE);
        assertClose(again.loadings(), old.loadings(), TOLERANCE);
        assertClose(again.noiseVariance(), old.noiseVariance(), TOLERANCE);
      }
    }
  }

  /** A pass over new rows counts the old ones, keeps what it remembers, and frees all it took. */
  @Test
  void areCountedByEachPass() {
    Samples rows = drawn(100, 0, 9);
    assertCounted(rows);
    long before = Pointer.totalCount();
    assertCounted(rows);
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  private static void assertCounted(Samples rows) {
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers present = model(2, 2);
        Pass pass =
            new OldRows(model(2, 1), 300)
                .with(
                    new Algorithm.TruncatedEm(2, 2)
                        .begin(
                            new Pass.Setting(
                                rows,
                                ComputeDevice.CPU,
                                false,
                                TrainingOptions.forVectors(2, FACTORS),
                                present,
                                new SafeTensors(Map.of(), Map.of()))));
        SufficientStatistics statistics = pass.expect(present, Progress.SILENT.begin("", -1))) {
      assertThat(statistics.rows()).isEqualTo(400);
      assertThat(statistics.s0().sum().item().toDouble()).isCloseTo(400, within(1e-6));
      assertThat(pass.state()).containsOnlyKeys("candidates", "neighbours", "steps");
    }
  }

  private static Samples drawn(int rows, double at, long seed) {
    Random random = new Random(seed);
    double[] values = new double[rows * DIMS];
    for (int i = 0; i < rows; i++) {
      double z = random.nextGaussian();
      for (int j = 0; j < DIMS; j++) {
        values[i * DIMS + j] = at + j + z * (1 + j) / 4 + 0.3 * random.nextGaussian();
      }
    }
    return StoredSamples.ofDoubles("drawn", DIMS, values);
  }

  private static Trainer trainer(int components) {
    return Trainer.of(
        TrainingOptions.forVectors(components, 1).withTolerance(1e-12).withIterations(3000));
  }

  private static double meanOf(Samples samples, int column) {
    return IntStream.range(0, samples.rows())
        .mapToDouble(row -> samples.row(row)[column])
        .average()
        .orElseThrow();
  }

  @Test
  void moveTheMeanByTheirNumber() {
    Samples first = drawn(300, 0, 4);
    Samples second = drawn(100, 1, 5);
    try (TrainingResult old = trainer(1).fit(first)) {
      double rows = Trainer.learnedRows(old.model(), Path.of("m.mfa"));
      assertThat(rows).isEqualTo(300);
      try (TrainingResult all = trainer(1).updating(old.model(), rows).fit(second);
          TrainingResult half = trainer(1).updating(old.model(), rows / 2).fit(second);
          TrainingResult none = trainer(1).updating(old.model(), 0).fit(second);
          TrainingResult start = trainer(1).startingFrom(old.model()).fit(second)) {
        for (int j = 0; j < DIMS; j++) {
          double a = meanOf(first, j);
          double b = meanOf(second, j);
          assertThat(Tensors.doubles(all.model().means())[j])
              .isCloseTo((3 * a + b) / 4, within(1e-4));
          assertThat(Tensors.doubles(half.model().means())[j])
              .isCloseTo((1.5 * a + b) / 2.5, within(1e-4));
        }
        assertThat(Tensors.doubles(none.model().noiseVariance()))
            .isEqualTo(Tensors.doubles(start.model().noiseVariance()));
        assertThat(Trainer.learnedRows(all.model(), Path.of("m.mfa"))).isEqualTo(400);
        assertThat(Trainer.learnedRows(half.model(), Path.of("m.mfa"))).isEqualTo(250);
        assertClimbs(all);
      }
    }
  }

  private static void assertClimbs(TrainingResult result) {
    double[] train = result.trainLogLikelihood().stream().mapToDouble(each -> each).toArray();
    for (int i = 1; i < train.length; i++) {
      assertThat(train[i]).isGreaterThan(train[i - 1] - 1e-9);
    }
  }

  /** Half of the rows and then the other half is nearly as good as all rows at once. */
  @Test
  void keepWhatTheNewRowsDoNotShow() {
    Samples left = drawn(400, -6, 6);
    Samples right = drawn(400, 6, 7);
    double[] both = Arrays.copyOf(Doubled.of(left), 800 * DIMS);
    System.arraycopy(Doubled.of(right), 0, both, 400 * DIMS, 400 * DIMS);
    Samples whole = StoredSamples.ofDoubles("both", DIMS, both);
    try (TrainingResult old = trainer(2).fit(whole);
        TrainingResult updated = trainer(2).updating(old.model(), 800).fit(drawn(800, 6, 8));
        TrainingResult anew = trainer(2).startingFrom(old.model()).fit(drawn(800, 6, 8))) {
      double[] weights = updated.model().weights();
      Arrays.sort(weights);
      assertThat(weights[0]).isCloseTo(0.25, within(0.01));
      double kept = mean(updated.model().logLikelihood(left));
      assertThat(kept).isGreaterThan(mean(old.model().logLikelihood(left)) - 1);
      assertThat(mean(anew.model().logLikelihood(left))).isLessThan(kept - 10);
    }
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** The values of samples in one array. */
  private static final class Doubled {
    static double[] of(Samples samples) {
      double[] values = new double[samples.rows() * DIMS];
      for (int i = 0; i < samples.rows(); i++) {
        for (int j = 0; j < DIMS; j++) {
          values[i * DIMS + j] = samples.row(i)[j];
        }
      }
      return values;
    }
  }

  @Test
  void areRefusedWhereTheyCannotBe() {
    TrainingOptions sgd =
        TrainingOptions.forVectors(1, 1).withAlgorithm(Algorithm.StochasticGradient.defaults());
    try (MixtureOfFactorAnalyzers foreign = model(1, 9)) {
      assertThatThrownBy(() -> Trainer.of(sgd).updating(foreign, 10).fit(drawn(50, 0, 1)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("cannot update a model; use em or truncated-em");
      assertThatThrownBy(() -> Trainer.learnedRows(foreign, Path.of("m.mfa")))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("does not say how many rows");
      assertThatThrownBy(() -> trainer(1).updating(foreign, -1)).isInstanceOf(InputException.class);
    }
  }
}
