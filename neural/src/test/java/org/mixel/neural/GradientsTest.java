package org.mixel.neural;

import static org.mixel.neural.FiniteDifferences.assertGradients;
import static org.mixel.neural.FiniteDifferences.scatter;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mixel.data.ImageShape;
import org.mixel.neural.network.DenseNetworks;
import org.mixel.neural.network.FeatureLayers;
import org.mixel.neural.network.Losses;
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
 * The gradient that training follows is that of the loss, through the networks of every model: it
 * equals differences of the loss in float64, second derivatives of the penalty included.
 */
@ExtendWith(OneThread.class)
class GradientsTest {
  private static final ImageShape IMAGE = new ImageShape(1, 16, 16);
  private static final Pyramid LEVELS = Pyramid.of(IMAGE, 3);
  private static final int ROWS = 3;
  private static final int LATENT = 3;
  private static final int POINT = 2;

  private final RandomStream random = RandomStream.of(11);
  private final List<Parameters> made = new ArrayList<>();
  private NativeScope scope = new NativeScope();

  @BeforeEach
  void open() {
    scope.close();
    scope = new NativeScope();
  }

  @AfterEach
  void close() {
    made.forEach(Parameters::close);
    random.close();
    scope.close();
  }

  private Parameters parameters() {
    Parameters fresh =
        Parameters.from(Parameters.Source.fresh(random, ComputeDevice.CPU, ScalarType.Double));
    made.add(fresh);
    return fresh;
  }

  private Tensor normal(long... shape) {
    return random.normal(Devices.cpu(), shape).to(ScalarType.Double);
  }

  private Tensor pixels(long... shape) {
    return random.uniform(Devices.cpu(), shape).to(ScalarType.Double);
  }

  /** A pair of adversaries. */
  private record Pair(
      Network generator, Parameters ofGenerator, Network critic, Parameters ofCritic, int dims) {}

  private Pair pair(String family) {
    Parameters ofGenerator = parameters();
    Parameters ofCritic = parameters();
    int dims = family.equals("dense") || family.equals("dense auto-encoder") ? POINT : IMAGE.dims();
    Network generator =
        switch (family) {
          case "convolutional" ->
              Dcgan.generator(ofGenerator, LEVELS, LATENT, 2, WeightRule.SMALL_NORMAL);
          case "convolutional without norm" ->
              Dcgan.generator(ofGenerator, LEVELS, LATENT, 2, WeightRule.HE);
          case "equilibrium" -> Began.generator(ofGenerator, LEVELS, LATENT, 2);
          default -> DenseNetworks.of(ofGenerator, "generator", LATENT, 5, POINT);
        };
    Network critic =
        switch (family) {
          case "convolutional" -> Dcgan.critic(ofCritic, LEVELS, 2, true);
          case "convolutional without norm" -> Dcgan.critic(ofCritic, LEVELS, 2, false);
          case "equilibrium" -> Began.autoEncoder(ofCritic, LEVELS, LATENT, 2);
          case "dense auto-encoder" -> DenseNetworks.autoEncoder(ofCritic, "critic", POINT, 5, 3);
          default -> DenseNetworks.of(ofCritic, "critic", POINT, 5, 1);
        };
    scatter(ofGenerator, random);
    scatter(ofCritic, random);
    return new Pair(generator, ofGenerator, critic, ofCritic, dims);
  }

  record Case(String name, Losses.Adversarial loss, String family) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> adversaries() {
    Losses.Equilibrium equilibrium = new Losses.Equilibrium(0.5, 0.001, 0);
    equilibrium.restore(new double[] {0.3});
    return Stream.of(
        new Case("dcgan", new Losses.NonSaturating(), "convolutional"),
        new Case("dcgan of points", new Losses.NonSaturating(), "dense"),
        new Case("wgan", Losses.Wasserstein.defaults(), "convolutional"),
        new Case("wgan of points", Losses.Wasserstein.defaults(), "dense"),
        new Case("wgan-gp", Losses.GradientPenalty.defaults(), "convolutional without norm"),
        new Case("wgan-gp of points", Losses.GradientPenalty.defaults(), "dense"),
        new Case("began", equilibrium, "equilibrium"),
        new Case("began of points", equilibrium, "dense auto-encoder"));
  }

