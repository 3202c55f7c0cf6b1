package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.Checkpoint;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** EM climbs, survives what real data does to it, and goes on after an interruption as if none. */
class TrainerTest {
  private static final int DIMS = 8;

  @TempDir Path folder;

  /** Rows about three lines in space, with different noise per value. */
  private static Samples lines(int rows, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * DIMS];
    for (int i = 0; i < rows; i++) {
      int k = random.nextInt(3);
      double z = random.nextGaussian();
      for (int j = 0; j < DIMS; j++) {
        double direction = Math.sin(k * 7 + j);
        values[i * DIMS + j] =
            (float)
                (Math.cos(k + j) + 0.4 * z * direction + (0.02 + 0.02 * j) * random.nextGaussian());
      }
    }
    return StoredSamples.ofFloats("lines", DIMS, null, values);
  }

  private static TrainingOptions options() {
    return TrainingOptions.defaults(3, 1)
        .withNoiseLimits(1e-6, 0)
        .withTolerance(0)
        .withIterations(12);
  }

  private static TrainingResult fit(Samples samples, TrainingOptions options) {
    return Trainer.of(options, ComputeDevice.CPU).fit(samples, Progress.SILENT);
  }

  @Test
  void likelihoodNeverFalls() {
    TrainingResult result = fit(lines(900, 1), options());
    for (int i = 1; i < result.trainLogLikelihood().size(); i++) {
      assertThat(result.trainLogLikelihood().get(i))
          .isGreaterThan(result.trainLogLikelihood().get(i - 1) - 1e-4);
    }
    try (MixtureOfFactorAnalyzers model = result.model()) {
      double held = Scoring.meanLogLikelihood(model, lines(900, 2), Progress.SILENT);
      assertThat(held).isCloseTo(result.trainLogLikelihood().get(5), within(1.0));
    }
  }

  /** Vectors are trained in units of their own, pixels as they are; figures are of the rows. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void likelihoodsAreThoseOfTheRowsInTheirOwnUnits(boolean pixels) {
    Samples samples = scaled(lines(300, 13), pixels);
    Samples validation = scaled(lines(200, 14), pixels);
    RecordedProgress progress = new RecordedProgress();
    Trainer trainer =
        Trainer.of(options().withRefit(Refit.NONE).withIterations(1), ComputeDevice.CPU)
            .validatedBy(validation);
    try (TrainingResult result = trainer.fit(samples, progress);
        MixtureOfFactorAnalyzers first = trainer.firstModel(samples, Progress.SILENT)) {
      double train = result.trainLogLikelihood().get(0);
      double validated = result.validationLogLikelihood().get(0);
      assertThat(Scoring.meanLogLikelihood(first, samples, Progress.SILENT))
          .isCloseTo(train, within(1e-3));
      assertThat(Scoring.meanLogLikelihood(result.model(), validation, Progress.SILENT))
          .isCloseTo(validated, within(1e-3));
      assertThat(result.keptLogLikelihood()).isEqualTo(validated);
      assertThat(Scoring.meanLogLikelihood(result.model(), samples, Progress.SILENT))
          .isCloseTo(result.exactLogLikelihood(), within(1e-3));
      assertThat(result.iterationSeconds())
          .singleElement(InstanceOfAssertFactories.DOUBLE)
          .isPositive();
      assertThat(progress.heard())
          .contains(
              String.format(
                  Locale.ROOT, "EM notes train %.2f, validation %.2f nats", train, validated));
    }
  }

  /** The rows times 0.1, as vectors or as images of one line. */
  private static Samples scaled(Samples lines, boolean pixels) {
    float[] values = new float[lines.rows() * DIMS];
    for (int i = 0; i < lines.rows(); i++) {
      for (int j = 0; j < DIMS; j++) {
        values[i * DIMS + j] = 0.1f * lines.row(i)[j];
      }
    }
    return StoredSamples.ofFloats(
        "scaled", DIMS, pixels ? new ImageShape(1, 1, DIMS) : null, values);
  }

  @Test
  void sameSeedReplaysWhateverTheThreads() {
    int threads = torch.get_num_threads();
    Samples samples = lines(500, 3);
    TrainingResult first = fit(samples, options().withSeed(5));
    TrainingResult second = fit(samples, options().withSeed(5));
    torch.set_num_threads(1);
    TrainingResult alone = fit(samples, options().withSeed(5));
    torch.set_num_threads(threads);
    assertThat(second.trainLogLikelihood()).isEqualTo(first.trainLogLikelihood());
    assertThat(Tensors.floats(second.model().loadings()))
        .isEqualTo(Tensors.floats(first.model().loadings()));
    int last = first.trainLogLikelihood().size() - 1;
    assertThat(alone.trainLogLikelihood().get(last))
        .isCloseTo(first.trainLogLikelihood().get(last), within(1e-3));
  }

  @Test
  void resumedTrainingGivesTheResultOfAnUninterruptedOne() {
    Samples samples = lines(400, 4);
    Samples validation = lines(200, 5);
    Path checkpoint = folder.resolve("m.mfa.checkpoint");
    TrainingOptions options = options().withIterations(9).withPatience(9);
    TrainingResult whole =
        Trainer.of(options, ComputeDevice.CPU)
            .validatedBy(validation)
            .fit(samples, Progress.SILENT);
    int[] crashes = {4, 2};
    // The first crash ends the fourth iteration, the second the fifth: no other is lost.
    int[] saved = {3, 4};
    for (int i = 0; i < crashes.length; i++) {
      int crashAt = crashes[i];
      assertThatThrownBy(
              () ->
                  Trainer.of(options, ComputeDevice.CPU)
                      .validatedBy(validation)
                      .checkpointedIn(checkpoint, true)
                      .fit(samples, new InterruptedProgress(crashAt)))
          .hasMessage("interrupted");
      try (NativeScope scope = new NativeScope()) {
        String likelihoods = Checkpoint.load(checkpoint).position().getOrDefault("train", "");
        assertThat(likelihoods.split(",")).hasSize(saved[i]);
      }
    }
    Trainer trainer =
        Trainer.of(options, ComputeDevice.CPU)
            .validatedBy(validation)
            .checkpointedIn(checkpoint, true);
    TrainingResult resumed = trainer.fit(samples, Progress.SILENT);
    Checkpoint.delete(checkpoint);
    assertThat(resumed.trainLogLikelihood()).isEqualTo(whole.trainLogLikelihood());
    assertThat(resumed.validationLogLikelihood()).isEqualTo(whole.validationLogLikelihood());
    assertThat(Tensors.floats(resumed.model().means()))
        .isEqualTo(Tensors.floats(whole.model().means()));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void checkpointsOfAnotherTrainingAreRefused() {
    Samples samples = lines(300, 6);
    Path checkpoint = folder.resolve("m.mfa.checkpoint");
    assertThatThrownBy(
            () ->
                Trainer.of(options(), ComputeDevice.CPU)
                    .checkpointedIn(checkpoint, true)
                    .fit(samples, new InterruptedProgress(3)))
        .hasMessage("interrupted");
    assertThatThrownBy(
            () ->
                Trainer.of(options().withSeed(9), ComputeDevice.CPU)
                    .checkpointedIn(checkpoint, true)
                    .fit(samples, Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("seed was 0, now 9");
    assertThatThrownBy(
            () ->
                Trainer.of(options(), ComputeDevice.CPU)
                    .checkpointedIn(checkpoint, true)
                    .fit(lines(300, 7), Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("data_sha256");
  }

  @Test
  void theModelThatIsBestOnTheValidationRowsIsReturned() {
    Samples few = lines(40, 8);
    Samples validation = lines(400, 9);
    TrainingOptions greedy =
        TrainingOptions.defaults(8, 3).withNoiseLimits(1e-8, 0).withIterations(30).withPatience(2);
    TrainingResult result =
        Trainer.of(greedy, ComputeDevice.CPU).validatedBy(validation).fit(few, Progress.SILENT);
    assertThat(result.converged()).isTrue();
    double best = result.validationLogLikelihood().stream().mapToDouble(v -> v).max().orElseThrow();
    double held = Scoring.meanLogLikelihood(result.model(), validation, Progress.SILENT);
    assertThat(held).isCloseTo(best, within(1e-6 * Math.abs(best)));
  }

  @Test
  void survivesDuplicatesConstantsAndAsManyComponentsAsRows() {
    float[] values = new float[60 * DIMS];
    Random random = new Random(10);
    for (int i = 0; i < 60; i++) {
      for (int j = 2; j < DIMS; j++) {
        values[i * DIMS + j] = i < 40 ? 0.5f : random.nextFloat();
      }
    }
    Samples samples = StoredSamples.ofFloats("collapsed", DIMS, null, values);
    for (int components : new int[] {1, 7, 59, 60}) {
      try (MixtureOfFactorAnalyzers model =
          fit(samples, TrainingOptions.defaults(components, 4).withTolerance(0).withIterations(8))
              .model()) {
        assertThat(Tensors.floats(model.logWeights())).doesNotContain(Float.NaN);
        double score = Scoring.meanLogLikelihood(model, samples, Progress.SILENT);
        assertThat(score).isFinite();
      }
    }
  }

  @Test
  void dataThatCannotBeFittedIsRefusedWithTheRule() {
    Samples samples = lines(5, 11);
    assertThatThrownBy(() -> fit(samples, TrainingOptions.defaults(6, 1)))
        .isInstanceOf(InputException.class)
        .hasMessage("lines: 6 components need at least as many rows, got 5; use fewer components");
    assertThatThrownBy(() -> fit(samples, TrainingOptions.defaults(2, 9)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("9 factors need at least as many values per row, got 8");
    assertThatThrownBy(() -> TrainingOptions.defaults(0, 1))
        .isInstanceOf(InputException.class)
        .hasMessage("components must be at least 1, got 0");
  }

  @Test
  void modelsComeBackFromTheirFile() throws Exception {
    Path file = folder.resolve("m.mfa");
    try (MixtureOfFactorAnalyzers model = fit(lines(100, 12), options()).model()) {
      model.save(file);
      try (MixtureOfFactorAnalyzers back = MixtureOfFactorAnalyzers.load(file, ComputeDevice.CPU)) {
        assertThat(Tensors.floats(back.loadings())).isEqualTo(Tensors.floats(model.loadings()));
        assertThat(Tensors.floats(back.noiseVariance()))
            .isEqualTo(Tensors.floats(model.noiseVariance()));
        assertThat(back.metadata()).isEqualTo(model.metadata()).containsEntry("seed", "0");
      }
    }
    Files.write(file, new byte[100]);
    assertThatThrownBy(() -> MixtureOfFactorAnalyzers.load(file, ComputeDevice.CPU))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("m.mfa");
  }
}
