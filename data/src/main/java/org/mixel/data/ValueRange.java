package org.mixel.data;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The range of the values of a set, from a sample of at most 256 rows spread over the set and at
 * most 512 columns, the same for the same set. Missing and infinite values do not count.
 *
 * @param least the least value
 * @param low 5% of the values are less
 * @param high 5% of the values are more
 * @param most the largest value
 * @param deviation root mean square of the values' deviations from the means of their columns, over
 *     the columns that vary; 0 when none does
 */
public record ValueRange(double least, double low, double high, double most, double deviation) {
  private static final int ROWS = 256;
  private static final int COLUMNS = 512;

  /** Rows that are read hold no more values than this, or they are two. */
  private static final int READ_VALUES = 1 << 22;

  /** Scales that pixels come in. */
  public enum Scale {
    /** From 0 to 1, as bytes are taken; samples of a model may leave it a little. */
    UNIT("0 to 1"),
    /** From -1 to 1, as networks take them. */
    SIGNED("-1 to 1"),
    /** From 0 to 255: bytes stored as floats. */
    BYTES("0 to 255"),
    /** Any other. */
    OTHER("of another scale");

    private final String text;

    Scale(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * The range of a set.
   *
   * @return empty if no value counts
   */
  public static Optional<ValueRange> of(Samples samples) {
    int rows = Math.min(samples.rows(), Math.max(2, Math.min(ROWS, READ_VALUES / samples.dims())));
    int[] columns = columns(samples.dims());
    double[] values = new double[rows * columns.length];
    double[][] sums = new double[columns.length][3];
    int count = 0;
    for (int i = 0; i < rows; i++) {
      float[] row = samples.row((int) ((long) i * samples.rows() / rows));
      for (int j = 0; j < columns.length; j++) {
        double value = row[columns[j]];
        if (Double.isFinite(value)) {
          values[count++] = value;
          add(sums[j], value);
        }
      }
    }
    if (count == 0) {
      return Optional.empty();
    }
    double[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return Optional.of(
        new ValueRange(
            sorted[0],
            sorted[(count - 1) / 20],
            sorted[count - 1 - (count - 1) / 20],
            sorted[count - 1],
            deviation(sums)));
  }

  private static int[] columns(int dims) {
    if (dims <= COLUMNS) {
      return IntStream.range(0, dims).toArray();
    }
    return new SplittableRandom(0).ints(0, dims).distinct().limit(COLUMNS).sorted().toArray();
  }

  /** Count, mean and sum of squared deviations, by Welford's update. */
  private static void add(double[] sums, double value) {
    double before = value - sums[1];
    sums[0]++;
    sums[1] += before / sums[0];
    sums[2] += before * (value - sums[1]);
  }

  private static double deviation(double[][] columns) {
    double squares = 0;
    double count = 0;
    for (double[] sums : columns) {
      if (sums[2] > 0) {
        squares += sums[2];
        count += sums[0];
      }
    }
    return count == 0 ? 0 : Math.sqrt(squares / count);
  }

  /** The scale that these values seem to have. */
  public Scale scale() {
    if (most >= 8 && most <= 1024 && least >= -most && low >= -high / 2) {
      return Scale.BYTES;
    }
    boolean exact = least >= -1.001 && least <= -0.9 && most <= 1.001;
    if (exact || (low <= -0.5 && low >= -1.5 && least >= -3 && high <= 1.5 && most <= 3)) {
      return Scale.SIGNED;
    }
    boolean near = low >= -0.5 && high <= 1.5;
    return near && least > -8 && most < 8 ? Scale.UNIT : Scale.OTHER;
  }
}
