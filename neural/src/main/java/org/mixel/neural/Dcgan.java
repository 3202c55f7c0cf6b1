package org.mixel.neural;

import org.mixel.data.ImageShape;
import org.mixel.neural.network.DenseNetworks;
import org.mixel.neural.network.Losses;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.Parameters;
import org.mixel.neural.network.Pyramid;
import org.mixel.neural.network.Stack;
import org.mixel.neural.network.WeightRule;

/**
 * DCGAN (Radford, Metz and Chintala 2016, section 3 and figure 1): strided convolutions instead of
 * pooling, batch normalisation, rectifiers; sides are halved down to 3 to 5 pixels. The settings
 * are those of section 4; the width is that of the authors' code.
 *
 * <p>Wasserstein GANs and the adversarial mixture use the same networks; rows without image shape
 * get dense ones.
 */
public record Dcgan() implements Recipe {
  static final int SMALLEST_SIDE = 3;
  private static final double SLOPE = 0.2;

  @Override
  public String kind() {
    return "dcgan";
  }

  @Override
  public Defaults defaults() {
    return new Defaults(128, 2e-4, 64, 100, 1);
  }

  @Override
  public int smallestSide() {
    return SMALLEST_SIDE;
  }

  @Override
  public Generator generator(Architecture architecture, Parameters.Source source) {
    return LatentGenerator.of(
        architecture,
        source,
        LatentGenerator.Noise.UNIFORM,
        parameters -> generator(parameters, architecture, WeightRule.SMALL_NORMAL));
  }

  @Override
  public Learner learner(Learner.Setup setup) {
    return new AdversarialLearner(
        setup,
        parameters -> critic(parameters, setup.architecture(), true),
        new Losses.NonSaturating(),
        Descent.Rule.adam(0.5, 0.999));
  }

  /** Convolutional for images, dense for other rows. */
  static Network generator(Parameters parameters, Architecture architecture, WeightRule rule) {
    int latent = architecture.latent();
    int width = architecture.width();
    return architecture.image() == null
        ? DenseNetworks.of(parameters, "generator", latent, width, architecture.dims())
        : generator(parameters, architecture.pyramid(), latent, width, rule);
  }

  /**
   * Turns latent rows into images.
   *
   * @param latent values of a latent row
   * @param width channels of the largest level below the image
   * @return a network from {@code [n, latent]} to {@code [n, d]}, values in [-1, 1]
   */
  static Stack generator(
      Parameters parameters, Pyramid pyramid, int latent, int width, WeightRule rule) {
    ImageShape shape = pyramid.shape();
    int top = pyramid.levels();
    int channels = width << (top - 1);
    Stack.Builder stack =
        Stack.Builder.ofRows(parameters, "generator", rule, latent)
            .linear(channels * pyramid.height(top) * pyramid.width(top))
            .unflatten(channels, pyramid.height(top), pyramid.width(top))
            .batchNorm()
            .relu();
    for (int level = top - 1; level >= 1; level--) {
      stack
          .enlarge(width << (level - 1), pyramid.height(level), pyramid.width(level))
          .batchNorm()
          .relu();
    }
    return stack
        .enlargeWithBias(shape.channels(), shape.height(), shape.width())
        .tanh()
        .flatten()
        .build();
  }

  /**
   * Convolutional for images, dense for other rows.
   *
   * @param norm whether batches are normalised; not under a gradient penalty, which is of each row
   *     by itself (Gulrajani et al. 2017, section 4)
   */
  static Network critic(Parameters parameters, Architecture architecture, boolean norm) {
    return architecture.image() == null
        ? DenseNetworks.of(parameters, "critic", architecture.dims(), architecture.width(), 1)
        : critic(parameters, architecture.pyramid(), architecture.width(), norm);
  }

  /**
   * Rates images.
   *
   * @param width channels of the first level
   * @param norm whether batches are normalised; weights then begin as DCGAN's, else as He et al.
   *     (2015) say
   * @return a network from {@code [n, d]} to {@code [n, 1]}
   */
  static Stack critic(Parameters parameters, Pyramid pyramid, int width, boolean norm) {
    WeightRule rule = norm ? WeightRule.SMALL_NORMAL : WeightRule.HE;
    Stack.Builder stack =
        Stack.Builder.ofImages(parameters, "critic", rule, pyramid.shape())
            .convolution(width, 4, 2, 1)
            .leakyRelu(SLOPE);
    for (int level = 1; level < pyramid.levels(); level++) {
      if (norm) {
        stack.convolutionBeforeNorm(width << level, 4, 2, 1).batchNorm();
      } else {
        stack.convolution(width << level, 4, 2, 1);
      }
      stack.leakyRelu(SLOPE);
    }
    return stack.linear(1).build();
  }
}
