package org.mixel.neural;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.RowSampler;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.Checkpoint;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;

/**
 * Native objects are freed by their owners: as many live after a training, a load or a score as
 * before, whether it succeeds or fails.
 */
@ExtendWith(OneThread.class)
class NativeMemoryTest {
  @TempDir Path folder;

  /** The garbage collector frees what was forgotten, too; nothing here takes so long. */
  private static void assertAllFreed(ThrowingCallable work) throws Throwable {
    // Classes hold a few constants.
    work.call();
    long before = Pointer.totalCount();
    work.call();
    assertThat(Pointer.totalCount() - before).as("native objects that were not freed").isZero();
  }

  private static void assertAllFreedWhenRefused(ThrowingCallable work) throws Throwable {
    assertAllFreed(
        () -> assertThatThrownBy(work).isInstanceOfAny(InputException.class, Broken.class));
  }

  static Stream<TinyTraining> trainings() {
    return Stream.concat(TinyTraining.all(), Stream.of(TinyTraining.ofLabels()));
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void aTrainingAndItsModel(TinyTraining tiny) throws Throwable {
    Path file = folder.resolve("model");
    assertAllFreed(
        () -> {
          try (TrainedNetwork trained =
                  tiny.train(
                      tiny.options(2).withAverage(0.5),
                      trainer ->
                          trainer
                              .on(new Schedule(1, 1, 0, 1))
                              .beside(file, false)
                              .paintedBy((step, sampler) -> sampler.nextRows(2)));
              RowSampler sampler = trained.sampler(1)) {
            sampler.nextRows(2);
            trained.save(file);
          }
          try (RowSampler sampler = ModelSampler.open(file, false, 1, ComputeDevice.CPU)) {
            sampler.nextRows(2);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void aResumedTraining(TinyTraining tiny) throws Throwable {
    Path file = folder.resolve("model");
    NetworkOptions options = tiny.options(4).withAverage(0.5);
    tiny.train(options, trainer -> trainer.beside(file, false), 2).close();
    assertAllFreed(() -> tiny.train(options, trainer -> trainer.beside(file, true), 3).close());
  }

  /** The loader comes last: networks and optimisers are there already. */
  @ParameterizedTest
  @MethodSource("trainings")
  void aTrainingOfTooFewRows(TinyTraining tiny) throws Throwable {
    assertAllFreedWhenRefused(
        () -> tiny.train(tiny.options(2).withBatch(TinyTraining.ROWS + 1), trainer -> trainer));
  }

  @ParameterizedTest
  @MethodSource("org.mixel.neural.Recipe#all")
  void aTrainingOfImagesWithoutNetworks(Recipe recipe) throws Throwable {
    TinyTraining tiny = TinyTraining.of(recipe, true);
    Samples odd = TinyTraining.images(new ImageShape(1, 29, 5));
    assertAllFreedWhenRefused(() -> tiny.train(odd, tiny.options(2), trainer -> trainer, 2));
  }

  @Test
  void aTrainingByFeaturesThatAreZero() throws Throwable {
    TinyTraining tiny = TinyTraining.of(new VaeDfc(), true);
    Samples black = StoredSamples.ofBytes("black", TinyTraining.IMAGE, new byte[20 * 196]);
    assertAllFreedWhenRefused(() -> tiny.train(black, tiny.options(2), trainer -> trainer, 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.generator.3.shift",
        "learner.critic.critic.1.weight",
        "learner.critic_optimizer.adam_second_1",
        "learner.generator_optimizer.adam_steps",
        "means.counts",
        "scaling.factor"
      })
  void aCheckpointThatLacksATensor(String name) throws Throwable {
    TinyTraining tiny = TinyTraining.of(new Dcgan(), true);
    Path model = folder.resolve("model");
    tiny.train(tiny.options(4), trainer -> trainer.beside(model, false), 2).close();
    remove(Checkpoint.beside(model), name);
    assertAllFreedWhenRefused(
        () -> tiny.train(tiny.options(4), trainer -> trainer.beside(model, true)));
  }

  private static void remove(Path file, String name) {
    try (NativeScope scope = new NativeScope()) {
      SafeTensors stored = SafeTensors.read(file);
      Map<String, Tensor> tensors = new LinkedHashMap<>(stored.tensors());
      assertThat(tensors.remove(name)).isNotNull();
      SafeTensors.write(file, tensors, stored.metadata());
    }
  }

  @Test
  void aModelThatLacksATensor() throws Throwable {
    TinyTraining tiny = TinyTraining.of(new Vae(), true);
    Path file = folder.resolve("model");
    try (TrainedNetwork trained = tiny.train(tiny.options(1), trainer -> trainer)) {
      trained.save(file);
    }
    assertAllFreedWhenRefused(() -> ModelSampler.open(file, true, 1, ComputeDevice.CPU));
    remove(file, "generator.4.weight");
    assertAllFreedWhenRefused(() -> NetworkModel.load(file));
  }

  @Test
  void aTrainingThatIsBrokenOff() throws Throwable {
    TinyTraining tiny = TinyTraining.of(new WganGp(), false);
    assertAllFreedWhenRefused(
        () ->
            tiny.train(
                tiny.options(3),
                trainer ->
                    trainer
                        .on(new Schedule(1, 1, 0, 0))
                        .paintedBy(
                            (step, sampler) -> {
                              throw new Broken();
                            })));
  }

  @Test
  void aClassifierThatIsBrokenOff() throws Throwable {
    TinyTraining tiny = TinyTraining.ofLabels();
    int[] labels = labels(tiny);
    Progress breaking =
        (name, steps) -> {
          throw new Broken();
        };
    assertAllFreedWhenRefused(
        () -> LabelClassifier.train(tiny.rows(), labels, 1, ComputeDevice.CPU, breaking));
  }

  /** It is trained when it is first asked, and lives until the evaluation is closed. */
  @Test
  void aScorer() throws Throwable {
    TinyTraining tiny = TinyTraining.ofLabels();
    assertAllFreed(
        () -> {
          try (Evaluation.Scorer scorer =
              LabelClassifier.scorer(tiny.rows(), labels(tiny), 1, ComputeDevice.CPU)) {
            scorer.score(tiny.rows(), Progress.SILENT);
            scorer.score(tiny.rows(), Progress.SILENT);
          }
        });
  }

  private static int[] labels(TinyTraining tiny) {
    return ((VaeDfc.Features.Labels) ((VaeDfc) tiny.recipe()).features()).labels();
  }

  private static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
