package org.mixel.neural;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.Checkpoint;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * Samples are those of the trained generator: normalised as in training, from averaged weights if
 * wanted; the rates and the critic's steps follow their schedules.
 */
@ExtendWith(OneThread.class)
class SamplingWeightsTest {
  @TempDir Path folder;

  static Stream<Recipe> normalised() {
    return Stream.of(new Dcgan(), new Wgan(), new WganGp(), new Pix2Pix());
  }

  /** After four steps, averages that keep nine tenths at a step are still near where they began. */
  @ParameterizedTest
  @MethodSource("normalised")
  void samplesAreNormalisedAsInTraining(Recipe recipe) {
    TinyTraining tiny = TinyTraining.of(recipe, true);
    try (TrainedNetwork trained = tiny.train(tiny.options(4), trainer -> trainer);
        NativeScope scope = new NativeScope();
        NoGradGuard constant = new NoGradGuard()) {
      Generator generator = trained.model().generator();
      double error = error(generator);
      generator
          .parameters()
          .named()
          .forEach(
              (name, tensor) -> {
                if (name.endsWith("running_variance")) {
                  tensor.mul_(new Scalar(4));
                }
              });
      assertThat(error).isLessThan(0.2 * error(generator));
    }
  }

  /**
   * The mean difference between rows that their own batch normalises and rows as they are drawn.
   */
  private static double error(Generator generator) {
    try (RandomStream one = RandomStream.of(9);
        RandomStream same = RandomStream.of(9)) {
      Map<String, Tensor> named = generator.parameters().named();
      Tensor drawn = generator.draw(one, 500, false);
      Tensor[] before = named.values().stream().map(Tensor::clone).toArray(Tensor[]::new);
      Tensor normalised = generator.draw(same, 500, true);
      int i = 0;
      for (Tensor tensor : named.values()) {
        tensor.copy_(before[i++]);
      }
      return drawn.sub(normalised).abs().mean().item().toDouble();
    }
  }

  /** Images of a translation that was trained one by one: as in training, and each by itself. */
  @Test
  void translationsAreNormalisedImageByImage() {
    TinyTraining tiny = TinyTraining.of(new Pix2Pix(), true);
    Path file = folder.resolve("model");
    try (TrainedNetwork trained = tiny.train(tiny.options(4).withBatch(1), trainer -> trainer)) {
      trained.save(file);
    }
    try (NativeScope scope = new NativeScope();
        NoGradGuard constant = new NoGradGuard();
        NetworkModel model = NetworkModel.load(file);
        RandomStream random = RandomStream.of(3)) {
      TranslatedMixture generator = (TranslatedMixture) model.generator();
      Tensor given = generator.given(random, 3);
      float[] together = Tensors.floats(generator.network().forward(given, false));
      float[] alone = Tensors.floats(generator.network().forward(given.narrow(0, 0, 1), false));
      float[] training = Tensors.floats(generator.network().forward(given.narrow(0, 0, 1), true));
      for (int i = 0; i < alone.length; i++) {
        assertThat(alone[i]).isCloseTo(together[i], within(1e-5f));
        assertThat(alone[i]).isCloseTo(training[i], within(1e-5f));
      }
    }
  }

  /** A file of the first version, which says nothing of its statistics, keeps them. */
  @Test
  void earlierTranslationsKeepTheirStatistics() {
    Pix2Pix earlier = new Pix2Pix().withSettings(Map.of("batch", "1"));
    assertThat(earlier.byImages()).isFalse();
    assertThat(new Pix2Pix().withSettings(Map.of("batch", "1", "batch_statistics", "200")))
        .isEqualTo(new Pix2Pix(true));
    assertThat(new Pix2Pix().withSettings(Map.of("batch", "32", "batch_statistics", "200")))
        .isEqualTo(new Pix2Pix(false));
  }

  @Test
  void anAverageKeepsMoreOfItselfAsTrainingGoesOn() {
    try (NativeScope scope = new NativeScope();
        RandomStream random = RandomStream.of(1);
        Parameters parameters =
            Parameters.from(
                Parameters.Source.fresh(random, ComputeDevice.CPU, ScalarType.Double))) {
      parameters.train("weight", 2);
      Tensor weight = parameters.values()[0];
      try (AveragedWeights average = AveragedWeights.of(0.6, parameters, null)) {
        weight.copy_(Tensors.of(new double[] {11, 22}, 2));
        average.add(1);
        double[] expected = {9, 18};
        assertClose(requireNonNull(average.named().get("0")), expected);
        weight.copy_(Tensors.of(new double[] {19, 0}, 2));
        average.add(100);
        expected = new double[] {0.6 * 9 + 0.4 * 19, 0.6 * 18};
        assertClose(requireNonNull(average.named().get("0")), expected);
        SafeTensors stored = new SafeTensors(Map.copyOf(average.named()), Map.of());
        try (AveragedWeights resumed = AveragedWeights.of(0.6, parameters, stored)) {
          resumed.apply();
          assertClose(weight, expected);
        }
      }
    }
  }

  private static void assertClose(Tensor actual, double[] expected) {
    double[] values = Tensors.doubles(actual);
    for (int i = 0; i < expected.length; i++) {
      assertThat(values[i]).isCloseTo(expected[i], within(1e-12));
    }
  }

  /** An average that keeps nothing is the last weights; one that keeps something is not. */
  @Test
  void aModelHasTheAverageOfItsWeights() {
    TinyTraining tiny = TinyTraining.of(new Dcgan(), true);
    float[] last = weights(tiny, tiny.options(6));
    assertThat(weights(tiny, tiny.options(6).withAverage(1e-30))).isEqualTo(last);
    assertThat(weights(tiny, tiny.options(6).withAverage(0.5))).isNotEqualTo(last);
  }

  private static float[] weights(TinyTraining tiny, NetworkOptions options) {
    try (TrainedNetwork trained = tiny.train(options, trainer -> trainer);
        NativeScope scope = new NativeScope()) {
      return Tensors.floats(trained.model().generator().parameters().values()[0]);
    }
  }

  @Test
  void theRateFallsOverTheLastHalf() {
    NetworkOptions options = NetworkOptions.defaults(new Dcgan()).withSteps(8).withDecay(true);
    double[] expected = {1, 1, 1, 1, 1, 0.75, 0.5, 0.25};
    for (int done = 0; done < 8; done++) {
      assertThat(options.rate(done)).isEqualTo(expected[done]);
      assertThat(options.withDecay(false).rate(done)).isEqualTo(1);
    }
  }

  /** A hundred batches in each of the first 25 steps, then two. */
  @Test
  void theCriticOfAWassersteinGanHasBursts() {
    TinyTraining tiny = TinyTraining.of(new Wgan(true, false), false);
    Path model = folder.resolve("model");
    tiny.train(tiny.options(30), trainer -> trainer.beside(model, false), 28).close();
    assertThat(SafeTensors.readMetadata(Checkpoint.beside(model)))
        .containsEntry("checkpoint_batches", Integer.toString(25 * 100 + 3 * 2));
    assertThat(new Wgan(true, false).batches(tiny.options(28))).isEqualTo(25 * 100 + 3 * 2);
    assertThat(new Wgan(true, false).batches(tiny.options(502))).isEqualTo(26 * 100 + 476 * 2);
    assertThat(new Wgan().batches(tiny.options(502))).isEqualTo(502 * 2);
    assertThat(new Vae().batches(NetworkOptions.defaults(new Vae()).withSteps(7))).isEqualTo(7);
  }
}
