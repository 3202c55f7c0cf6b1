package org.mixel.data;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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
   * @param source the rows; of images the shape is dropped
   * @param shift what each of the {@code d} columns lies about; copied
   * @param scale the unit of each column, positive; copied
   * @throws IllegalArgumentException if there are other than {@code d} numbers
   */
  public static StandardizedSamples of(Samples source, double[] shift, double[] scale) {
    if (shift.length != source.dims() || scale.length != source.dims()) {
      throw new IllegalArgumentException(
          shift.length + " shifts and " + scale.length + " scales for " + source.dims());
    }
    return new StandardizedSamples(source.withoutShape(), shift.clone(), scale.clone());
  }

  /**
   * Rows less an origin, in their own units.
   *
   * @param origin {@code d} values, or null to leave the rows as they are
   */
  public static Samples about(double @Nullable [] origin, Samples source) {
    if (origin == null) {
      return source;
    }
    double[] ones = new double[origin.length];
    Arrays.fill(ones, 1);
    return of(source, origin, ones);
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
