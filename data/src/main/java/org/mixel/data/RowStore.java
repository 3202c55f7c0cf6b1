package org.mixel.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;

/**
 * Collects rows, in chunks of about 16 MiB.
 *
 * <p>The first rows lie on the heap; beyond an eighth of it, chunks are mapped from a nameless
 * temporary file in the cache folder, so that a set larger than memory can be opened. Not safe for
 * use by several threads.
 */
public final class RowStore implements AutoCloseable {
  private static final int CHUNK_BYTES = 16 << 20;
  private static final long HEAP_BYTES = Runtime.getRuntime().maxMemory() / 8;

  private final ElementType type;
  private final int dims;
  private final int rowBytes;
  private final int rowsPerChunk;
  private final long expectedRows;
  private final long heapBytes;
  private final List<ByteBuffer> chunks = new ArrayList<>();
  private ByteBuffer current = ByteBuffer.allocate(0);
  private long rows;
  private @Nullable ScratchFile scratch;

  /**
   * @param dims values per row
   * @param expectedRows the largest number of rows, or -1 if unknown
   */
  public RowStore(ElementType type, int dims, long expectedRows) {
    this(type, dims, expectedRows, HEAP_BYTES);
  }

  RowStore(ElementType type, int dims, long expectedRows, long heapBytes) {
    this.type = type;
    this.dims = dims;
    this.rowBytes = Math.multiplyExact(dims, type.bytes());
    this.rowsPerChunk = Math.max(1, CHUNK_BYTES / rowBytes);
    this.expectedRows = expectedRows;
    this.heapBytes = heapBytes;
  }

  /** Adds a row of bytes. */
  public void append(byte[] row) throws IOException {
    room().put(row, 0, rowBytes);
  }

  /** Adds rows of floats, one after the other. */
  public void append(float[] values) throws IOException {
    for (int at = 0; at < values.length; at += dims) {
      ByteBuffer target = room();
      target.asFloatBuffer().put(values, at, dims);
      target.position(target.position() + rowBytes);
    }
  }

  /** Adds rows of float64 numbers, one after the other. */
  public void append(double[] values) throws IOException {
    for (int at = 0; at < values.length; at += dims) {
      ByteBuffer target = room();
      target.asDoubleBuffer().put(values, at, dims);
      target.position(target.position() + rowBytes);
    }
  }

  /**
   * The rows as a set; nothing can be added afterwards.
   *
   * @param shape the shape of a row, or null when rows are not images
   * @throws InputException if there are none
   */
  public StoredSamples finish(String name, @Nullable ImageShape shape) {
    if (rows == 0) {
      throw new InputException(name + ": holds no rows");
    }
    if (current.hasRemaining()) {
      chunks.set(chunks.size() - 1, trimmed(current));
    }
    chunks.forEach(ByteBuffer::flip);
    return new StoredSamples(
        name, type, (int) rows, dims, shape, chunks.toArray(new ByteBuffer[0]), rowsPerChunk);
  }

  private static ByteBuffer trimmed(ByteBuffer chunk) {
    if (chunk.isDirect() || chunk.remaining() < chunk.capacity() / 8) {
      return chunk;
    }
    return ByteBuffer.allocate(chunk.position()).put(chunk.flip());
  }

  private ByteBuffer room() throws IOException {
    if (rows == expectedRows) {
      throw new IllegalStateException("more than the " + expectedRows + " rows announced");
    }
    if (!current.hasRemaining()) {
      long left = expectedRows > rows ? expectedRows - rows : rowsPerChunk;
      int bytes = (int) Math.min(left, rowsPerChunk) * rowBytes;
      current = allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
      chunks.add(current);
    }
    if (++rows > Integer.MAX_VALUE) {
      throw new IOException("more than " + Integer.MAX_VALUE + " rows");
    }
    return current;
  }

  private ByteBuffer allocate(int bytes) throws IOException {
    if (rows * rowBytes + bytes <= heapBytes) {
      return ByteBuffer.allocate(bytes);
    }
    if (scratch == null) {
      scratch = ScratchFile.create(Math.max(bytes, (expectedRows - rows) * rowBytes));
    }
    return scratch.map(bytes);
  }

  @Override
  public void close() throws IOException {
    if (scratch != null) {
      scratch.close();
    }
  }
}
