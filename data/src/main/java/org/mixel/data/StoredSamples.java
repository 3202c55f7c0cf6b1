package org.mixel.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows that lie in memory, or in mapped parts of a file, one after the other.
 *
 * <p>A single buffer holds at most 2 GiB, so rows are kept in chunks of {@code rowsPerChunk} whole
 * rows each.
 */
public final class StoredSamples implements Samples {
  private final String name;
  private final ElementType type;
  private final int rows;
  private final int dims;
  private final @Nullable ImageShape shape;
  private final ByteBuffer[] chunks;
  private final int rowsPerChunk;

  /**
   * @param name the user's name for the set
   * @param type how values are stored in the chunks
   * @param rows number of rows
   * @param dims values per row
   * @param shape the shape of a row, or null when rows are not images
   * @param chunks the stored rows; kept, not copied, and must not change afterwards
   * @param rowsPerChunk rows in every chunk but the last
   */
  public StoredSamples(
      String name,
      ElementType type,
      int rows,
      int dims,
      @Nullable ImageShape shape,
      ByteBuffer[] chunks,
      int rowsPerChunk) {
    if (shape != null && shape.dims() != dims) {
      throw new IllegalArgumentException(shape + " images do not have " + dims + " values");
    }
    if (shape != null && type == ElementType.FLOAT64) {
      throw new IllegalArgumentException("images are not kept in float64");
    }
    long stored = 0;
    for (ByteBuffer chunk : chunks) {
      stored += chunk.remaining();
    }
    if (stored != (long) rows * dims * type.bytes()) {
      throw new IllegalArgumentException("chunks hold " + stored + " bytes, not " + rows + " rows");
    }
    this.name = name;
    this.type = type;
    this.rows = rows;
    this.dims = dims;
    this.shape = shape;
    this.chunks = chunks.clone();
    this.rowsPerChunk = rowsPerChunk;
  }

  /**
   * Rows of unsigned bytes; the value of a byte is {@code byte / 255}.
   *
   * @param pixels {@code rows * dims} bytes, row after row; kept, not copied
   */
  public static StoredSamples ofBytes(String name, ImageShape shape, byte[] pixels) {
    return of(name, ElementType.UINT8, shape.dims(), shape, ByteBuffer.wrap(pixels));
  }

  private static StoredSamples of(
      String name, ElementType type, int dims, @Nullable ImageShape shape, ByteBuffer stored) {
    int rows = stored.remaining() / type.bytes() / dims;
    ByteBuffer[] chunks = {stored};
    return new StoredSamples(name, type, rows, dims, shape, chunks, Math.max(1, rows));
  }

  /**
   * Rows of floats, copied.
   *
   * @param shape the shape of a row, or null when rows are not images
   * @param values {@code rows * dims} values, row after row
   */
  public static StoredSamples ofFloats(
      String name, int dims, @Nullable ImageShape shape, float[] values) {
    ByteBuffer copy =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    copy.asFloatBuffer().put(values);
    return of(name, ElementType.FLOAT32, dims, shape, copy);
  }

  /**
   * Vectors of float64 numbers, copied.
   *
   * @param values {@code rows * dims} values, row after row
   */
  public static StoredSamples ofDoubles(String name, int dims, double[] values) {
    ByteBuffer copy =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Double.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    copy.asDoubleBuffer().put(values);
    return of(name, ElementType.FLOAT64, dims, null, copy);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int dims() {
    return dims;
  }

  @Override
  public ElementType type() {
    return type;
  }

  @Override
  public Optional<ImageShape> shape() {
    return Optional.ofNullable(shape);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void read(int from, int count, ByteBuffer target) {
    Objects.checkFromIndexSize(from, count, rows);
    int rowBytes = rowBytes();
    int row = from;
    int left = count;
    while (left > 0) {
      ByteBuffer chunk = chunks[row / rowsPerChunk];
      int inChunk = row % rowsPerChunk;
      int take = Math.min(left, rowsPerChunk - inChunk);
      int start = chunk.position() + inChunk * rowBytes;
      target.put(target.position(), chunk, start, take * rowBytes);
      target.position(target.position() + take * rowBytes);
      row += take;
      left -= take;
    }
  }
}
