package org.mixel.neural;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.neural.network.DenseNetworks;
import org.mixel.neural.network.FeatureLayers;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.Parameters;
import org.mixel.neural.network.Pyramid;
import org.mixel.neural.network.WeightRule;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/**
 * Networks of every family take and give rows of the right size for all sizes of images, forget
 * their running averages while they train, and keep rows apart when they do not.
 */
@ExtendWith(OneThread.class)
class ShapesTest {
  private static final int ROWS = 2;
  private static final int LATENT = 3;

  private final NativeScope scope = new NativeScope();
  private final RandomStream random = RandomStream.of(2);
  private final Parameters parameters =
      Parameters.from(Parameters.Source.fresh(random, ComputeDevice.CPU, ScalarType.Float));

  @AfterEach
  void close() {
    parameters.close();
    random.close();
    scope.close();
  }

  static Stream<ImageShape> shapes() {
    return Stream.of(28, 32, 64)
        .flatMap(side -> Stream.of(new ImageShape(1, side, side), new ImageShape(3, side, side)));
  }

  private Tensor rows(int values) {
    return random.normal(Devices.cpu(), ROWS, values);
  }

  private static void assertGives(Network network, Tensor rows, long... shape) {
    for (boolean training : new boolean[] {true, false}) {
      Tensor given = network.forward(rows, training);
      assertThat(given.sizes().vec().get()).isEqualTo(shape);
      assertThat(Tensors.floats(given)).doesNotContain(Float.NaN);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void convolutional(ImageShape shape) {
    Network generator =
        Dcgan.generator(parameters, Pyramid.of(shape, 3), LATENT, 2, WeightRule.SMALL_NORMAL);
    assertGives(generator, rows(LATENT), ROWS, shape.dims());
    for (float pixel : Tensors.floats(generator.forward(rows(LATENT), true))) {
      assertThat(pixel).isBetween(-1f, 1f);
    }
    Network critic = Dcgan.critic(parameters, Pyramid.of(shape, 3), 2, true);
    assertGives(critic, rows(shape.dims()), ROWS, 1);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void equilibrium(ImageShape shape) {
    Network generator = Began.generator(parameters, Pyramid.of(shape, 7), LATENT, 2);
    assertGives(generator, rows(LATENT), ROWS, shape.dims());
    Network critic = Began.autoEncoder(parameters, Pyramid.of(shape, 7), LATENT, 2);
    assertGives(critic, rows(shape.dims()), ROWS, shape.dims());
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void variational(ImageShape shape) {
    Network encoder = Vae.encoder(parameters, Pyramid.of(shape, 4), LATENT, 2);
    assertGives(encoder, rows(shape.dims()), ROWS, 2 * LATENT);
    Network decoder = Vae.decoder(parameters, Pyramid.of(shape, 4), LATENT, 2);
    assertGives(decoder, rows(LATENT), ROWS, shape.dims());
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void translation(ImageShape shape) {
    Network generator = Pix2Pix.generator(parameters, shape, 1, false);
    assertGives(generator, rows(shape.dims()), ROWS, shape.dims());
    Network critic = Pix2Pix.critic(parameters, shape, 2);
    // After the halvings, two convolutions of 4x4 take a pixel each from both sides.
    int patches = (shape.height() <= 32 ? shape.height() / 2 : shape.height() / 4) - 2;
    assertGives(critic, rows(2 * shape.dims()), ROWS, (long) patches * patches);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void features(ImageShape shape) {
    FeatureLayers layers = new FeatureLayers(parameters, shape, 2, 10);
    assertGives(layers, rows(shape.dims()), ROWS, 10);
    List<Tensor> features = layers.features(rows(shape.dims()));
    assertThat(features).hasSize(3);
    for (int i = 0; i < 3; i++) {
      long side = shape.height() >> i;
      assertThat(features.get(i).sizes().vec().get())
          .isEqualTo(new long[] {ROWS, 2 << i, side, side});
    }
  }

  /** 28 pixels, as of digits, by way of 14 and 7 to 3, and back. */
  @Test
  void networksHalveOddSides() {
    for (ImageShape shape : List.of(new ImageShape(1, 28, 28), new ImageShape(3, 29, 50))) {
      assertThat(Pyramid.of(shape, 3).levels()).isEqualTo(3);
      int dims = shape.dims();
      assertGives(
          own -> Dcgan.generator(own, Pyramid.of(shape, 3), LATENT, 2, WeightRule.HE),
          LATENT,
          dims);
      assertGives(own -> Dcgan.critic(own, Pyramid.of(shape, 3), 2, true), dims, 1);
      assertGives(own -> Vae.encoder(own, Pyramid.of(shape, 4), LATENT, 2), dims, 2 * LATENT);
      assertGives(own -> Vae.decoder(own, Pyramid.of(shape, 4), LATENT, 2), LATENT, dims);
      assertGives(own -> Began.autoEncoder(own, Pyramid.of(shape, 7), LATENT, 2), dims, dims);
    }
  }

  private void assertGives(Function<Parameters, Network> network, int takes, int gives) {
    try (Parameters own =
        Parameters.from(Parameters.Source.fresh(random, ComputeDevice.CPU, ScalarType.Float))) {
      assertGives(network.apply(own), rows(takes), ROWS, gives);
    }
  }

  /** Sides of 14, 7, 3 and 1 pixels on the way down, and the same on the way up. */
  @Test
  void translationHalvesOddSides() {
    for (ImageShape shape : List.of(new ImageShape(1, 14, 14), new ImageShape(3, 7, 13))) {
      assertGives(own -> Pix2Pix.generator(own, shape, 1, false), shape.dims(), shape.dims());
    }
  }

  @Test
  void denseNetworksTakeAndGiveRowsOfAnySize() {
    assertGives(DenseNetworks.of(parameters, "generator", 5, 4, 2), rows(5), ROWS, 2);
    assertGives(DenseNetworks.autoEncoder(parameters, "critic", 7, 4, 2), rows(7), ROWS, 7);
  }

  @Test
  void imagesThatCannotBeHalvedAreRefused() {
    ImageShape flat = new ImageShape(1, 8, 400);
    String refusal =
        "400x8 images cannot be halved often enough for a convolutional network; add `size`"
            + " 28x28, 32x32 or 64x64";
    for (int smallest : new int[] {3, 4, 7}) {
      assertThatThrownBy(() -> Pyramid.of(flat, smallest))
          .isInstanceOf(InputException.class)
          .hasMessage(refusal);
    }
    assertThatThrownBy(() -> new Pyramid(new ImageShape(1, 14, 7), 3))
        .isInstanceOf(InputException.class)
        .hasMessage("7x14 images cannot be halved 3 times");
  }

  @Test
  void imagesTooSmallForPatchesAreRefused() {
    for (int side : new int[] {1, 2, 5}) {
      ImageShape small = new ImageShape(1, side, 40);
      String refusal =
          "40x%d images are too small for pix2pix, which needs 6 pixels on either side; add `size`"
              .formatted(side);
      assertThatThrownBy(() -> Pix2Pix.critic(parameters, small, 2))
          .isInstanceOf(InputException.class)
          .hasMessage(refusal);
      assertThatThrownBy(() -> Pix2Pix.generator(parameters, small, 2, false)).hasMessage(refusal);
    }
    assertGives(Pix2Pix.critic(parameters, new ImageShape(1, 6, 8), 2), rows(96), ROWS, 2);
  }

  /** Batch normalisation in training is of the batch alone; its averages count afterwards. */
  @Test
  void runningAveragesDoNotCountInTraining() {
    ImageShape shape = new ImageShape(1, 16, 16);
    Network critic = Dcgan.critic(parameters, Pyramid.of(shape, 3), 2, true);
    Tensor rows = rows(shape.dims());
    float[] trained = Tensors.floats(critic.forward(rows, true));
    float[] used = Tensors.floats(critic.forward(rows, false));
    parameters
        .named()
        .forEach(
            (name, tensor) -> {
              if (name.contains("running")) {
                tensor.fill_(new Scalar(17));
              }
            });
    assertThat(Tensors.floats(critic.forward(rows, true))).isEqualTo(trained);
    assertThat(Tensors.floats(critic.forward(rows, false))).isNotEqualTo(used);
  }

  @Test
  void rowsDoNotMixOnceTrained() {
    ImageShape shape = new ImageShape(1, 16, 16);
    Network generator =
        Dcgan.generator(parameters, Pyramid.of(shape, 3), LATENT, 2, WeightRule.SMALL_NORMAL);
    Tensor rows = rows(LATENT);
    for (int i = 0; i < 5; i++) {
      generator.forward(rows, true);
    }
    float[] together = Tensors.floats(generator.forward(rows, false).narrow(0, 1, 1));
    float[] alone = Tensors.floats(generator.forward(rows.narrow(0, 1, 1), false));
    for (int i = 0; i < alone.length; i++) {
      assertThat(alone[i]).isCloseTo(together[i], within(1e-5f));
    }
  }
}
