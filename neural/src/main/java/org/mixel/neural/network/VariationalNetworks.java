package org.mixel.neural.network;

import org.mixel.data.ImageShape;

/**
 * The architecture of the deep feature consistent VAE (Hou, Shen, Sun and Qiu 2017, figure 2): 4x4
 * convolutions with stride 2 on the way down, nearest neighbours and 3x3 convolutions on the way
 * up, batch normalisation and leaky rectifiers.
 */
public final class VariationalNetworks {
  private static final int SMALLEST_SIDE = 4;
  private static final double SLOPE = 0.2;

  private VariationalNetworks() {}

  /**
   * Tells the posterior of the latent row of an image.
   *
   * @param width channels of the first level; every further level has twice as many
   * @return a network from {@code [n, d]} to {@code [n, 2 latent]}: means, then logs of variances
   * @throws org.mixel.InputException if images of this shape cannot be halved
   */
  public static Stack encoder(Parameters parameters, ImageShape shape, int latent, int width) {
    Pyramid pyramid = Pyramid.of(shape, SMALLEST_SIDE);
    Stack.Builder stack = Stack.Builder.ofImages(parameters, "encoder", WeightRule.HE, shape);
    for (int level = 0; level < pyramid.levels(); level++) {
      stack.convolutionBeforeNorm(width << level, 4, 2, 1).batchNorm().leakyRelu(SLOPE);
    }
    return stack.linear(2 * latent).build();
  }

  /**
   * Turns latent rows into images.
   *
   * @param width channels of the largest level below the image
   * @return a network from {@code [n, latent]} to {@code [n, d]}: logits of pixels
   * @throws org.mixel.InputException if images of this shape cannot be halved
   */
  public static Stack decoder(Parameters parameters, ImageShape shape, int latent, int width) {
    Pyramid pyramid = Pyramid.of(shape, SMALLEST_SIDE);
    int top = pyramid.levels();
    int channels = width << (top - 1);
    Stack.Builder stack =
        Stack.Builder.ofRows(parameters, "generator", WeightRule.HE, latent)
            .linear(channels * pyramid.height(top) * pyramid.width(top))
            .unflatten(channels, pyramid.height(top), pyramid.width(top));
    for (int level = top - 1; level >= 1; level--) {
      stack
          .repeatPixels()
          .convolutionBeforeNorm(width << (level - 1), 3, 1, 1)
          .batchNorm()
          .leakyRelu(SLOPE);
    }
    return stack.repeatPixels().convolution(shape.channels(), 3, 1, 1).flatten().build();
  }
}
