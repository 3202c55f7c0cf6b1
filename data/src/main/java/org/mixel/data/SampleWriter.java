package org.mixel.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.format.NpyOutput;
import org.mixel.data.format.PngFolderOutput;
import org.mixel.data.format.RowOutput;

/**
 * Writes rows as they come to an {@code .npy} or {@code .npz} file or a folder of PNG pictures.
 *
 * <p>Arrays get the shape {@code (n, h, w)} for grey images, {@code (n, h, w, 3)} for coloured
 * ones, {@code (n, d)} for rows of numbers, and are read back exactly. The file or folder appears
 * when the writer is closed after the last row; if it is closed before, nothing is left. Not safe
 * for use by several threads.
 */
public final class SampleWriter implements AutoCloseable {
  private final RowOutput output;
  private final ElementType type;
  private final int dims;
  private long missing;

  private SampleWriter(RowOutput output, ElementType type, int rows, int dims) {
    this.output = output;
    this.type = type;
    this.dims = dims;
    this.missing = rows;
  }

  /**
   * Begins a file or folder; folders that lead to it are made.
   *
   * @param target {@code *.npy}, {@code *.npz} (its array is called {@code samples}), or a folder
   *     that is empty or not there yet
   * @param rows how many rows will be written
   * @param dims values per row
   * @param shape the shape of a row, or null when rows are not images
   * @param type how values are stored; in a folder they become bytes
   * @throws InputException if a folder would hide one that is there, or rows that are no images
   *     shall become pictures
   * @throws java.io.UncheckedIOException if the disk refuses
   */
  public static SampleWriter create(
      Path target, int rows, int dims, @Nullable ImageShape shape, ElementType type) {
    if (shape != null && shape.dims() != dims) {
      throw new IllegalArgumentException(shape + " images do not have " + dims + " values");
    }
    String name = target.toString().toLowerCase(Locale.ROOT);
    RowOutput output;
    if (name.endsWith(".npy") || name.endsWith(".npz")) {
      if (Files.isDirectory(target)) {
        throw new InputException(target + ": is a directory; name a file to write");
      }
      output = NpyOutput.create(target, rows, dims, shape, type);
    } else if (shape == null) {
      throw new InputException(
          target + ": rows of numbers are not pictures; write them to a .npy or .npz file");
    } else {
      output = PngFolderOutput.create(target, rows, shape);
    }
    return new SampleWriter(output, type, rows, dims);
  }

  /**
   * Writes a whole set.
   *
   * @throws InputException if a folder would hide one that is there, or rows that are no images
   *     shall become pictures
   * @throws java.io.UncheckedIOException if the disk refuses
   */
  public static void write(Path target, Samples samples) {
    ElementType type = samples.type();
    ImageShape shape = samples.shape().orElse(null);
    try (SampleWriter writer = create(target, samples.rows(), samples.dims(), shape, type)) {
      int batch = Math.max(1, (1 << 20) / samples.rowBytes());
      ByteBuffer rows = ByteBuffer.allocate(batch * samples.rowBytes());
      for (int from = 0; from < samples.rows(); from += batch) {
        samples.read(from, Math.min(batch, samples.rows() - from), rows.clear());
        writer.write(rows.flip());
      }
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
      count();
      output.write(row, type);
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
    for (int from = 0; from < whole(rows.length); from += dims) {
      byte[] row;
      if (type == ElementType.UINT8) {
        row = Png.bytes(Arrays.copyOfRange(rows, from, from + dims));
      } else {
        ByteBuffer stored = row();
        if (type == ElementType.FLOAT32) {
          stored.asFloatBuffer().put(rows, from, dims);
        } else {
          for (int j = from; j < from + dims; j++) {
            stored.putDouble(rows[j]);
          }
        }
        row = stored.array();
      }
      count();
      output.write(row, type);
    }
  }

  /**
   * Writes rows of float64 numbers, rounded if the writer's type asks for it.
   *
   * @param rows whole rows, one after the other; not changed
   * @throws IllegalArgumentException if the writer is one of bytes
   */
  public void write(double[] rows) {
    for (int from = 0; from < whole(rows.length); from += dims) {
      ByteBuffer stored = row();
      for (int j = from; j < from + dims; j++) {
        type.put(stored, rows[j]);
      }
      count();
      output.write(stored.array(), type);
    }
  }

  private ByteBuffer row() {
    return ByteBuffer.allocate(dims * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private int whole(int values) {
    if (values % dims != 0) {
      throw new IllegalArgumentException(values + " values are not whole rows");
    }
    return values;
  }

  private void count() {
    if (--missing < 0) {
      throw new IllegalStateException("more rows than announced");
    }
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
