package org.mixel.neural.network;

import org.mixel.data.ImageShape;

/**
 * The architecture of BEGAN (Berthelot, Schumm and Metz 2017, section 3.4 and figure 1): 3x3
 * convolutions with exponential linear units, two to a level, down to 7 or 8 pixels; nearest
 * neighbours on the way up, strides on the way down. The generator has the shape of the decoder.
 */
public final class EquilibriumNetworks {
  private static final int SMALLEST_SIDE = 7;

  private EquilibriumNetworks() {}

  /**
   * Turns latent rows into images.
   *
   * @param width channels of every level
   * @return a network from {@code [n, latent]} to {@code [n, d]}
   * @throws org.mixel.InputException if images of this shape cannot be halved
   */
  public static Stack generator(Parameters parameters, ImageShape shape, int latent, int width) {
    Stack.Builder stack = Stack.Builder.ofRows(parameters, "generator", WeightRule.HE, latent);
    return decode(stack, shape, width);
  }

  /**
   * Encodes and decodes images.
   *
   * @param width channels of the first level; every further level has as many more
   * @return a network from {@code [n, d]} to {@code [n, d]}
   * @throws org.mixel.InputException if images of this shape cannot be halved
   */
  public static Stack autoEncoder(Parameters parameters, ImageShape shape, int latent, int width) {
    Pyramid pyramid = Pyramid.of(shape, SMALLEST_SIDE);
    Stack.Builder stack = Stack.Builder.ofImages(parameters, "critic", WeightRule.HE, shape);
    stack.convolution(width, 3, 1, 1).elu();
    for (int level = 1; level <= pyramid.levels(); level++) {
      stack.convolution(level * width, 3, 1, 1).elu();
      stack.convolution((level + 1) * width, 3, 2, 1).elu();
    }
    int channels = (pyramid.levels() + 1) * width;
    stack.convolution(channels, 3, 1, 1).elu().convolution(channels, 3, 1, 1).elu();
    return decode(stack.linear(latent), shape, width);
  }

  private static Stack decode(Stack.Builder stack, ImageShape shape, int width) {
    Pyramid pyramid = Pyramid.of(shape, SMALLEST_SIDE);
    int top = pyramid.levels();
    stack
        .linear(width * pyramid.height(top) * pyramid.width(top))
        .unflatten(width, pyramid.height(top), pyramid.width(top));
    for (int level = top; level >= 0; level--) {
      stack.convolution(width, 3, 1, 1).elu().convolution(width, 3, 1, 1).elu();
      if (level > 0) {
        stack.repeatPixels();
      }
    }
    return stack.convolution(shape.channels(), 3, 1, 1).flatten().build();
  }
}
