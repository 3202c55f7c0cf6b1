package org.mixel.io;

import static org.mixel.InputException.require;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.format.RowWriter;

/**
 * Writes rows as they come to an {@code .npy} or {@code .npz} file or a folder of PNG pictures.
 *
 * <p>Arrays get the shape {@code (n, h, w)} for grey images, {@code (n, h, w, 3)} for coloured
 * ones, {@code (n, d)} for rows of numbers, and are read back exactly. The file or folder appears
 * when the writer is closed after the last row; if it is closed before, nothing is left. Not safe
 * for use by several threads.
 */
public final class SampleWriter implements AutoCloseable {
  private final RowWriter output;
  private final ElementType type;
  private final int dims;
  private long missing;

  private SampleWriter(RowWriter output, ElementType type, int rows, int dims) {
    this.output = output;
    this.type = type;
    this.dims = dims;
    this.missing = rows;
  }

  /**
   * Begins a file or folder; missing folders above it are made.
   *
   * @param target {@code *.npy}, {@code *.npz} (its array is called {@code samples}), or a folder
   *     that is empty or not there yet
   * @param rows the number of rows
   * @param dims values per row
   * @param shape the shape of a row, or null when rows are not images
   * @param type how values are stored; in a folder they become bytes
   * @throws org.mixel.InputException if the target is a directory that holds something or a single
   *     picture, or rows that are not images would become pictures
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public static SampleWriter create(
      Path target, int rows, int dims, @Nullable ImageShape shape, ElementType type) {
    if (shape != null && shape.dims() != dims) {
      throw new IllegalArgumentException(shape + " images do not have " + dims + " values");
    }
    require(
        !target.toString().toLowerCase(Locale.ROOT).endsWith(".png"),
        target + ": rows do not go into one picture; give a folder, .npy or .npz");
    RowWriter output = RowWriter.create(target, rows, dims, shape, type);
    return new SampleWriter(output, type, rows, dims);
  }

  /**
   * Writes a whole set.
   *
   * @throws org.mixel.InputException if the target is a directory that holds something or a single
   *     picture, or rows that are not images would become pictures
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public static void write(Path target, Samples samples) {
    ElementType type = samples.type();
    ImageShape shape = samples.shape().orElse(null);
    try (SampleWriter writer = create(target, samples.rows(), samples.dims(), shape, type)) {
      samples.forEachBatch(writer::write);
    }
  }

  /**
   * Writes rows in their stored form.
   *
   * @param rows whole rows of the writer's type (floats little-endian), from its position to its
   *     limit
   */
  public void write(ByteBuffer rows) {
    byte[] row = new byte[dims * type.bytes()];
    if (rows.remaining() % row.length != 0) {
      throw new IllegalArgumentException(rows.remaining() + " bytes are not whole rows");
    }
    while (rows.hasRemaining()) {
      rows.get(row);
      writeRow(row);
    }
  }

  /** How values are stored. */
  public ElementType type() {
    return type;
  }

  /**
   * Writes rows of floats; a writer of bytes takes [0, 1] to 0 to 255, clamped.
   *
   * @param rows whole rows, one after the other; not changed
   */
  public void write(float[] rows) {
    write(rows.length, at -> rows[at]);
  }

  /**
   * Writes rows of float64 numbers, rounded to the writer's type.
   *
   * @param rows whole rows, one after the other; not changed
   */
  public void write(double[] rows) {
    write(rows.length, at -> rows[at]);
  }

  private void write(int count, IntToDoubleFunction values) {
    if (count % dims != 0) {
      throw new IllegalArgumentException(count + " values are not whole rows");
    }
    ByteBuffer row = ByteBuffer.allocate(dims * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < count; ) {
      row.clear();
      for (int end = at + dims; at < end; at++) {
        type.put(row, values.applyAsDouble(at));
      }
      writeRow(row.array());
    }
  }

  private void writeRow(byte[] row) {
    if (missing == 0) {
      throw new IllegalStateException("more rows than announced");
    }
    output.write(row, type);
    // Only now: a row that could not be written is missing still.
    missing--;
  }

  /**
   * Puts the file or folder in its place if all rows were written, and removes what was written if
   * not.
   */
  @Override
  public void close() {
    try (output) {
      if (missing == 0) {
        output.commit();
      }
    }
  }
}
