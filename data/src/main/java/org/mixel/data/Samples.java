package org.mixel.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

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

  /** How the image files were coded that these rows come from; empty when they were no files. */
  default Optional<Coding> coding() {
    return Optional.empty();
  }

  /** What the user called this set: a path or a name. */
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
   * The number that the user knows a row by: in a selection, that in the whole set.
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
    ByteBuffer raw = ByteBuffer.allocate(rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
    read(index, 1, raw);
    raw.flip();
    float[] values = new float[dims()];
    for (int j = 0; j < values.length; j++) {
      values[j] = (float) type().get(raw, j);
    }
    return values;
  }

  /**
   * Whether rows are vectors: floats that are no images, whose columns have units of their own.
   * Bytes are taken for pixels, whatever their shape.
   */
  default boolean areVectors() {
    return shape().isEmpty() && type().isFloat();
  }

  /**
   * A view of chosen rows.
   *
   * @param rows row indices; the array is copied
   */
  default Samples select(int[] rows) {
    return new SelectedSamples(this, rows.clone(), name());
  }

  /** The same rows under another name, for reports. */
  default Samples named(String name) {
    return new NamedSamples(this, name, shape(), coding());
  }

  /** The same rows, taken for numbers and not for images. */
  default Samples withoutShape() {
    return new NamedSamples(this, name(), Optional.empty(), coding());
  }

  /** The same rows, from image files of this coding. */
  default Samples coded(Coding coding) {
    return new NamedSamples(this, name(), shape(), Optional.of(coding));
  }
}
