package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
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
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.Tensors;

/** A finished model trains on when more is asked of it, and is left alone when nothing is. */
class FinishedTrainingTest {
  private static final int DIMS = 6;

  @TempDir private Path folder;

  private static Samples rows(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count * DIMS];
    for (int i = 0; i < values.length; i++) {
      int k = i / DIMS % 4;
      values[i] = (float) (Math.cos(3 * k + i % DIMS) + 0.1 * random.nextGaussian());
    }
    return StoredSamples.ofFloats("rows", DIMS, new ImageShape(1, 1, DIMS), values);
  }

  private static TrainingOptions options(int iterations) {
    return TrainingOptions.defaults(8, 1)
        .withNoiseLimits(1e-6, 0)
        .withTolerance(0)
        .withPatience(4)
        .withIterations(iterations);
  }

  private TrainingResult goOn(TrainingOptions options, Samples samples, Samples validation) {
    Path file = folder.resolve("m.mfa");
    try (MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(file, ComputeDevice.CPU)) {
      return Trainer.of(options, ComputeDevice.CPU)
          .validatedBy(validation)
          .goingOnFrom(model, file)
          .fit(samples, Progress.SILENT);
    }
  }

  private static TrainingResult fit(TrainingOptions options, Samples samples, Samples validation) {
    return Trainer.of(options, ComputeDevice.CPU)
        .validatedBy(validation)
        .fit(samples, Progress.SILENT);
  }

  private TrainingResult finish(TrainingOptions options, Samples samples, Samples validation) {
    TrainingResult result = fit(options, samples, validation);
    result.model().save(folder.resolve("m.mfa"));
    return result;
  }

  @Test
  void moreIterationsComeToTheResultOfOneLongTraining() {
    Samples samples = rows(300, 1);
    Samples validation = rows(200, 2);
    TrainingResult whole = fit(options(9), samples, validation);
    for (int ended : new int[] {2, 5}) {
      finish(options(ended), samples, validation);
      TrainingResult gone = goOn(options(9), samples, validation);
      assertThat(gone.trainLogLikelihood()).isEqualTo(whole.trainLogLikelihood());
      assertThat(gone.validationLogLikelihood()).isEqualTo(whole.validationLogLikelihood());
      assertThat(gone.model().metadata()).isEqualTo(whole.model().metadata());
      assertThat(Tensors.floats(gone.model().loadings()))
          .isEqualTo(Tensors.floats(whole.model().loadings()));
    }
  }

  /** The units of vectors are rounded when a model is saved, and so is what comes of it. */
  @Test
  void vectorsGoOnWithinRounding() {
    Samples samples = rows(300, 1).withoutShape();
    double[] values = new double[300 * DIMS];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1e4 + 1e-3 * samples.row(i / DIMS)[i % DIMS] * (1 + i % DIMS);
    }
    Samples vectors = StoredSamples.ofDoubles("vectors", DIMS, values);
    TrainingResult whole = fit(options(9), vectors, vectors);
    finish(options(4), vectors, vectors);
    TrainingResult gone = goOn(options(9), vectors, vectors);
    assertThat(gone.trainLogLikelihood()).hasSize(9);
    assertThat(gone.exactLogLikelihood())
        .isCloseTo(whole.exactLogLikelihood(), org.assertj.core.api.Assertions.within(1e-5));
    assertThat(gone.model().metadata().get("shrinkage"))
        .isEqualTo(whole.model().metadata().get("shrinkage"));
  }

  /** The model that is kept is not that of the last iteration. */
  @Test
  void whatHadStoppedGainingGoesOnFromItsBest() {
    Samples samples = rows(40, 3);
    Samples validation = rows(200, 4);
    TrainingResult stopped = finish(options(30).withPatience(2), samples, validation);
    assertThat(stopped.converged()).isTrue();
    List<Double> validated = stopped.validationLogLikelihood();
    assertThat(validated.get(validated.size() - 1)).isLessThan(validated.get(validated.size() - 2));
    assertRefused("converged after " + validated.size(), options(40).withPatience(2), samples);
    TrainingResult whole = fit(options(40).withPatience(5), samples, validation);
    TrainingResult gone = goOn(options(40).withPatience(5), samples, validation);
    assertThat(gone.validationLogLikelihood()).isEqualTo(whole.validationLogLikelihood());
    assertThat(Tensors.floats(gone.model().means()))
        .isEqualTo(Tensors.floats(whole.model().means()));
  }

  private void assertRefused(String because, TrainingOptions options, Samples samples) {
    assertThatThrownBy(() -> goOn(options, samples, rows(200, 4)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(folder.resolve("m.mfa").toString())
        .hasMessageContaining(because)
        .hasMessageNotContaining("\n");
  }

  @Test
  void whereNothingIsToDoOrTheTrainingIsAnotherOneLineSaysSo() {
    Samples samples = rows(300, 3);
    finish(options(3), samples, rows(200, 4));
    assertRefused("has had 3 iterations, and 3 are asked for", options(3), samples);
    assertRefused("another training: seed was 0, now 4", options(9).withSeed(4), samples);
    assertRefused("another training: data_sha256", options(9), rows(300, 9));
    try (MixtureOfFactorAnalyzers model =
        MixtureOfFactorAnalyzers.load(folder.resolve("m.mfa"), ComputeDevice.CPU)) {
      Map<String, String> texts = new TreeMap<>(model.metadata());
      FinishedTraining.removeFrom(texts);
      model.withMetadata(texts).save(folder.resolve("m.mfa"));
    }
    assertRefused("does not tell how its training ended", options(9), samples);
  }

  @ParameterizedTest
  @ValueSource(strings = {"truncated-em", "stepwise-em", "sgd"})
  void otherTrainersGoOnFromTheModelAlone(String trainer) {
    Samples samples = rows(600, 5);
    Samples validation = rows(200, 6);
    Algorithm algorithm =
        trainer.equals("truncated-em") ? new Algorithm.TruncatedEm(3, 4) : Algorithm.of(trainer);
    TrainingOptions options = options(3).withAlgorithm(algorithm);
    TrainingResult ended = finish(options, samples, validation);
    double before = Scoring.meanLogLikelihood(ended.model(), validation, Progress.SILENT);
    TrainingResult gone = goOn(options.withIterations(6), samples, validation);
    assertThat(gone.trainLogLikelihood().size()).isGreaterThan(3);
    assertThat(gone.trainLogLikelihood().subList(0, ended.trainLogLikelihood().size()))
        .isEqualTo(ended.trainLogLikelihood());
    assertThat(Scoring.meanLogLikelihood(gone.model(), validation, Progress.SILENT))
        .isGreaterThanOrEqualTo(before - 1e-6);
  }
}
