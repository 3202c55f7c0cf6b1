package org.mixel.data;

import java.nio.ByteBuffer;

/** Rows of floats with numbers in the place of missing values (NaN), the same in every row. */
public final class FilledSamples extends FloatView {
  private final double[] numbers;

  private FilledSamples(Samples source, double[] numbers) {
    super(source);
    this.numbers = numbers;
  }

  /**
   * @param source a set of floats
   * @param numbers what to put for each of the {@code d} values; copied
   * @throws IllegalArgumentException if there are other than {@code d} numbers, or the set does not
   *     hold floats
   */
  public static FilledSamples of(Samples source, double[] numbers) {
    if (!source.type().isFloat() || numbers.length != source.dims()) {
      throw new IllegalArgumentException(numbers.length + " numbers for " + source.dims());
    }
    return new FilledSamples(source, numbers.clone());
  }

  @Override
  public void read(int from, int count, ByteBuffer target) {
    read(
        from,
        count,
        target,
        (row, column, stored) -> Double.isNaN(stored) ? numbers[column] : stored);
  }
}
