package org.mixel.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Rows of floats with numbers in the place of missing values (NaN), the same in every row. */
public final class FilledSamples extends FloatView {
  private final float[] numbers;

  private FilledSamples(Samples source, float[] numbers) {
    super(source);
    this.numbers = numbers;
  }

  /**
   * @param source a set of floats
   * @param numbers what to put for each of the {@code d} values; copied
   * @throws IllegalArgumentException if there are other than {@code d} numbers, or the set does not
   *     hold floats
   */
  public static FilledSamples of(Samples source, float[] numbers) {
    if (source.type() != ElementType.FLOAT32 || numbers.length != source.dims()) {
      throw new IllegalArgumentException(numbers.length + " numbers for " + source.dims());
    }
    return new FilledSamples(source, numbers.clone());
  }

  @Override
  public void read(int from, int count, ByteBuffer target) {
    ByteBuffer floats = target.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int at = target.position();
    source.read(from, count, target);
    for (int row = 0; row < count; row++) {
      for (int j = 0; j < numbers.length; j++, at += Float.BYTES) {
        if (Float.isNaN(floats.getFloat(at))) {
          floats.putFloat(at, numbers[j]);
        }
      }
    }
  }
}
