package org.mixel.neural.network;

import org.mixel.InputException;
import org.mixel.data.ImageShape;

/**
 * How often the sides of an image are halved, the halves rounded down.
 *
 * @param shape the image
 * @param levels how often, at least once
 */
public record Pyramid(ImageShape shape, int levels) {
  /** A smallest level with a longer side would make the dense layer beside it huge. */
  private static final int LONGEST_SIDE = 16;

  /**
   * @param atLeast no side of the smallest level is shorter
   * @throws InputException if the sides cannot be halved often enough
   */
  public static Pyramid of(ImageShape shape, int atLeast) {
    int height = shape.height();
    int width = shape.width();
    int levels = 0;
    while (Math.min(height, width) / 2 >= atLeast) {
      height /= 2;
      width /= 2;
      levels++;
    }
    if (levels == 0 || Math.max(height, width) > LONGEST_SIDE) {
      throw new InputException(
          shape
              + " images cannot be halved often enough for a convolutional network; add `size`"
              + " 28x28, 32x32 or 64x64");
    }
    return new Pyramid(shape, levels);
  }

  /** Rows of pixels after so many halvings. */
  public int height(int level) {
    return shape.height() >> level;
  }

  /** Columns of pixels after so many halvings. */
  public int width(int level) {
    return shape.width() >> level;
  }
}
