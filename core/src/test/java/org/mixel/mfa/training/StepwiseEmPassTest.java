package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mixel.mfa.training.Closeness.assertClose;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/** Batches of even size change the model by statistics that forget the old ones. */
class StepwiseEmPassTest {
  private static final double TOLERANCE = 1e-9;
  private static final int DIMS = 3;
  private static final Maximization MAXIMIZATION = new Maximization(NoiseModel.DIAGONAL, 1e-6, 0);

  private MixtureOfFactorAnalyzers model;

  @BeforeEach
  void makeModel() {
    model = Trainer.of(options()).firstModel(rows(200, 1), Progress.SILENT);
  }

  @AfterEach
  void closeModel() {
    model.close();
  }

  private static TrainingOptions options() {
    return TrainingOptions.defaults(2, 1).withNoiseLimits(1e-6, 0);
  }

  /** In float64. */
  private static Samples rows(int count, long seed) {
    Random random = new Random(seed);
    double[] values = new double[count * DIMS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i / DIMS) % 2 + (1 + i % DIMS) * 0.1 * random.nextGaussian();
    }
    return StoredSamples.ofDoubles("rows", DIMS, values);
  }

  private StepwiseEmPass pass(Samples samples, int batch, double decay) {
    return StepwiseEmPass.of(
        samples,
        ComputeDevice.CPU,
        model,
        new Algorithm.StepwiseEm(batch, decay),
        options(),
        new SafeTensors(Map.of(), Map.of()));
  }

  /** A weight of {@code 2^-0.7} for all rows, the rest for what the model expects of them. */
  @Test
  void oneBatchOfAllRowsIsTheirStatisticsAndThoseOfTheModel() {
    Samples samples = rows(100, 2);
    double eta = Math.pow(2, -0.7);
    Progress.Stage stage = Progress.SILENT.begin("", -1);
    try (StepwiseEmPass pass = pass(samples, 100, 0.7);
        SufficientStatistics sums =
            SufficientStatistics.gather(model, each -> new OldRows(model, 100).addTo(each));
        SufficientStatistics ofRows = pass.expect(model, stage)) {
      sums.scale(1 - eta);
      ofRows.scale(eta);
      sums.merge(ofRows);
      Pass.Outcome outcome = pass.improve(model, MAXIMIZATION, stage);
      try (MixtureOfFactorAnalyzers actual = outcome.model();
          MixtureOfFactorAnalyzers expected = MAXIMIZATION.maximize(sums)) {
        assertThat(outcome.logLikelihood())
            .isCloseTo(Scoring.meanLogLikelihood(model, samples, Progress.SILENT), within(1e-9));
        assertThat(outcome.priorGain()).isZero();
        assertClose(actual.means(), expected.means(), TOLERANCE);
        assertClose(actual.loadings(), expected.loadings(), TOLERANCE);
        assertClose(actual.noiseVariance(), expected.noiseVariance(), TOLERANCE);
        assertClose(actual.logWeights(), expected.logWeights(), TOLERANCE);
      }
    }
  }

  private static final class Batches implements Progress.Stage {
    private final List<Long> sizes = new ArrayList<>();

    @Override
    public void advance(long by) {
      sizes.add(by);
    }

    @Override
    public void note(String text) {}

    @Override
    public void close() {}
  }

  private List<Long> batches(int rows, int batch) {
    Batches batches = new Batches();
    try (StepwiseEmPass pass = pass(rows(rows, 3), batch, 0.6);
        NativeScope scope = new NativeScope()) {
      try (MixtureOfFactorAnalyzers next = pass.improve(model, MAXIMIZATION, batches).model()) {
        assertThat(counts(pass)).containsExactly(batches.sizes.size(), 1);
        pass.improve(next, MAXIMIZATION, Progress.SILENT.begin("", -1)).model().close();
        assertThat(counts(pass)).containsExactly(2L * batches.sizes.size(), 2);
      }
    }
    return batches.sizes;
  }

  private static long[] counts(StepwiseEmPass pass) {
    return Tensors.longs(Objects.requireNonNull(pass.state().get("counts")));
  }

  @Test
  void batchesAreOfEvenSize() {
    assertThat(batches(90, 30)).containsExactly(30L, 30L, 30L);
    assertThat(batches(91, 30)).containsExactly(23L, 23L, 23L, 22L);
    assertThat(batches(100, 30)).containsExactly(25L, 25L, 25L, 25L);
    assertThat(batches(20, 30)).containsExactly(20L);
  }

  /** The average over the way, each row under the model that its batch met. */
  @Test
  void likelihoodsAreOfTheModelsOnTheWay() {
    Samples samples = rows(100, 4);
    double before = Scoring.meanLogLikelihood(model, samples, Progress.SILENT);
    try (StepwiseEmPass pass = pass(samples, 10, 0.6)) {
      Pass.Outcome outcome = pass.improve(model, MAXIMIZATION, Progress.SILENT.begin("", -1));
      try (MixtureOfFactorAnalyzers after = outcome.model()) {
        double end = Scoring.meanLogLikelihood(after, samples, Progress.SILENT);
        assertThat(end).isGreaterThan(before);
        assertThat(outcome.logLikelihood()).isBetween(before - 0.5, end);
      }
    }
  }

  @Test
  void allModelsOnTheWayAreFreed() {
    Samples samples = rows(100, 5);
    long before = Pointer.totalCount();
    try (StepwiseEmPass pass = pass(samples, 10, 0.6)) {
      pass.improve(model, MAXIMIZATION, Progress.SILENT.begin("", -1)).model().close();
    }
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }
}
