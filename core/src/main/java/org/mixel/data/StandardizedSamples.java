package org.mixel.data;

import java.nio.ByteBuffer;

/**
 * Rows of float64 numbers: {@code (x - shift) / scale}, column by column, computed in float64. What
 * is missing (NaN) stays missing.
 */
public final class StandardizedSamples extends FloatView {
  private final double[] shift;
  private final double[] scale;

  private StandardizedSamples(Samples source, double[] shift, double[] scale) {
    super(source);
    this.shift = shift;
    this.scale = scale;
  }

  /**
   * A view of a set.
   *
   * @param source rows that are no images
   * @param shift what each of the {@code d} columns lies about; copied
   * @param scale the unit of each column, positive; copied
   * @throws IllegalArgumentException if the numbers do not fit the rows, or these are images
   */
  public static StandardizedSamples of(Samples source, double[] shift, double[] scale) {
    if (shift.length != source.dims() || scale.length != source.dims()) {
      throw new IllegalArgumentException(
          shift.length + " shifts and " + scale.length + " scales for " + source.dims());
    }
    if (source.shape().isPresent()) {
      throw new IllegalArgumentException("images have units of their own");
    }
    return new StandardizedSamples(source, shift.clone(), scale.clone());
  }

  @Override
  public ElementType type() {
    return ElementType.FLOAT64;
  }

  @Override
  public void read(int from, int count, ByteBuffer target) {
    read(from, count, target, (row, column, stored) -> (stored - shift[column]) / scale[column]);
  }
}