  @ParameterizedTest
  @MethodSource("adversaries")
  void ofTheCritic(Case model) {
    Pair pair = pair(model.family());
    Tensor real = normal(ROWS, pair.dims());
    Tensor rows = normal(ROWS, pair.dims());
    assertGradients(
        pair.ofCritic().trained(),
        () -> {
          try (RandomStream same = RandomStream.of(5)) {
            return model.loss().ofCritic(pair.critic(), real, rows, same);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("adversaries")
  void ofTheGenerator(Case model) {
    Pair pair = pair(model.family());
    Tensor latent = normal(ROWS, LATENT);
    assertGradients(
        pair.ofGenerator().trained(),
        () -> model.loss().ofGenerator(pair.critic(), pair.generator().forward(latent, true)));
  }

  /** The penalty alone, whose gradient is all of second derivatives. */
  @Test
  void ofThePenalty() {
    Pair pair = pair("convolutional without norm");
    Tensor rows = normal(ROWS, pair.dims());
    List<Tensor> all = pair.ofCritic().trained();
    // Nothing of what the last bias adds has a slope.
    assertGradients(
        all.subList(0, all.size() - 1), () -> Losses.GradientPenalty.penalty(pair.critic(), rows));
  }

  private Tensor bound(
      Network encoder, Network decoder, Tensor rows, Tensor noise, Losses.Reconstruction loss) {
    Tensor posterior = encoder.forward(rows, true);
    Tensor mean = posterior.narrow(1, 0, LATENT);
    Tensor logVariance = posterior.narrow(1, LATENT, LATENT);
    Tensor logits = decoder.forward(Losses.draw(mean, logVariance, noise), true);
    return loss.of(logits, rows).add(Losses.divergence(mean, logVariance));
  }

  private void assertBoundHasItsGradient(Losses.Reconstruction loss) {
    Parameters parameters = parameters();
    Network encoder = Vae.encoder(parameters, LEVELS, LATENT, 2);
    Network decoder = Vae.decoder(parameters, LEVELS, LATENT, 2);
    scatter(parameters, random);
    Tensor rows = pixels(ROWS, IMAGE.dims());
    Tensor noise = normal(ROWS, LATENT);
    assertGradients(parameters.trained(), () -> bound(encoder, decoder, rows, noise, loss));
  }

  @ParameterizedTest
  @EnumSource
  void ofEncoderAndDecoderByPixels(Likelihood likelihood) {
    assertBoundHasItsGradient(likelihood);
  }

  @Test
  void ofEncoderAndDecoderByFeatures() {
    Parameters fixed = parameters();
    FeatureLayers layers = new FeatureLayers(fixed, IMAGE, 2, 1);
    scatter(fixed, random);
    assertBoundHasItsGradient(new Losses.Features(layers::features, List.of(0.5, 0.9, 2.0), 1));
  }

  @Test
  void ofTranslation() {
    Parameters ofGenerator = parameters();
    Parameters ofCritic = parameters();
    Network generator = Pix2Pix.generator(ofGenerator, IMAGE, 1, false);
    Network critic = Pix2Pix.critic(ofCritic, IMAGE, 2);
    scatter(ofGenerator, random);
    scatter(ofCritic, random);
    Tensor given = normal(ROWS, IMAGE.dims());
    Tensor real = normal(ROWS, IMAGE.dims());
    Losses.Translation loss = Losses.Translation.defaults();
    Tensor rows = generator.forward(given, true).detach();
    assertGradients(ofCritic.trained(), () -> loss.ofCritic(critic, given, real, rows));
    assertGradients(
        ofGenerator.trained(),
        () -> loss.ofGenerator(critic, given, real, generator.forward(given, true)).sum());
  }

  @Test
  void ofTheClassifier() {
    Parameters parameters = parameters();
    FeatureLayers layers = new FeatureLayers(parameters, IMAGE, 2, 3);
    scatter(parameters, random);
    Tensor rows = pixels(ROWS, IMAGE.dims());
    Tensor classes = Tensors.of(new long[] {2, 0, 1}, ROWS);
    assertGradients(
        parameters.trained(), () -> torch.cross_entropy_loss(layers.forward(rows, true), classes));
  }
}
