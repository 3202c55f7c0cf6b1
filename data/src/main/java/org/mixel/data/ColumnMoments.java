package org.mixel.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;

/**
 * Means and standard deviations of the columns of a set, of the values that are not missing (NaN),
 * by the rows' weights where they have some. Computed in float64 in two passes, so that an offset
 * costs no digits.
 *
 * @param means {@code [d]}; 0 where a column has no value
 * @param deviations {@code [d]}, divided by the weight of the values, their number without weights;
 *     0 where they differ by rounding alone
 */
public record ColumnMoments(double[] means, double[] deviations) {
  private static final int BLOCK_BYTES = 1 << 20;

  /** At an offset of so many deviations float32 still tells them to a ten-thousandth. */
  private static final double FAR = 1e3;

  /** A deviation below this part of the mean is rounding: the column is constant. */
  private static final double ROUNDING = 0x1p-50;

  /**
   * Reads a set twice.
   *
   * @throws InputException if a value is infinite, or too large for its square
   */
  public static ColumnMoments of(Samples samples) {
    int dims = samples.dims();
    double[] weights = weights(samples);
    double total = Arrays.stream(weights).sum();
    double[] counts = new double[dims];
    double[] means = new double[dims];
    visit(
        samples,
        (row, column, value) -> {
          if (Double.isInfinite(value)) {
            throw unusable(samples, row, column, "is infinite");
          }
          counts[column] += weights[row];
          means[column] += weights[row] * (value / total);
        });
    for (int j = 0; j < dims; j++) {
      means[j] *= total / (counts[j] > 0 ? counts[j] : 1);
    }
    double[] sums = new double[dims];
    double[] squares = new double[dims];
    visit(
        samples,
        (row, column, value) -> {
          double difference = value - means[column];
          if (Double.isInfinite(difference * difference * total)) {
            throw unusable(samples, row, column, "is too large to be squared");
          }
          sums[column] += weights[row] * difference;
          squares[column] += weights[row] * (difference * difference);
        });
    double[] deviations = new double[dims];
    for (int j = 0; j < dims; j++) {
      double rows = counts[j] > 0 ? counts[j] : 1;
      double rest = sums[j] / rows;
      double deviation = Math.sqrt(Math.max(0, squares[j] / rows - rest * rest));
      deviations[j] = deviation > ROUNDING * Math.abs(means[j]) ? deviation : 0;
      means[j] += rest;
    }
    return new ColumnMoments(means, deviations);
  }

  /**
   * The means of vectors that lie too far from zero for float32 to tell them apart.
   *
   * @return {@code [d]}, or null if float32 will do
   * @throws InputException as {@link #of}
   */
  public static double @Nullable [] farOrigin(Samples samples) {
    if (samples.type() != ElementType.FLOAT64) {
      return null;
    }
    ColumnMoments moments = of(samples);
    for (int j = 0; j < moments.means.length; j++) {
      if (Math.abs(moments.means[j]) > FAR * moments.deviations[j]) {
        return moments.means.clone();
      }
    }
    return null;
  }

  /**
   * Counts the values that are not missing, by the rows' weights.
   *
   * @return a new array, one count per column
   */
  public static double[] counts(Samples samples) {
    double[] weights = weights(samples);
    double[] counts = new double[samples.dims()];
    visit(samples, (row, column, value) -> counts[column] += weights[row]);
    return counts;
  }

  private static double[] weights(Samples samples) {
    return samples
        .weights()
        .orElseGet(
            () -> {
              double[] ones = new double[samples.rows()];
              Arrays.fill(ones, 1);
              return ones;
            });
  }

  /** Receives every value that is not missing. */
  private interface Visitor {
    void value(int row, int column, double value);
  }

  private static void visit(Samples samples, Visitor visitor) {
    int dims = samples.dims();
    int block = Math.max(1, Math.min(samples.rows(), BLOCK_BYTES / samples.rowBytes()));
    ByteBuffer raw = ByteBuffer.allocate(block * samples.rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < samples.rows(); from += block) {
      int count = Math.min(block, samples.rows() - from);
      samples.read(from, count, raw.clear());
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < dims; j++) {
          double value = samples.type().get(raw, i * dims + j);
          if (!Double.isNaN(value)) {
            visitor.value(from + i, j, value);
          }
        }
      }
    }
  }

  private static InputException unusable(Samples samples, int row, int column, String defect) {
    return new InputException(
        "%s: in row %d, value %d (counted from 0) %s; remove or repair that row"
            .formatted(samples.name(), samples.rowNumber(row), column, defect));
  }
}
