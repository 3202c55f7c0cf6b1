package org.mixel.neural;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.Checkpoint;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * Only its own training resumes from a checkpoint; one that training cannot use says so in a line;
 * and a training that diverges says when, and leaves the last checkpoint as it was.
 */
@ExtendWith(OneThread.class)
class CheckpointsTest {
  private static final TinyTraining TINY = TinyTraining.of(new WganGp(), false);
  private static final Schedule SCHEDULE = new Schedule(1, 0, 0, 2);

  @TempDir Path folder;
  private Path model = Path.of("");

  @BeforeEach
  void place() {
    model = folder.resolve("model");
  }

  private TrainedNetwork train(TinyTraining tiny, NetworkOptions options, long until) {
    return tiny.train(options, trainer -> trainer.on(SCHEDULE).beside(model, true), until);
  }

  private void halt() {
    train(TINY, TINY.options(9), 4).close();
  }

  private void assertRefused(TinyTraining tiny, NetworkOptions options, String what) {
    assertThatThrownBy(() -> train(tiny, options, 9))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(Checkpoint.beside(model).toString())
        .hasMessageContaining(what)
        .hasMessageNotContaining("\n");
  }

  @Test
  void anotherTrainingIsToldByWhatDiffers() {
    halt();
    String another = "is of another training: ";
    assertRefused(TINY, TINY.options(9).withSeed(3), another + "seed was 0, now 3;");
    assertRefused(TINY, TINY.options(9).withBatch(9), another + "batch was 8, now 9;");
    assertRefused(TINY, TINY.options(9).withCriticSteps(3), another + "critic_steps was 2, now 3;");
    assertRefused(TINY, TINY.options(9).withAverage(0.5), another + "average was none, now 0.5;");
    assertRefused(TINY, TINY.options(9).withDecay(true), another + "decay was none, now true;");
    TinyTraining other = TinyTraining.of(new Dcgan(), false);
    assertRefused(other, other.options(9), another);
    TinyTraining images = TinyTraining.of(new WganGp(), true);
    assertRefused(images, images.options(9), another + "data was corners, now stripes;");
    assertThatThrownBy(
            () ->
                TINY.train(
                    TinyTraining.points(TinyTraining.ROWS + 1),
                    TINY.options(9),
                    trainer -> trainer.beside(model, true),
                    9))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("data_rows was 40, now 41");
  }

  /** The number of steps and their size may change. */
  @Test
  void moreAndSmallerStepsAreTheSameTraining() {
    halt();
    try (TrainedNetwork resumed =
        train(TINY, TINY.options(12).withLearningRate(1e-5), Integer.MAX_VALUE)) {
      assertThat(resumed.progressed().step()).isEqualTo(12);
    }
  }

  @Test
  void withoutResumeTrainingBeginsAnew() throws Exception {
    halt();
    NetworkOptions options = TINY.options(3);
    TINY.train(options, trainer -> trainer.on(SCHEDULE).beside(model, false)).close();
    assertThat(TinyTraining.log(model)).hasSize(3);
  }

  private void tamper(BiConsumer<Map<String, Tensor>, Map<String, String>> change) {
    Path file = Checkpoint.beside(model);
    try (NativeScope scope = new NativeScope()) {
      SafeTensors stored = SafeTensors.read(file);
      Map<String, Tensor> tensors = new LinkedHashMap<>(stored.tensors());
      Map<String, String> metadata = new TreeMap<>(stored.metadata());
      change.accept(tensors, metadata);
      SafeTensors.write(file, tensors, metadata);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.generator.0.weight",
        "learner.critic.critic.0.weight",
        "learner.critic_optimizer.adam_second_1",
        "learner.generator_optimizer.adam_steps",
        "means.counts",
        "scaling.offset"
      })
  void whatACheckpointLacksIsNamed(String name) {
    halt();
    tamper((tensors, texts) -> assertThat(tensors.remove(name)).isNotNull());
    assertRefused(TINY, TINY.options(9), name.replaceAll(".*\\.(?=[a-z_0-9]+)", ""));
  }

  @ParameterizedTest
  @CsvSource({"step,many", "step,-1", "batches,-8", "batches,NaN", "seconds,Infinity"})
  void impossibleCountsAreRefused(String name, String value) {
    halt();
    tamper((tensors, texts) -> texts.put("checkpoint_" + name, value));
    assertRefused(TINY, TINY.options(9), "no checkpoint of a network's training");
  }

  @Test
  void filesThatAreNoCheckpointsAreRefused() throws Exception {
    Files.write(Checkpoint.beside(model), new byte[64]);
    assertRefused(TINY, TINY.options(9), "not a usable safetensors file");
    SafeTensors.write(Checkpoint.beside(model), Map.of(), Map.of());
    assertRefused(TINY, TINY.options(9), "no checkpoint of a network's training");
  }

  /** An optimiser that takes the root of what is negative. */
  private byte[] poisoned() throws Exception {
    halt();
    tamper(
        (tensors, texts) ->
            Objects.requireNonNull(tensors.get("learner.generator_optimizer.adam_second_0"))
                .fill_(new Scalar(-1)));
    return Files.readAllBytes(Checkpoint.beside(model));
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 6, 9})
  void divergenceIsToldAndTheLastCheckpointKept(int steps) throws Exception {
    byte[] checkpoint = poisoned();
    assertThatThrownBy(() -> train(TINY, TINY.options(steps), Integer.MAX_VALUE))
        .isInstanceOf(InputException.class)
        .hasMessageMatching(
            "wgan-gp diverged at step [56]: .*; lower `learningRate`, which is 0.002; the last"
                + " good checkpoint is kept to `resume` from");
    assertThat(Files.readAllBytes(Checkpoint.beside(model))).isEqualTo(checkpoint);
  }

  /** Nothing is promised of a checkpoint that another training has left. */
  @Test
  void divergenceBeforeTheFirstCheckpointPromisesNothing() {
    halt();
    Samples rows = TINY.rows();
    float[] enormous = {3e38f, -3e38f};
    try (MixtureOfFactorAnalyzers mixture =
            MixtureOfFactorAnalyzers.of(
                Tensors.of(new float[1], 1),
                Tensors.of(new float[2], 1, 2),
                Tensors.of(enormous, 1, 1, 2),
                Tensors.of(new float[] {1, 1}, 1, 2),
                null,
                Map.of());
        Interruption interruption = Interruption.watch()) {
      NetworkOptions options = TinyTraining.of(new AdversarialMfa(), false).options(2);
      NetworkTrainer trainer =
          NetworkTrainer.of(new AdversarialMfa(), options, ComputeDevice.CPU)
              .sized(8, null)
              .from(mixture)
              .beside(model, false);
      assertThatThrownBy(() -> trainer.train(rows, interruption, Progress.SILENT))
          .isInstanceOf(InputException.class)
          .hasMessageMatching(
              "adversarial-mfa diverged at step 1: critic_loss is (NaN|-?Infinity); lower"
                  + " `learningRate`, which is 0.002");
    }
  }
}
