package org.mixel.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A data set: {@code rows} rows of {@code dims} values, images in channel-major (CHW) order.
 *
 * <p>Rows are stored as bytes or floats (see {@link ElementType}) and handed out in batches, so
 * that a set takes no more memory than its stored form, or none when it is mapped from a file.
 * Implementations are immutable and safe to read from several threads.
 */
public interface Samples {
  /** Number of rows, at least 1. */
  int rows();

  /** Values per row. */
  int dims();

  /** How values are stored. */
  ElementType type();

  /** The shape of a row when rows are images; its {@code dims()} equal these. */
  Optional<ImageShape> shape();

  /** How the image files were coded that the rows come from; empty when there were none. */
  default Optional<Coding> coding() {
    return Optional.empty();
  }

  /** The user's name for this set: a path or a name. */
  String name();

  /**
   * Copies consecutive rows.
   *
   * @param from first row
   * @param count number of rows
   * @param target receives {@code count * dims * type().bytes()} bytes at its position, in the
   *     layout of {@link #type()}; its position moves past them
   */
  void read(int from, int count, ByteBuffer target);

  /**
   * Copies chosen rows in the order given.
   *
   * @param rows row indices, repeats allowed
   * @param target receives {@code rows.length * dims * type().bytes()} bytes at its position
   */
  default void read(int[] rows, ByteBuffer target) {
    for (int row : rows) {
      read(row, 1, target);
    }
  }

  /**
   * Takes rows in their stored form.
   *
   * @param <E> what it may throw
   */
  @FunctionalInterface
  interface StoredRows<E extends Exception> {
    /**
     * Takes some rows.
     *
     * @param rows whole rows, from the buffer's position to its limit; backed by an array, and used
     *     again for the next ones
     */
    void take(ByteBuffer rows) throws E;
  }

  /**
   * Hands out all rows in their stored form, about a MiB at a time.
   *
   * @param <E> what the receiver may throw
   * @param receiver takes them in their order
   */
  default <E extends Exception> void forEachBatch(StoredRows<E> receiver) throws E {
    int batch = Math.max(1, (1 << 20) / rowBytes());
    ByteBuffer rows = ByteBuffer.allocate(Math.min(batch, rows()) * rowBytes());
    for (int from = 0; from < rows(); from += batch) {
      read(from, Math.min(batch, rows() - from), rows.clear());
      receiver.take(rows.flip());
    }
  }

  /**
   * The number of a row in messages: in a selection, its number in the whole set.
   *
   * @param index the row
   */
  default int rowNumber(int index) {
    return index;
  }

  /** Bytes of one row in its stored form. */
  default int rowBytes() {
    return Math.multiplyExact(dims(), type().bytes());
  }

  /**
   * One row as floats: bytes scaled to [0, 1], floats as they are, float64 rounded.
   *
   * @param index the row
   * @return a new array of {@code dims} values
   */
  default float[] row(int index) {
    double[] exact = exactRow(index);
    float[] values = new float[exact.length];
    for (int j = 0; j < values.length; j++) {
      values[j] = (float) exact[j];
    }
    return values;
  }

