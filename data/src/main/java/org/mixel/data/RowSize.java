package org.mixel.data;

import java.util.Optional;

/**
 * The number of values of a row, and its shape if it is an image.
 *
 * @param dims values per row
 * @param shape of an image of as many values
 */
public record RowSize(int dims, Optional<ImageShape> shape) {
  /** The size of the rows of a set. */
  public static RowSize of(Samples samples) {
    return new RowSize(samples.dims(), samples.shape());
  }

  /**
   * The options that bring images of this size to another one.
   *
   * @return the end of a message, empty if no option helps
   */
  public String remedy(RowSize wanted) {
    if (shape.isEmpty() || wanted.shape.isEmpty()) {
      return "";
    }
    ImageShape its = shape.get();
    ImageShape other = wanted.shape.get();
    if (its.channels() != other.channels()) {
      return "; save both in grey or both in colour";
    }
    return "; add `size` %dx%d or `crop`".formatted(other.width(), other.height());
  }

  /** {@code 3072 values (32x32x3)}. */
  @Override
  public String toString() {
    return dims + " values" + shape.map(its -> " (" + its + ")").orElse("");
  }
}
