package org.mixel.data;

import java.util.Optional;

/**
 * How many values rows have, and which shape they are of when they are images.
 *
 * @param dims values per row
 * @param shape of images, whose values are as many
 */
public record RowSize(int dims, Optional<ImageShape> shape) {
  /** That of the rows of a set. */
  public static RowSize of(Samples samples) {
    return new RowSize(samples.dims(), samples.shape());
  }

  /**
   * What brings rows of this size to another one: options for images, nothing for rows of numbers.
   *
   * @return the end of a message, empty when no option helps
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