  /**
   * One row as doubles: bytes scaled to [0, 1] and rounded to floats, floats and doubles as they
   * are.
   *
   * @param index the row
   * @return a new array of {@code dims} values
   */
  default double[] exactRow(int index) {
    ByteBuffer raw = ByteBuffer.allocate(rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
    read(index, 1, raw);
    raw.flip();
    double[] values = new double[dims()];
    for (int j = 0; j < values.length; j++) {
      values[j] = type().get(raw, j);
    }
    return values;
  }

  /**
   * Whether rows are vectors: floats that are not images, whose columns have units of their own.
   * Bytes count as pixels, whatever their shape.
   */
  default boolean areVectors() {
    return shape().isEmpty() && type().isFloat();
  }

  /** Whether a value is missing (NaN); bytes never are. Reads the set up to the first one. */
  default boolean hasMissing() {
    if (!type().isFloat()) {
      return false;
    }
    ByteBuffer raw = ByteBuffer.allocate(rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows(); i++) {
      read(i, 1, raw.clear());
      for (int j = 0; j < dims(); j++) {
        if (Double.isNaN(type().get(raw, j))) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * A view of chosen rows.
   *
   * @param rows row indices; the array is copied
   */
  default Samples select(int[] rows) {
    return new SelectedSamples(this, rows.clone());
  }

  /**
   * Some of these rows, at even distances.
   *
   * @param count how many, at most those there are
   */
  default Samples spread(int count) {
    int all = rows();
    return count >= all
        ? this
        : select(IntStream.range(0, count).map(i -> (int) ((long) i * all / count)).toArray());
  }

  /**
   * These rows as floats, bytes scaled to [0, 1], with NaN where values are hidden.
   *
   * @throws IllegalArgumentException if the mask has another size
   */
  default Samples masked(Mask mask) {
    return FloatView.masked(this, mask);
  }

  /**
   * These rows with numbers in place of missing values (NaN), the same in every row.
   *
   * @param numbers one for each of the {@code d} values; copied
   * @throws IllegalArgumentException if there are other than {@code d} numbers, or the values are
   *     not floats
   */
  default Samples filled(double[] numbers) {
    return FloatView.filled(this, numbers);
  }

  /**
   * These rows as vectors of float64: {@code (x - shift) / scale}, column by column. Missing values
   * (NaN) stay missing.
   *
   * @param shift {@code d} values; copied
   * @param scale {@code d} positive values; copied
   * @throws IllegalArgumentException if there are other than {@code d} numbers
   */
  default Samples standardized(double[] shift, double[] scale) {
    return FloatView.standardized(this, shift, scale);
  }

  /**
   * These rows less an origin, as vectors of float64.
   *
   * @param origin {@code d} values, or null to leave the rows as they are
   */
  default Samples about(double @Nullable [] origin) {
    if (origin == null) {
      return this;
    }
    double[] ones = new double[origin.length];
    Arrays.fill(ones, 1);
    return standardized(origin, ones);
  }

  /**
   * 8-bit pixels made continuous: {@code (byte + u) / 256} with {@code u} uniform in [0, 1), so
   * that densities of pixels are comparable between models. The noise depends on the seed, the row
   * and the place within it alone.
   *
   * @param seed fixes the noise
   * @throws org.mixel.InputException if the values are not bytes
   */
  default Samples dequantized(long seed) {
    return FloatView.dequantized(this, seed);
  }

  /**
   * Pixels as image files keep them: clipped to [0, 1] and rounded to 8 bits, {@code round(255 x)}.
   * Bytes stay as they are.
   *
   * @throws org.mixel.InputException when a value that is NaN or infinite is read
   */
  default Samples quantized() {
    return FloatView.quantized(this);
  }

  /**
   * How many rows each row stands for where a mixture is trained or scored.
   *
   * @return a new array of {@code rows} positive numbers; empty where each row stands for itself
   */
  default Optional<double[]> weights() {
    return Optional.empty();
  }

  /**
   * The rows whose weight is not 0, each of which stands for as many rows as its weight says. Views
   * of these rows keep their weights.
   *
   * @param weights one for each row, at least 0; copied
   * @throws org.mixel.InputException if there are other than {@code rows} numbers, one is negative
   *     or not finite, or none is positive
   */
  default Samples weightedBy(double[] weights) {
    return WeightedSamples.of(this, weights);
  }

  /**
   * {@link #dequantized} with other noise in each pass of a training ({@link #inPass}), the same
   * for the same seed.
   *
   * @throws org.mixel.InputException if the values are not bytes
   */
  default Samples dequantizedAfresh(long seed) {
    return FreshNoise.of(this, seed);
  }

  /**
   * These rows as a pass of a training reads them: this object itself, unless each pass has noise
   * of its own.
   *
   * @param pass number of the pass; this object is that of pass 0
   */
  default Samples inPass(int pass) {
    return this;
  }

  /**
   * These images, then their mirror images with left and right exchanged: twice as many rows, none
   * of which is stored.
   *
   * @throws org.mixel.InputException if the rows are not images
   */
  default Samples mirrored() {
    return new MirroredSamples(this);
  }

  /** The same rows under another name, for reports. */
  default Samples named(String name) {
    return new NamedSamples(this, name, shape(), coding());
  }

  /** The same rows, as numbers and not as images. */
  default Samples withoutShape() {
    return new NamedSamples(this, name(), Optional.empty(), coding());
  }

  /** The same rows, from image files of this coding. */
  default Samples coded(Coding coding) {
    return new NamedSamples(this, name(), shape(), Optional.of(coding));
  }
}
