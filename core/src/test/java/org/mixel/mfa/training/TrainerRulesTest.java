package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.mixel.DivergedException;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataHash;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureFile;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.Tensors;

/** What a training refuses, which rows judge it, and what its model says of it. */
class TrainerRulesTest {
  private static final int DIMS = 4;

  private static Samples rows(int count, boolean images, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count * DIMS];
    for (int i = 0; i < count; i++) {
      double z = random.nextGaussian();
      for (int j = 0; j < DIMS; j++) {
        values[i * DIMS + j] =
            (float) (i % 2 + 0.1 * z * (j - 1.5) + 0.02 * (1 + j) * random.nextGaussian());
      }
    }
    return StoredSamples.ofFloats("rows", DIMS, images ? new ImageShape(1, 1, DIMS) : null, values);
  }

  private static Samples weighted(Samples samples, double each) {
    double[] weights = new double[samples.rows()];
    Arrays.fill(weights, each);
    return samples.weightedBy(weights);
  }

  private static TrainingOptions options() {
    return TrainingOptions.defaults(2, 1).withTolerance(0).withIterations(2);
  }

  private static Trainer trainer() {
    return Trainer.of(options());
  }

  private static void assertRefused(String message, ThrowingCallable training) {
    assertThatThrownBy(training).isInstanceOf(InputException.class).hasMessage(message);
  }

  @Test
  void asManyValuesAsFactorsAndRowsAsComponentsAreEnough() {
    trainer().fit(rows(2, false, 1)).close();
    Trainer.of(TrainingOptions.defaults(2, DIMS).withIterations(2)).fit(rows(50, false, 1)).close();
    trainer().fit(weighted(rows(32, false, 1), 0.0625)).close();
    assertRefused(
        "rows: the weights of the rows sum to 1.00000, less than one row for each of 2 components;"
            + " multiply them by a number",
        () -> trainer().fit(weighted(rows(32, false, 1), 0.03125)));
    trainer().seeing(2).fit(weighted(rows(32, false, 1), 0.03125)).close();
    assertRefused(
        "rows: 2 components need at least as many rows, got 1; use fewer components",
        () -> trainer().firstModel(rows(1, false, 1), Progress.SILENT));
  }

  @Test
  void rowsOfAnotherSizeAreRefused() {
    Samples three = StoredSamples.ofFloats("three", 3, null, new float[30]);
    assertRefused(
        "three: validation rows have 3 values, but the training rows have 4",
        () -> trainer().validatedBy(three).fit(rows(50, false, 1)));
    try (MixtureOfFactorAnalyzers model = trainer().fit(rows(50, false, 1)).model()) {
      assertRefused(
          "the model to go on from has 2 components x 1 factors over 4 values, but 3 x 1 over 4 are"
              + " asked for",
          () ->
              Trainer.of(options().withComponents(3)).startingFrom(model).fit(rows(50, false, 1)));
    }
  }

  @Test
  void updatesAndWeightsNeedAnAlgorithmThatCountsRows() {
    Trainer gradient = Trainer.of(options().withAlgorithm(Algorithm.StochasticGradient.defaults()));
    try (MixtureOfFactorAnalyzers model = trainer().fit(rows(50, false, 1)).model()) {
      assertRefused(
          "a model to update must stand for at least 0 rows, got -1.0",
          () -> trainer().updating(model, -1));
      assertRefused(
          "`trainer` sgd cannot learn from rows with weights; use em or truncated-em",
          () -> gradient.fit(weighted(rows(50, false, 1), 1)));
      assertRefused(
          "`trainer` sgd cannot update a model; use em or truncated-em",
          () -> gradient.updating(model, 10).fit(rows(50, false, 1)));
      trainer().updating(model, 2).fit(rows(1, false, 2)).close();
      trainer().updating(model, 0).fit(rows(50, false, 2)).close();
    }
  }

  /** Values whose squares no float32 holds. */
  @Test
  void valuesThatAreTooLargeAreNamed() {
    float[] values = new float[50 * DIMS];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 7 * 1e19f;
    }
    Samples wide = StoredSamples.ofFloats("wide", DIMS, new ImageShape(1, 1, DIMS), values);
    assertThatThrownBy(() -> trainer().fit(wide))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "wide: row 0 (counted from 0) holds a value that is NaN, infinite or too large; remove"
                + " or repair it");
  }

  @Test
  void theModelSaysWhatItLearnedFrom() {
    Samples samples = rows(50, false, 1);
    Samples validation = rows(30, false, 2);
    try (TrainingResult plain = trainer().validatedBy(validation).fit(samples);
        TrainingResult heavy =
            trainer().validatedBy(weighted(validation, 2)).fit(weighted(samples, 3));
        TrainingResult part = trainer().seeing(7000).fit(samples);
        TrainingResult started = trainer().startingFrom(plain.model()).fit(samples);
        TrainingResult updated = trainer().updating(plain.model(), 8).fit(samples)) {
      assertThat(plain.model().metadata())
          .containsEntry("learned_rows", "50.0")
          .containsEntry("validation_sha256", DataHash.sha256(validation))
          .doesNotContainKeys("weights_sha256", "validation_weights_sha256", "init_sha256")
          .containsKey("shrinkage");
      double[] weights = new double[30];
      Arrays.fill(weights, 2);
      assertThat(heavy.model().metadata())
          .containsEntry("learned_rows", "150.0")
          .containsEntry("validation_weights_sha256", DataHash.sha256(weights))
          .containsKey("weights_sha256");
      assertThat(part.model().metadata()).containsEntry("learned_rows", "7000.0");
      assertThat(started.model().metadata())
          .containsEntry("init", "model")
          .containsEntry("init_sha256", MixtureFile.sha256(plain.model()))
          .doesNotContainKey("old_rows");
      assertThat(updated.model().metadata())
          .containsEntry("old_rows", "8.0")
          .containsEntry("learned_rows", "58.0");
    }
  }

  /** Images only, and not what climbs the density itself. */
  @Test
  void onlyImagesAreRefitted() {
    Samples validation = rows(60, true, 2);
    try (TrainingResult images = trainer().validatedBy(validation).fit(rows(80, true, 1));
        TrainingResult vectors = trainer().fit(rows(80, false, 1));
        TrainingResult climbed =
            Trainer.of(options().withAlgorithm(Algorithm.StochasticGradient.defaults()))
                .fit(rows(80, true, 1))) {
      assertThat(images.refit()).isNotNull();
      assertThat(images.model().metadata()).containsKey("refit_floors");
      assertThat(images.model().posteriorNoise()).isPositive();
      assertThat(images.keptLogLikelihood())
          .isEqualTo(Scoring.meanLogLikelihood(images.model(), validation, Progress.SILENT));
      for (TrainingResult other : List.of(vectors, climbed)) {
        assertThat(other.refit()).isNull();
        assertThat(other.model().metadata()).doesNotContainKey("refit_floors");
        assertThat(other.model().posteriorNoise()).isZero();
      }
    }
  }

  /** A model that was refitted brings the noise that its components were found under. */
  @Test
  void theNoiseOfTheStartStays() {
    Samples samples = rows(80, true, 1);
    Samples others = rows(80, true, 3);
    try (TrainingResult first = trainer().fit(samples);
        TrainingResult from = trainer().startingFrom(first.model()).fit(others);
        MixtureOfFactorAnalyzers bare = first.model().withMetadata(Map.of());
        TrainingResult fromBare = trainer().startingFrom(bare).fit(others)) {
      double noise = first.model().posteriorNoise();
      assertThat(from.model().posteriorNoise()).isEqualTo(noise);
      assertThat(fromBare.model().posteriorNoise()).isPositive().isNotEqualTo(noise);
    }
  }

  @Test
  void damagedMetadataOfTheStartAreNamed() {
    try (MixtureOfFactorAnalyzers model = trainer().fit(rows(50, false, 1)).model();
        MixtureOfFactorAnalyzers damaged = model.withMetadata(Map.of("shrinkage", "x"))) {
      assertRefused(
          "the model to start from: damaged metadata: shrinkage is x",
          () -> trainer().startingFrom(damaged).fit(rows(50, false, 1)));
    }
  }

  @Test
  void aTrainingThatHasConvergedByNowIsNotContinued() {
    Samples samples = rows(50, false, 1);
    Path file = Path.of("m.mfa");
    try (MixtureOfFactorAnalyzers model = trainer().fit(samples).model()) {
      Trainer longer =
          Trainer.of(options().withIterations(4).withTolerance(1e9)).goingOnFrom(model, file);
      assertRefused(
          "m.mfa: converged after 2 iterations; ask for a smaller tolerance or more patience to"
              + " train on",
          () -> longer.fit(samples));
    }
  }

  /** A thousand of them after each iteration, and all of them in the end. */
  @Test
  void someOfManyValidationRowsJudgeTruncatedEm() {
    Samples samples = rows(100, false, 1);
    Samples validation = rows(1500, false, 2);
    Trainer trainer =
        Trainer.of(options().withAlgorithm(new Algorithm.TruncatedEm(2, 2)).withIterations(1));
    try (TrainingResult result = trainer.validatedBy(validation).fit(samples)) {
      double all = Scoring.meanLogLikelihood(result.model(), validation, Progress.SILENT);
      double some =
          Scoring.meanLogLikelihood(result.model(), validation.spread(1000), Progress.SILENT);
      assertThat(result.keptLogLikelihood()).isCloseTo(all, within(1e-9));
      assertThat(result.validationLogLikelihood().get(0)).isCloseTo(some, within(1e-9));
      assertThat(some).isNotCloseTo(all, within(1e-6));
    }
    try (TrainingResult exact =
        Trainer.of(options().withIterations(1)).validatedBy(validation).fit(samples)) {
      assertThat(exact.keptLogLikelihood())
          .isEqualTo(exact.validationLogLikelihood().get(0))
          .isCloseTo(
              Scoring.meanLogLikelihood(exact.model(), validation, Progress.SILENT), within(1e-9));
    }
  }

  /** By the likelihood under the first model, in the units of the rows. */
  @Test
  void trainingsThatGoAstrayTellWhereTheyBegan() {
    Samples samples = rows(200, false, 1);
    Trainer gradient =
        Trainer.of(options().withAlgorithm(new Algorithm.StochasticGradient(50, 1000)));
    try (MixtureOfFactorAnalyzers first = gradient.firstModel(samples, Progress.SILENT)) {
      double began = Scoring.meanLogLikelihood(first, samples, Progress.SILENT);
      assertThatThrownBy(() -> gradient.fit(samples))
          .isInstanceOf(DivergedException.class)
          .hasMessageContaining(String.format(Locale.ROOT, "at the start it was %.6g;", began));
    }
  }

  @Test
  void firstModelsOfVectorsBringTheirShrinkage() {
    try (MixtureOfFactorAnalyzers vectors =
            trainer().firstModel(rows(50, false, 1), Progress.SILENT);
        MixtureOfFactorAnalyzers images =
            trainer().firstModel(rows(50, true, 1), Progress.SILENT)) {
      assertThat(vectors.metadata()).containsOnlyKeys("shrinkage");
      assertThat(images.metadata()).isEmpty();
      assertThat(Tensors.doubles(vectors.means())).isNotEqualTo(Tensors.doubles(images.means()));
    }
  }

  /** One row so many times. */
  private static Samples many(int rows, int dims) {
    return StoredSamples.ofBytes("many", new ImageShape(1, 1, dims), new byte[dims])
        .select(new int[rows]);
  }

  /** 2e11 operations of 2 K (l + 2) d each, but at least 5,000 rows. */
  @Test
  void asManyRowsAreScoredInTheEndAsTakeSeconds() {
    TrainingOptions options = TrainingOptions.defaults(100, 8);
    assertThat(Trainer.scored(many(1_000_000, 1000), options).rows()).isEqualTo(100_000);
    assertThat(Trainer.scored(many(99_999, 1000), options).rows()).isEqualTo(99_999);
    assertThat(Trainer.scored(many(1_000_000, 100_000), options).rows()).isEqualTo(5_000);
  }

  @Test
  void theLengthOfATrainingIsAnnounced() {
    RecordedProgress progress = new RecordedProgress();
    trainer().fit(rows(50, true, 1), progress).close();
    assertThat(progress.heard()).contains("EM begins 100");
  }
}
