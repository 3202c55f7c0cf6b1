package org.mixel.neural;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mixel.InputException;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.RowSampler;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;

/** What cannot be trained is refused in one line that says what to do, before a step is taken. */
@ExtendWith(OneThread.class)
class RefusalsTest {
  private static void assertRefused(TinyTraining tiny, Samples rows, String message) {
    assertRefused(tiny, rows, tiny.options(2), message);
  }

  private static void assertRefused(
      TinyTraining tiny, Samples rows, NetworkOptions options, String message) {
    assertThatThrownBy(() -> tiny.train(rows, options, trainer -> trainer, 2).close())
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  private static Samples floats(ImageShape shape, float... values) {
    return StoredSamples.ofFloats("made", shape.dims(), shape, values);
  }

  @ParameterizedTest
  @MethodSource("org.mixel.neural.Recipe#all")
  void aBatchNeedsAsManyRows(Recipe recipe) {
    TinyTraining tiny = TinyTraining.of(recipe, true);
    assertRefused(
        tiny,
        tiny.rows(),
        tiny.options(2).withBatch(41),
        "stripes: a batch of 41 needs at least as many rows, got 40; use a smaller `batch`");
  }

  private static NetworkTrainer trainer(Recipe recipe) {
    return NetworkTrainer.of(
        recipe, NetworkOptions.defaults(recipe).withBatch(8), ComputeDevice.CPU);
  }

  @ParameterizedTest
  @MethodSource("org.mixel.neural.Recipe#all")
  void mixturesAreForThoseThatBeginWithThem(Recipe recipe) {
    TinyTraining tiny = TinyTraining.of(recipe, true);
    try (Interruption interruption = Interruption.watch();
        MixtureOfFactorAnalyzers mixture = tiny.mixture()) {
      NetworkTrainer trainer =
          recipe.needsMixture() ? trainer(recipe) : trainer(recipe).from(mixture);
      assertThatThrownBy(() -> trainer.train(tiny.rows(), interruption, Progress.SILENT))
          .isInstanceOf(InputException.class)
          .hasMessage(
              recipe.needsMixture()
                  ? recipe.kind() + " begins with a mixture; give one with `mixture` M.mfa"
                  : recipe.kind() + " does not begin with a mixture; leave out `mixture`");
    }
  }

  @Test
  void mixturesMustFitTheData() {
    TinyTraining points = TinyTraining.of(new AdversarialMfa(), false);
    assertRefused(
        points,
        TinyTraining.images(new ImageShape(1, 14, 14)),
        "stripes has rows of 196 values (14x14), but those of the mixture have 2 values");
    TinyTraining translation = TinyTraining.of(new Pix2Pix(), true);
    assertRefused(
        translation,
        TinyTraining.images(new ImageShape(3, 14, 14)),
        "the mixture is of 7x7 images, but the data are 14x14x3");
    assertRefused(
        TinyTraining.of(new Pix2Pix(), false),
        translation.rows(),
        "the mixture is not one of images, which pix2pix needs");
  }

  static Stream<Recipe> autoEncoders() {
    return Stream.of(new Vae(), new VaeDfc());
  }

  @ParameterizedTest
  @MethodSource("autoEncoders")
  void autoEncodersNeedImages(Recipe recipe) {
    assertRefused(
        TinyTraining.of(recipe, true),
        TinyTraining.points(20),
        recipe.kind() + " is trained on images, but rows are numbers without shape");
  }

  @Test
  void pixelsAndPointsMustBeUsable() {
    ImageShape shape = new ImageShape(1, 8, 8);
    float[] bright = new float[10 * 64];
    bright[100] = 3;
    assertRefused(
        TinyTraining.of(new Dcgan(), true),
        floats(shape, bright),
        "made: pixels must lie in [0, 1], but there is 3.0; divide them by their range, or store"
            + " them as bytes");
    bright[100] = Float.NaN;
    for (Samples rows :
        new Samples[] {floats(shape, bright), floats(shape, bright).withoutShape()}) {
      TinyTraining tiny = TinyTraining.of(new WganGp(), rows.shape().isPresent());
      assertThatThrownBy(() -> tiny.train(rows, tiny.options(2), trainer -> trainer, 2))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("made")
          .hasMessageContaining("row 1");
    }
  }

  static Stream<Recipe> withoutMixture() {
    return Recipe.all().stream().filter(recipe -> !recipe.needsMixture());
  }

  @ParameterizedTest
  @MethodSource("withoutMixture")
  void imagesThatCannotBeHalved(Recipe recipe) {
    assertRefused(
        TinyTraining.of(recipe, true),
        TinyTraining.images(new ImageShape(1, 8, 400)),
        "400x8 images cannot be halved often enough for a convolutional network; add `size`"
            + " 28x28, 32x32 or 64x64");
  }

  @Test
  void numbersOutOfTheirRange() {
    NetworkOptions options = NetworkOptions.defaults(new Began());
    assertThatThrownBy(() -> options.withSteps(0)).hasMessage("`steps` must be at least 1, got 0");
    assertThatThrownBy(() -> options.withBatch(0)).hasMessage("`batch` must be at least 1, got 0");
    assertThatThrownBy(() -> options.withCriticSteps(-1))
        .hasMessage("`criticSteps` must be at least 0, got -1");
    assertThatThrownBy(() -> options.withLearningRate(Double.NaN))
        .hasMessage("`learningRate` must be above 0 and below 1, got NaN");
    assertThatThrownBy(() -> options.withAverage(1))
        .hasMessage("`average` must be at least 0 and below 1, got 1.0");
    assertThatThrownBy(() -> options.withAverage(Double.NaN))
        .hasMessage("`average` must be at least 0 and below 1, got NaN");
    assertThatThrownBy(() -> new Began(2))
        .hasMessage("`gamma` must be above 0 and at most 1, got 2.0");
    assertThatThrownBy(() -> new Began(0.5, 0, 0))
        .hasMessage("`lambdaK` must be above 0 and at most 1, got 0.0");
    assertThatThrownBy(() -> new Began(0.5, 0.001, -1))
        .hasMessage("`stall` must be at least 0, got -1");
    assertThatThrownBy(() -> new Schedule(0, 0, 0, 0))
        .hasMessage("`logEvery` must be at least 1, got 0");
    TinyTraining tiny = TinyTraining.of(new Dcgan(), false);
    assertThatThrownBy(() -> tiny.train(tiny.options(2), trainer -> trainer.sized(5000, 3)))
        .hasMessage("`width` must be from 1 to 4096, got 5000");
    assertThatThrownBy(() -> tiny.train(tiny.options(2), trainer -> trainer.sized(5, 0)))
        .hasMessage("`latent` must be from 1 to 65536, got 0");
  }

  /** The mixture's images are of 7x7 pixels, the data of 14x14: what comes out is like the data. */
  @Test
  void translationMayEnlarge() {
    TinyTraining tiny = TinyTraining.of(new Pix2Pix(), true);
    try (TrainedNetwork trained = tiny.train(tiny.options(2), trainer -> trainer);
        RowSampler sampler = trained.sampler(3)) {
      assertThat(trained.architecture().given()).isEqualTo(new ImageShape(1, 7, 7));
      assertThat(sampler.shape()).contains(TinyTraining.IMAGE);
      assertThat(sampler.nextRows(2)).hasSize(2 * TinyTraining.IMAGE.dims());
    }
  }

  @Test
  void labelsMustFitTheImages() {
    Samples images = TinyTraining.images(TinyTraining.IMAGE);
    assertThatThrownBy(() -> classifier(images, new int[3]))
        .isInstanceOf(InputException.class)
        .hasMessage("stripes has 40 rows, but there are 3 labels");
    assertThatThrownBy(() -> classifier(images, new int[40]))
        .hasMessageContaining("of at least two classes");
    assertThatThrownBy(() -> classifier(TinyTraining.points(40), new int[40]))
        .hasMessage("corners: a classifier needs images, but its rows are numbers");
  }

  private static void classifier(Samples rows, int[] labels) {
    LabelClassifier.train(rows, labels, 1, ComputeDevice.CPU, Progress.SILENT).close();
  }

  /** Features that are zero everywhere compare nothing. */
  @Test
  void featuresThatTellNothing() {
    TinyTraining tiny = TinyTraining.of(new VaeDfc(), true);
    assertRefused(
        tiny,
        StoredSamples.ofBytes("black", TinyTraining.IMAGE, new byte[20 * 196]),
        "black: a layer of features is zero or not finite on its images; use other `features`");
  }
}
