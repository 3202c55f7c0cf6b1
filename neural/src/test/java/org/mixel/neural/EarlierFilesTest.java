package org.mixel.neural;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mixel.data.RowSampler;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * Models and checkpoints of the first version load: {@link TinyTraining} wrote them on 2026-11-25,
 * commit 87a177e, the checkpoints after two of four steps, the models after all four.
 */
@ExtendWith(OneThread.class)
class EarlierFilesTest {
  /** Another processor rounds otherwise, and Adam takes two steps of 0.002 by what it rounds. */
  private static final float ROUNDING = 0.02f;

  @TempDir Path folder;

  /** With the settings of the first version. */
  private static Stream<Recipe> recipes() {
    return Recipe.all().stream().map(recipe -> recipe.withSettings(Map.of()));
  }

  static Stream<TinyTraining> models() {
    return recipes()
        .map(recipe -> TinyTraining.of(recipe, !(recipe instanceof AdversarialMfa)))
        .filter(tiny -> isThere(tiny, ".model"));
  }

  /** For most kinds the points' suffices, whose file is smaller. */
  static Stream<TinyTraining> checkpoints() {
    return recipes()
        .map(recipe -> TinyTraining.of(recipe, recipe.needsImages()))
        .filter(tiny -> isThere(tiny, ".checkpoint"));
  }

  /** Later kinds have no earlier files, and the checkpoint of a VAE-DFC is large. */
  private static boolean isThere(TinyTraining tiny, String ending) {
    return EarlierFilesTest.class.getResource(name(tiny, ending)) != null;
  }

  private static String name(TinyTraining tiny, String ending) {
    return tiny.toString().replace(' ', '-') + ending;
  }

  @Test
  void everyKindOfTheFirstVersionIsThere() {
    assertThat(models()).hasSize(8);
    assertThat(checkpoints()).hasSize(7);
    assertThat(unchanged()).hasSize(5);
  }

  private Path earlier(TinyTraining tiny, String ending) throws IOException {
    String name = name(tiny, ending);
    Path file = folder.resolve("earlier" + ending);
    try (InputStream stream = EarlierFilesTest.class.getResourceAsStream(name)) {
      Files.copy(requireNonNull(stream, name), file);
    }
    return file;
  }

  @ParameterizedTest
  @MethodSource("models")
  void aModelDraws(TinyTraining tiny) throws IOException {
    Path file = earlier(tiny, ".model");
    try (RowSampler sampler = ModelSampler.open(file, false, 1, ComputeDevice.CPU)) {
      assertThat(sampler.shape()).isEqualTo(tiny.rows().shape());
      for (float value : sampler.nextRows(5)) {
        assertThat(value).isFinite();
      }
    }
  }

  /** GANs of images have one more level than in the first version. */
  static Stream<TinyTraining> unchanged() {
    return models().filter(tiny -> !tiny.toString().matches("(dcgan|wgan|wgan-gp) .*"));
  }

  /** All but the statistics of batches, which the first version took from moving weights. */
  @ParameterizedTest
  @MethodSource("unchanged")
  void theSameTrainingGivesTheSameModel(TinyTraining tiny) throws IOException {
    Path file = folder.resolve("model");
    try (TrainedNetwork trained = tiny.train(tiny.options(4), trainer -> trainer)) {
      trained.save(file);
    }
    assertSame(file, earlier(tiny, ".model"), name -> !name.contains(".running_"));
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void aCheckpointIsResumed(TinyTraining tiny) throws IOException {
    earlier(tiny, ".checkpoint");
    Path straight = folder.resolve("straight");
    Path resumed = folder.resolve("resumed");
    Path earlier = folder.resolve("earlier");
    try (TrainedNetwork trained =
            tiny.train(tiny.options(4), trainer -> trainer.beside(earlier, true));
        TrainedNetwork whole = tiny.train(tiny.options(4), trainer -> trainer)) {
      assertThat(trained.progressed().step()).isEqualTo(4);
      trained.save(resumed);
      whole.save(straight);
    }
    assertSame(resumed, straight, name -> true);
  }

  /** Without what the first version did not say. */
  private static Map<String, String> known(Map<String, String> metadata) {
    Map<String, String> known = new TreeMap<>(metadata);
    known.remove("batch_statistics");
    return known;
  }

  private static void assertSame(Path file, Path expected, Predicate<String> compared) {
    try (NativeScope scope = new NativeScope()) {
      SafeTensors actual = SafeTensors.read(file);
      SafeTensors wanted = SafeTensors.read(expected);
      assertThat(known(actual.metadata())).isEqualTo(known(wanted.metadata()));
      assertThat(actual.tensors().keySet()).isEqualTo(wanted.tensors().keySet());
      for (Map.Entry<String, Tensor> each : actual.tensors().entrySet()) {
        if (!compared.test(each.getKey())) {
          continue;
        }
        float[] values = Tensors.floats(each.getValue());
        float[] others =
            Tensors.floats(wanted.get(each.getKey(), each.getValue().sizes().vec().get()));
        for (int i = 0; i < values.length; i++) {
          assertThat(values[i]).as(each.getKey()).isCloseTo(others[i], within(ROUNDING));
        }
      }
    }
  }
}
