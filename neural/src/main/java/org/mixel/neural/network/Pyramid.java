package org.mixel.neural.network;

import static org.mixel.InputException.require;

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
   * @throws InputException if the sides cannot be halved so often, or not often enough
   */
  public Pyramid {
    requireLevels(shape, levels);
  }

  /**
   * Checks a number of levels.
   *
   * @throws InputException if the sides cannot be halved so often, or not often enough
   */
  public static void requireLevels(ImageShape shape, int levels) {
    int halvings = Math.min(levels, Integer.SIZE - 1);
    require(
        levels >= 1 && Math.max(shape.height(), shape.width()) >> halvings <= LONGEST_SIDE,
        shape
            + " images cannot be halved often enough for a convolutional network; add `size`"
            + " 28x28, 32x32 or 64x64");
    require(
        Math.min(shape.height(), shape.width()) >> halvings >= 1,
        "%s images cannot be halved %d times".formatted(shape, levels));
  }

  /**
   * @param atLeast no side of the smallest level is shorter
   * @throws InputException if the sides cannot be halved often enough
   */
  public static Pyramid of(ImageShape shape, int atLeast) {
    return new Pyramid(shape, levels(shape, atLeast, true));
  }

  /**
   * The levels of the first version, which halved no odd side.
   *
   * @param atLeast no side of the smallest level is shorter
   * @return 0 if the sides cannot be halved so
   */
  public static int evenLevels(ImageShape shape, int atLeast) {
    return levels(shape, atLeast, false);
  }

  private static int levels(ImageShape shape, int atLeast, boolean odd) {
    int height = shape.height();
    int width = shape.width();
    int levels = 0;
    while ((odd || height % 2 == 0 && width % 2 == 0) && Math.min(height, width) / 2 >= atLeast) {
      height /= 2;
      width /= 2;
      levels++;
    }
    return levels;
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
