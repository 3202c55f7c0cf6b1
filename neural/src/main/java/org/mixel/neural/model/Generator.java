package org.mixel.neural.model;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.mixel.data.ImageShape;
import org.mixel.neural.network.ConvolutionalNetworks;
import org.mixel.neural.network.DenseNetworks;
import org.mixel.neural.network.EquilibriumNetworks;
import org.mixel.neural.network.ParameterSource;
import org.mixel.neural.network.Parameters;
import org.mixel.neural.network.TranslationNetworks;
import org.mixel.neural.network.VariationalNetworks;
import org.mixel.tensor.RandomStream;

/**
 * Turns noise into rows. Owns its parameters until {@link #close()}; not safe for use by several
 * threads.
 */
public interface Generator extends AutoCloseable {
  /**
   * Draws rows; the same stream gives the same noise on any device.
   *
   * @param random where the noise comes from
   * @param training whether batches are normalised by their own statistics
   * @return {@code [count, d]} in the generator's units, differentiable in its parameters, owned by
   *     the current scope
   */
  Tensor draw(RandomStream random, int count, boolean training);

  /** What training moves. */
  Parameters parameters();

  /** Everything that must be stored to draw again, by name; the tensors stay this object's. */
  default Map<String, Tensor> named() {
    return parameters().named();
  }

  /**
   * The generator of a model.
   *
   * @param source of its parameters; of a mixture's, it must hold them
   * @throws org.mixel.InputException if the source does not fit
   */
  static Generator of(Architecture architecture, ParameterSource source) {
    Parameters parameters = Parameters.from(source);
    ModelKind kind = architecture.kind();
    ImageShape image = architecture.image();
    int width = architecture.width();
    int latent = architecture.latent();
    return switch (kind) {
      case DCGAN, WGAN, WGAN_GP, BEGAN ->
          new LatentGenerator(
              parameters,
              image == null
                  ? DenseNetworks.of(parameters, "generator", latent, width, architecture.dims())
                  : kind == ModelKind.BEGAN
                      ? EquilibriumNetworks.generator(parameters, image, latent, width)
                      : ConvolutionalNetworks.generator(
                          parameters, image, latent, width, kind == ModelKind.WGAN_GP),
              latent,
              kind == ModelKind.DCGAN || kind == ModelKind.BEGAN
                  ? LatentGenerator.Noise.UNIFORM
                  : LatentGenerator.Noise.NORMAL,
              false);
      case VAE, VAE_DFC ->
          new LatentGenerator(
              parameters,
              VariationalNetworks.decoder(parameters, requireNonNull(image), latent, width),
              latent,
              LatentGenerator.Noise.NORMAL,
              true);
      case ADVERSARIAL_MFA -> MixtureGenerator.of(source, architecture.dims());
      case PIX2PIX -> {
        ImageShape given = requireNonNull(architecture.given());
        yield new TranslatedMixture(
            MixtureGenerator.of(source.below("mixture."), given.dims()),
            parameters,
            TranslationNetworks.generator(parameters, requireNonNull(image), width),
            given,
            image);
      }
    };
  }

  @Override
  default void close() {
    parameters().close();
  }
}
