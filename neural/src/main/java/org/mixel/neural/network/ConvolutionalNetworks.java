package org.mixel.neural.network;

import org.mixel.data.ImageShape;

/**
 * The architecture of DCGAN (Radford, Metz and Chintala 2016, section 3 and figure 1): strided
 * convolutions instead of pooling, batch normalisation, rectifiers; its sides are halved down to 4
 * or 7 pixels. Wasserstein GANs and the adversarial mixture use the same networks.
 */
public final class ConvolutionalNetworks {
  private static final int SMALLEST_SIDE = 4;
  private static final double SLOPE = 0.2;

  private ConvolutionalNetworks() {}

  /**
   * Turns latent rows into images.
   *
   * @param latent values of a latent row
   * @param width channels of the largest level below the image
   * @param he whether weights begin as He et al. (2015) say, which WGAN-GP's authors do; others
   *     begin as DCGAN's
   * @return a network from {@code [n, latent]} to {@code [n, d]}, values in [-1, 1]
   * @throws org.mixel.InputException if images of this shape cannot be halved
   */
  public static Stack generator(
      Parameters parameters, ImageShape shape, int latent, int width, boolean he) {
    Pyramid pyramid = Pyramid.of(shape, SMALLEST_SIDE);
    int top = pyramid.levels();
    int channels = width << (top - 1);
    WeightRule rule = rule(he);
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
   * Rates images.
   *
   * @param width channels of the first level
   * @param norm whether batches are normalised; not under a gradient penalty, which is of each row
   *     by itself (Gulrajani et al. 2017, section 4)
   * @return a network from {@code [n, d]} to {@code [n, 1]}
   * @throws org.mixel.InputException if images of this shape cannot be halved
   */
  public static Stack critic(Parameters parameters, ImageShape shape, int width, boolean norm) {
    Pyramid pyramid = Pyramid.of(shape, SMALLEST_SIDE);
    Stack.Builder stack =
        Stack.Builder.ofImages(parameters, "critic", rule(!norm), shape)
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

  private static WeightRule rule(boolean he) {
    return he ? WeightRule.HE : WeightRule.SMALL_NORMAL;
  }
}
