package org.mixel.neural;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mixel.data.ImageShape;
import org.mixel.data.RowSampler;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.Checkpoint;
import org.mixel.tensor.ComputeDevice;

/**
 * Models of every kind train, are saved and draw the same rows again; the same seed gives the same
 * model, and a training that was interrupted gives what an uninterrupted one does.
 */
@ExtendWith(OneThread.class)
class EveryKindTest {
  @TempDir Path folder;

  static Stream<TinyTraining> trainings() {
    return TinyTraining.all();
  }

  /** Every kind, and settings that have a state of their own. */
  static Stream<TinyTraining> trainingsWithSettings() {
    return Stream.concat(
        trainings(),
        Stream.of(
            TinyTraining.ofLabels(),
            TinyTraining.of(new Began(0.7, 0.1, 2), false),
            TinyTraining.of(new Wgan(true, true), false),
            TinyTraining.of(new AdversarialMfa(false), false),
            TinyTraining.of(new Vae(Likelihood.GAUSSIAN), true),
            TinyTraining.of(new Vae(Likelihood.BERNOULLI), true)));
  }

  /** Adversarial mixtures come back as mixtures, which draw by another order of choices. */
  @ParameterizedTest
  @MethodSource("trainingsWithSettings")
  void whatIsSavedDrawsTheSameRows(TinyTraining tiny) {
    Path file = folder.resolve("model");
    try (TrainedNetwork trained = tiny.train(tiny.options(3), trainer -> trainer);
        RowSampler before = trained.sampler(4)) {
      assertThat(trained.progressed().step()).isEqualTo(3);
      assertThat(trained.progressed().finished()).isTrue();
      assertThat(trained.progressed().figures()).isNotEmpty();
      trained.save(file);
      float[] rows = before.nextRows(5);
      assertThat(rows).hasSize(5 * tiny.rows().dims());
      for (float value : rows) {
        assertThat(value).isFinite();
      }
      try (RowSampler after =
          ModelSampler.open(file, tiny.recipe() instanceof AdversarialMfa, 4, ComputeDevice.CPU)) {
        assertThat(after.shape()).isEqualTo(tiny.rows().shape());
        float[] drawn = after.nextRows(5);
        if (tiny.recipe() instanceof AdversarialMfa) {
          assertThat(drawn).hasSameSizeAs(rows).doesNotContain(Float.NaN);
        } else {
          assertThat(drawn).isEqualTo(rows);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void theSameSeedGivesTheSameModel(TinyTraining tiny) throws Exception {
    byte[] first = model(tiny, 7);
    assertThat(model(tiny, 7)).isEqualTo(first);
    assertThat(model(tiny, 8)).isNotEqualTo(first);
  }

  private byte[] model(TinyTraining tiny, long seed) throws Exception {
    Path file = folder.resolve("model" + seed);
    try (TrainedNetwork trained = tiny.train(tiny.options(3).withSeed(seed), trainer -> trainer)) {
      trained.save(file);
    }
    return Files.readAllBytes(file);
  }

  /** Interrupted between two lines of the log, in the middle of an epoch. */
  @ParameterizedTest
  @MethodSource("trainingsWithSettings")
  void aResumedTrainingGivesTheSameModelAndLog(TinyTraining tiny) throws Exception {
    assertResumes(tiny, tiny.options(10));
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void soDoesOneOfAveragedWeightsAndFallingRates(TinyTraining tiny) throws Exception {
    assertResumes(tiny, tiny.options(10).withAverage(0.9).withDecay(true));
  }

  /** Pictures, which only one of the two paints, leave training as it was. */
  private void assertResumes(TinyTraining tiny, NetworkOptions options) throws Exception {
    Schedule schedule = new Schedule(3, 0, 0, 0);
    Schedule painting = new Schedule(3, 2, 0, 0);
    Path straight = folder.resolve("straight");
    Path halted = folder.resolve("halted");
    try (TrainedNetwork whole =
            tiny.train(
                options,
                trainer ->
                    trainer
                        .on(painting)
                        .beside(straight, true)
                        .paintedBy((step, sampler) -> sampler.nextRows(1)));
        TrainedNetwork first =
            tiny.train(options, trainer -> trainer.on(schedule).beside(halted, true), 5)) {
      assertThat(whole.progressed().finished()).isTrue();
      assertThat(first.progressed().step()).isEqualTo(5);
      assertThat(first.progressed().finished()).isFalse();
      assertThat(Checkpoint.beside(halted)).exists();
      try (TrainedNetwork second =
          tiny.train(options, trainer -> trainer.on(schedule).beside(halted, true))) {
        assertThat(second.progressed().step()).isEqualTo(10);
        assertThat(second.progressed().seconds()).isGreaterThan(first.progressed().seconds());
        whole.save(straight);
        second.save(halted);
      }
    }
    assertThat(Files.readAllBytes(halted)).isEqualTo(Files.readAllBytes(straight));
    List<String> log = TinyTraining.log(halted);
    assertThat(log).isEqualTo(TinyTraining.log(straight)).hasSize(4);
    assertThat(log.get(3)).startsWith("{\"step\":10,");
    Checkpoint.delete(Checkpoint.beside(halted));
    assertThat(Checkpoint.beside(halted)).doesNotExist();
  }

  /** The end may be asked for before anything was learnt. */
  @ParameterizedTest
  @MethodSource("org.mixel.neural.Recipe#all")
  void anInterruptionBeforeTheFirstStepIsGoneOnFrom(Recipe recipe) throws Exception {
    TinyTraining tiny = TinyTraining.of(recipe, true);
    Path straight = folder.resolve("straight");
    Path halted = folder.resolve("halted");
    tiny.train(tiny.options(2), trainer -> trainer.beside(halted, true), 0).close();
    try (TrainedNetwork whole = tiny.train(tiny.options(2), trainer -> trainer);
        TrainedNetwork resumed =
            tiny.train(tiny.options(2), trainer -> trainer.beside(halted, true))) {
      whole.save(straight);
      resumed.save(halted);
    }
    assertThat(Files.readAllBytes(halted)).isEqualTo(Files.readAllBytes(straight));
  }

  static Stream<Recipe> withoutMixture() {
    return Recipe.all().stream().filter(recipe -> !recipe.needsMixture());
  }

  /** Images of 28x28 have a level with odd sides, and are in colour. */
  @ParameterizedTest
  @MethodSource("withoutMixture")
  void colourImagesAreTrainedOn(Recipe recipe) {
    TinyTraining tiny = TinyTraining.of(recipe, true);
    ImageShape shape = new ImageShape(3, 28, 28);
    try (TrainedNetwork trained =
            tiny.train(
                TinyTraining.images(shape),
                tiny.options(2),
                trainer -> trainer,
                Integer.MAX_VALUE);
        RowSampler sampler = trained.sampler(1)) {
      assertThat(sampler.shape()).contains(shape);
      assertThat(sampler.nextRows(2)).hasSize(2 * shape.dims()).doesNotContain(Float.NaN);
    }
  }

  static Stream<Recipe> onMixtures() {
    return Recipe.all().stream().filter(Recipe::needsMixture);
  }

  /** As another program may have written it. */
  @ParameterizedTest
  @MethodSource("onMixtures")
  void aMixtureInFloat64IsTrainedOn(Recipe recipe) {
    TinyTraining tiny = TinyTraining.of(recipe, true);
    try (MixtureOfFactorAnalyzers single = tiny.mixture();
        MixtureOfFactorAnalyzers mixture = single.to(ScalarType.Double);
        TrainedNetwork trained =
            NetworkTrainer.of(recipe, tiny.options(1), ComputeDevice.CPU)
                .sized(2, null)
                .from(mixture)
                .train(tiny.rows());
        RowSampler sampler = trained.sampler(1)) {
      assertThat(sampler.nextRows(2)).isNotEmpty().doesNotContain(Float.NaN);
    }
  }

  /** Pictures on the way show what becomes of the same noise. */
  @Test
  void picturesAreOfTheSameNoise() {
    TinyTraining tiny = TinyTraining.of(new WganGp(), false);
    Map<Long, float[]> painted = new TreeMap<>();
    Schedule schedule = new Schedule(10, 2, 0, 0);
    NetworkOptions options = tiny.options(5).withAverage(0.8);
    tiny.train(
            options,
            trainer ->
                trainer
                    .on(schedule)
                    .paintedBy((step, sampler) -> painted.put(step, sampler.nextRows(3))))
        .close();
    assertThat(painted).containsOnlyKeys(2L, 4L);
    try (TrainedNetwork trained = tiny.train(options.withSteps(4), trainer -> trainer);
        RowSampler sampler = trained.sampler(options.seed())) {
      assertThat(sampler.nextRows(3)).isEqualTo(painted.get(4L));
    }
  }
}
