package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.Tensors;

/**
 * A training ends when its objective stands still, returns the best of all its models, the first
 * one included, and frees the others whatever happens.
 */
class BestModelTest {
  private static final int DIMS = 8;

  @TempDir private Path folder;

  /** Images about three lines in space. */
  private static Samples lines(int rows, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * DIMS];
    for (int i = 0; i < rows; i++) {
      int k = random.nextInt(3);
      double z = random.nextGaussian();
      for (int j = 0; j < DIMS; j++) {
        double line = Math.cos(k + j) + 0.4 * z * Math.sin(k * 7 + j);
        values[i * DIMS + j] = (float) (line + (0.01 + 0.02 * j * (1 + k)) * random.nextGaussian());
      }
    }
    return StoredSamples.ofFloats("lines", DIMS, new ImageShape(1, 1, DIMS), values);
  }

  private static TrainingOptions options() {
    return TrainingOptions.defaults(3, 1)
        .withNoiseLimits(1e-6, 0)
        .withTolerance(0)
        .withIterations(12);
  }

  private static Trainer trainer(TrainingOptions options) {
    return Trainer.of(options, ComputeDevice.CPU);
  }

  private static TrainingHistory history(List<Double> train, List<Double> priorGains) {
    return new TrainingHistory(train, List.of(), priorGains, null, 0, 0);
  }

  @Test
  void likelihoodAndPriorTogetherDecide() {
    Stopping stopping = Stopping.defaults();
    assertThat(history(List.of(5.0, 5.001), List.of(0.0, 0.0)).converged(stopping)).isTrue();
    assertThat(history(List.of(5.0, 5.001), List.of(0.5, 0.0)).converged(stopping)).isFalse();
    assertThat(history(List.of(5.0, 4.9), List.of(0.105, 0.0)).converged(stopping)).isTrue();
    assertThat(history(List.of(5.0, 4.9), List.of(0.0, 0.0)).converged(stopping)).isFalse();
  }

  /** From the maximum of the likelihood, which a prior makes fall, then stand still for a while. */
  @Test
  void theObjectiveClimbsWhereTheLikelihoodDoesNot() {
    Samples samples = lines(300, 1);
    try (MixtureOfFactorAnalyzers likeliest =
        trainer(options().withIterations(60)).fit(samples, Progress.SILENT).model()) {
      TrainingOptions prior =
          options().withNoiseLimits(1e-6, 300).withTolerance(2e-3).withIterations(60);
      TrainingResult result = trainer(prior).startingFrom(likeliest).fit(samples, Progress.SILENT);
      List<Double> train = result.trainLogLikelihood();
      double[] gains =
          Arrays.stream(
                  String.valueOf(result.model().metadata().get("finished_prior_gains")).split(","))
              .mapToDouble(Double::parseDouble)
              .toArray();
      assertThat(train.get(1)).isLessThan(train.get(0) - 0.1);
      for (int i = 1; i < train.size(); i++) {
        assertThat(train.get(i) - train.get(i - 1) + gains[i - 1]).isGreaterThan(-1e-5);
      }
      assertThat(train.get(2) - train.get(1)).isBetween(0.0, 2e-3);
      assertThat(train.size()).isGreaterThan(5);
      assertThat(result.converged()).isTrue();
      result.close();
    }
  }

  /** What training on ten rows makes of a good model is worse on all others. */
  @Test
  void theFirstModelIsKeptIfNoneIsBetter() {
    Samples few = lines(10, 2);
    Samples validation = lines(300, 3);
    try (MixtureOfFactorAnalyzers good =
        trainer(options()).fit(lines(900, 4), Progress.SILENT).model()) {
      TrainingResult result =
          trainer(options().withPatience(2))
              .startingFrom(good)
              .validatedBy(validation)
              .fit(few, Progress.SILENT);
      double first = Scoring.meanLogLikelihood(good, validation, Progress.SILENT);
      assertThat(result.validationLogLikelihood()).hasSize(2).allMatch(each -> each < first);
      assertThat(result.keptLogLikelihood()).isEqualTo(first);
      assertThat(Tensors.floats(result.model().means())).isEqualTo(Tensors.floats(good.means()));
      assertGoesOn(good, result, few, validation);
    }
  }

  private void assertGoesOn(
      MixtureOfFactorAnalyzers start, TrainingResult result, Samples samples, Samples validation) {
    Path file = folder.resolve("m.mfa");
    result.model().save(file);
    result.model().close();
    try (MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(file)) {
      TrainingResult longer =
          trainer(options().withPatience(4))
              .startingFrom(start)
              .goingOnFrom(model, file)
              .validatedBy(validation)
              .fit(samples, Progress.SILENT);
      assertThat(longer.validationLogLikelihood()).hasSize(4);
      assertThat(longer.validationLogLikelihood().subList(0, 2))
          .isEqualTo(result.validationLogLikelihood());
      longer.model().close();
    }
  }

  /** Killed after the best iteration was passed, and resumed: the best is in a file of its own. */
  @Test
  void aResumedTrainingStillHasTheBestModel() {
    Samples few = lines(40, 8);
    Samples validation = lines(400, 9);
    TrainingOptions greedy =
        TrainingOptions.defaults(8, 3).withNoiseLimits(1e-6, 0).withTolerance(0).withPatience(4);
    Path checkpoint = folder.resolve("checkpoint");
    try (TrainingResult whole = trainer(greedy).validatedBy(validation).fit(few, Progress.SILENT)) {
      List<Double> validated = whole.validationLogLikelihood();
      int best = validated.indexOf(Collections.max(validated));
      assertThat(whole.converged()).isTrue();
      assertThat(best).isEqualTo(validated.size() - 5);
      assertThatThrownBy(
              () ->
                  trainer(greedy)
                      .validatedBy(validation)
                      .checkpointedIn(checkpoint, false)
                      .fit(few, new InterruptedProgress(best + 4)))
          .hasMessage("interrupted");
      try (TrainingResult resumed =
          trainer(greedy)
              .validatedBy(validation)
              .checkpointedIn(checkpoint, true)
              .fit(few, Progress.SILENT)) {
        assertThat(resumed.validationLogLikelihood()).isEqualTo(validated);
        assertThat(resumed.keptLogLikelihood()).isEqualTo(whole.keptLogLikelihood());
        assertThat(Tensors.floats(resumed.model().noiseVariance()))
            .isEqualTo(Tensors.floats(whole.model().noiseVariance()));
      }
    }
  }

  private void succeed(Samples samples) {
    trainer(options().withPatience(2))
        .validatedBy(lines(50, 6))
        .checkpointedIn(folder.resolve("checkpoint"), false)
        .fit(samples, Progress.SILENT)
        .model()
        .close();
  }

  private void fail(Samples samples, int iterations, boolean resume) {
    assertThatThrownBy(
            () ->
                trainer(options())
                    .validatedBy(lines(50, 6))
                    .checkpointedIn(folder.resolve("checkpoint"), resume)
                    .fit(samples, new InterruptedProgress(iterations)))
        .hasMessage("interrupted");
  }

  private void refuse(Samples samples) {
    assertThatThrownBy(
            () ->
                trainer(options().withSeed(9))
                    .validatedBy(lines(50, 6))
                    .checkpointedIn(folder.resolve("checkpoint"), true)
                    .fit(samples, Progress.SILENT))
        .isInstanceOf(InputException.class);
  }

  @Test
  void noNativeObjectIsLeft() {
    Samples samples = lines(200, 5);
    succeed(samples);
    Map<String, Runnable> trainings =
        Map.of(
            "success", () -> succeed(samples),
            "failure", () -> fail(samples, 1, false),
            "later failure", () -> fail(samples, 3, false),
            "failure when resumed", () -> fail(samples, 2, true),
            "refusal", () -> refuse(samples));
    fail(samples, 2, false);
    trainings.forEach(
        (name, training) -> {
          training.run();
          fail(samples, 2, false);
          long before = Pointer.totalCount();
          training.run();
          assertThat(Pointer.totalCount()).as(name).isLessThanOrEqualTo(before);
        });
  }
}
