package org.mixel.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.ElementType;
import org.mixel.data.Samples;

/**
 * All rows of {@link Samples}, pass after pass, in consecutive blocks in their stored form. While
 * one block is worked on, a second thread reads the next, so that data larger than memory come from
 * their file without waiting; data that fit into one block are read once and stay. The rows of the
 * present block can be had in any order.
 *
 * <p>Takes native memory for two blocks, one if all rows fit into it, until {@link #close()}. Not
 * safe for use by several threads.
 */
public final class RowBlocks implements AutoCloseable {
  private static final long BLOCK_BYTES = 128L << 20;
  private static final int BLOCK_ROWS = 1 << 16;

  private final Samples samples;
  private final Device device;
  private final int rowsPerBlock;
  private BytePointer present;
  private BytePointer ahead;
  private @Nullable CompletableFuture<Void> reading;
  private int from;
  private int count;
  private boolean begun;

  private RowBlocks(Samples samples, Device device, int rowsPerBlock) {
    this.samples = samples;
    this.device = device;
    this.rowsPerBlock = rowsPerBlock;
    long bytes = Math.multiplyExact((long) rowsPerBlock, samples.rowBytes());
    present = NativeScope.own(new BytePointer(bytes));
    ahead = rowsPerBlock < samples.rows() ? NativeScope.own(new BytePointer(bytes)) : present;
    readAhead(0);
  }

  /** Begins to read the rows of a set, in blocks of at most 65,536 rows and 128 MiB. */
  public static RowBlocks of(Samples samples, Device device) {
    long most = Math.max(1, Math.min(BLOCK_ROWS, BLOCK_BYTES / samples.rowBytes()));
    return of(samples, device, (int) Math.min(most, samples.rows()));
  }

  /**
   * Begins to read the rows of a set.
   *
   * @param device where tensors go; must outlive the blocks
   * @param rowsPerBlock rows of every block but the last
   * @throws InputException if a block takes more than 2 GiB
   */
  public static RowBlocks of(Samples samples, Device device, int rowsPerBlock) {
    int rows = Math.min(rowsPerBlock, samples.rows());
    if ((long) rows * samples.rowBytes() > Integer.MAX_VALUE) {
      throw new InputException(
          samples.name()
              + ": a batch of "
              + rows
              + " rows takes more than 2 GiB; use a smaller --batch");
    }
    return new RowBlocks(samples, device, rows);
  }

  private void readAhead(int start) {
    int rows = Math.min(rowsPerBlock, samples.rows() - start);
    ByteBuffer target =
        ahead.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).limit(rows * samples.rowBytes());
    reading = CompletableFuture.runAsync(() -> samples.read(start, rows, target));
  }

  /** Begins another pass: the next block is the first one again. */
  public void restart() {
    if (rowsPerBlock == samples.rows()) {
      begun = false;
    } else if (from + count > 0) {
      finishReading();
      from = 0;
      count = 0;
      readAhead(0);
    }
  }

  /**
   * Goes to the next block, the first at the first call.
   *
   * @return false if there is none
   * @throws RuntimeException what reading threw
   */
  public boolean next() {
    if (reading == null) {
      boolean again = !begun && count > 0;
      begun = true;
      return again;
    }
    begun = true;
    try {
      reading.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
    from += count;
    count = Math.min(rowsPerBlock, samples.rows() - from);
    BytePointer read = ahead;
    ahead = present;
    present = read;
    reading = null;
    if (from + count < samples.rows()) {
      readAhead(from + count);
    }
    return true;
  }

  /** The present block's first row. */
  public int from() {
    return from;
  }

  /** Rows of the present block. */
  public int count() {
    return count;
  }

  /**
   * Consecutive rows less an origin.
   *
   * @param start first row, counted within the block
   * @param size rows
   * @param negatedOrigin {@code -origin}, {@code [d]}
   * @return {@code [size, d]} in the origin's type, pixels in [0, 1] less the origin, owned by the
   *     current scope
   */
  public Tensor less(Tensor negatedOrigin, int start, int size) {
    return NativeScope.compute(() -> scaled(negatedOrigin, stored().narrow(0, start, size)));
  }

  /**
   * Chosen rows less an origin.
   *
   * @param index int64 rows, counted within the block
   * @param negatedOrigin {@code -origin}, {@code [d]}
   * @return {@code [index, d]} in the origin's type, pixels in [0, 1] less the origin, owned by the
   *     current scope
   */
  public Tensor less(Tensor negatedOrigin, Tensor index) {
    return NativeScope.compute(() -> scaled(negatedOrigin, stored().index_select(0, index)));
  }

  private Tensor stored() {
    return torch.from_blob(
        present,
        new long[] {count, samples.dims()},
        new TensorOptions(Batches.storedType(samples)));
  }

  /** The scaling and the subtraction in one pass over the rows. */
  private Tensor scaled(Tensor negatedOrigin, Tensor rows) {
    Scalar scale = new Scalar(samples.type() == ElementType.UINT8 ? 1.0 / 255 : 1);
    return torch.add(negatedOrigin, rows.to(device, negatedOrigin.scalar_type()), scale);
  }

  private void finishReading() {
    if (reading != null) {
      reading.handle((done, failed) -> done).join();
      reading = null;
    }
  }

  /** Waits for reading to end and frees the blocks. */
  @Override
  public void close() {
    finishReading();
    if (ahead != present) {
      ahead.close();
    }
    present.close();
  }
}
