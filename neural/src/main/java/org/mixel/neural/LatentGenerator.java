package org.mixel.neural;

import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;

/**
 * A network that turns latent rows into rows.
 *
 * @param parameters of the network
 * @param network from {@code [n, latent]} to {@code [n, d]}
 * @param latent values of a latent row
 * @param noise how those are distributed
 * @param likelihood of pixels given what the network gives, or null if it gives the rows
 */
public record LatentGenerator(
    Parameters parameters,
    Network network,
    int latent,
    Noise noise,
    @Nullable Likelihood likelihood)
    implements Generator {
  /** The distribution of latent values, independent of each other. */
  public enum Noise {
    /** Standard normal. */
    NORMAL {
      @Override
      Tensor draw(RandomStream random, Parameters parameters, int count, int latent) {
        return random.normal(parameters.device(), count, latent);
      }
    },
    /** Uniform in [-1, 1). */
    UNIFORM {
      @Override
      Tensor draw(RandomStream random, Parameters parameters, int count, int latent) {
        return random
            .uniform(parameters.device(), count, latent)
            .mul_(new Scalar(2))
            .sub_(new Scalar(1));
      }
    };

    abstract Tensor draw(RandomStream random, Parameters parameters, int count, int latent);
  }

  /** Builds a network that gives rows. */
  static LatentGenerator of(
      Architecture architecture,
      Parameters.Source source,
      Noise noise,
      Function<Parameters, Network> network) {
    Parameters parameters = Parameters.from(source);
    return new LatentGenerator(
        parameters, parameters.build(network), architecture.latent(), noise, null);
  }

  /** The same of a network whose numbers pixels are distributed by. */
  LatentGenerator with(Likelihood ofPixels) {
    return new LatentGenerator(parameters, network, latent, noise, ofPixels);
  }

  @Override
  public Tensor draw(RandomStream random, int count, boolean training) {
    return forward(latentRows(random, count), training);
  }

  /**
   * The rows that latent rows stand for.
   *
   * @param latentRows {@code [n, latent]}
   * @return {@code [n, d]} in the generator's units
   */
  public Tensor forward(Tensor latentRows, boolean training) {
    Tensor rows = network.forward(latentRows, training);
    return likelihood == null ? rows : likelihood.mean(rows);
  }

  /** Latent rows, {@code [count, latent]}, owned by the current scope. */
  public Tensor latentRows(RandomStream random, int count) {
    return NativeScope.compute(
        () -> noise.draw(random, parameters, count, latent).to(parameters.type()));
  }
}
