package org.mixel.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;

/**
 * Reads rows of {@link Samples} as tensors, of float32 unless float64 is asked for. Bytes are
 * scaled to [0, 1], floats are taken as they are.
 *
 * <p>{@link #forEach} passes over all rows, a {@link Batch} at a time. While one batch is worked
 * on, a second thread reads the next, so data larger than memory come from their file without
 * waiting. Rows that fit into one batch are read once and stay for the next pass.
 *
 * <p>Owns native memory for two batches in their stored form until {@link #close()}. Not safe for
 * use by several threads.
 */
public final class RowReader implements AutoCloseable {
  private static final long BATCH_BYTES = 8L << 20;
  private static final long BLOCK_BYTES = 128L << 20;
  private static final int BLOCK_ROWS = 1 << 16;

  private final Samples samples;
  private final RowConversion conversion;

  /** Closed with this, or null. */
  private final @Nullable Device ownDevice;

  private final Room present = new Room();
  private final Room ahead = new Room();
  private final Room chosen = new Room();

  /** Whether {@link #present} holds all rows. */
  private boolean whole;

  private boolean passing;

  private RowReader(Samples samples, RowConversion conversion, @Nullable Device ownDevice) {
    this.samples = samples;
    this.conversion = conversion;
    this.ownDevice = ownDevice;
  }

  /**
   * @param samples the rows
   * @param device where the tensors go
   */
  public static RowReader of(Samples samples, ComputeDevice device) {
    return of(samples, device, ScalarType.Float);
  }

  /**
   * @param samples the rows
   * @param device where the tensors go
   * @param type float32 or float64
   */
  public static RowReader of(Samples samples, ComputeDevice device, ScalarType type) {
    Device own = NativeScope.own(device.torch());
    return new RowReader(samples, conversion(samples, own, type), own);
  }

  /**
   * @param samples the rows
   * @param device where the tensors go; must outlive the reader
   * @param type float32 or float64
   */
  public static RowReader of(Samples samples, Device device, ScalarType type) {
    return new RowReader(samples, conversion(samples, device, type), null);
  }

  private static RowConversion conversion(Samples samples, Device device, ScalarType type) {
    return RowConversion.of(samples.type(), samples.dims(), device, type);
  }

  /**
   * A reader of chosen columns; the caller closes it, before this one.
   *
   * @param chosen columns of this reader, in the order wanted, repeats allowed
   */
  public RowReader columns(int[] chosen) {
    return new RowReader(samples, conversion.columns(chosen), null);
  }

  /**
   * A reader that multiplies every column by its factor, as semi-whitening does; the caller closes
   * it, before this one.
   *
   * @param factors {@code dims()} numbers
   */
  public RowReader scaled(float[] factors) {
    return new RowReader(samples, conversion.scaled(factors), null);
  }

  /**
   * A reader of chosen rows; the caller closes it, before this one.
   *
   * @param rows row indices in the order wanted, repeats allowed
   */
  public RowReader select(int[] rows) {
    return new RowReader(samples.select(rows), conversion.copy(), null);
  }

  /** Values per row of a tensor. */
  public int dims() {
    return conversion.dims();
  }

  /** The set that is read. */
  public Samples samples() {
    return samples;
  }

  /** Where the tensors go. */
  public Device device() {
    return conversion.device();
  }

  /** The type of the tensors: float32 or float64. */
  public ScalarType type() {
    return conversion.type();
  }

  /**
   * A batch size at which a float32 batch of {@code width} values a row takes about 8 MiB: small
   * enough to stay near the cache and to be recycled by the allocator, large enough for full-speed
   * matrix products.
   */
  public static int rowsFor(long width) {
    return (int) Math.max(64, Math.min(8192, BATCH_BYTES / (4 * Math.max(1, width))));
  }

  /**
   * Rows of a block: a batch large enough to group its rows, at most 65,536 rows and 128 MiB in
   * their stored form.
   */
  public int blockRows() {
    return blockRows(samples.rowBytes());
  }

  /** The same where a row takes so many bytes. */
  public static int blockRows(long rowBytes) {
    return (int) Math.max(1, Math.min(BLOCK_ROWS, BLOCK_BYTES / rowBytes));
  }

  /** The value of a stored 1: 1/255 for bytes, 1 for floats. */
  public double unit() {
    return conversion.unit();
  }

  /** Whether all values lie in [0, 1], so near the origin that nothing need be subtracted. */
  public boolean liesInUnitCube() {
    return conversion.liesInUnitCube();
  }

  /**
   * Passes over all rows in order.
   *
   * @param batchRows rows of every batch but the last
   * @param stage hears of the rows done
   * @param body called with each batch, in a {@link NativeScope} of its own
   * @throws InputException if a batch takes more than 2 GiB
   * @throws IllegalStateException if the body of another pass of this reader calls this
   * @throws RuntimeException that reading or the body threw
   */
  public void forEach(int batchRows, Progress.Stage stage, Consumer<Batch> body) {
    forEach(
        batchRows,
        batch -> {
          body.accept(batch);
          stage.advance(batch.count());
        });
  }

  /** The same without a report of progress. */
  public void forEach(int batchRows, Consumer<Batch> body) {
    if (passing) {
      throw new IllegalStateException("a pass within a pass needs a reader of its own");
    }
    passing = true;
    try {
      if (whole || batchRows >= samples.rows()) {
        passInMemory(batchRows, body);
      } else {
        passReadingAhead(batchRows, body);
      }
    } finally {
      passing = false;
    }
  }

  private void passInMemory(int batchRows, Consumer<Batch> body) {
    int rows = samples.rows();
    BytePointer all = present.of(rows);
    if (!whole) {
      read(0, rows, all);
      whole = true;
    }
    NativeScope.inParts(
        rows,
        batchRows,
        (from, count) -> body.accept(new Batch(all, (int) from, (int) count, (int) from)));
  }

  private void passReadingAhead(int batchRows, Consumer<Batch> body) {
    int rows = samples.rows();
    BytePointer current = present.of(batchRows);
    BytePointer next = ahead.of(batchRows);
    CompletableFuture<?> reading = CompletableFuture.completedFuture(true);
    try {
      read(0, batchRows, current);
      for (int from = 0; from < rows; from += batchRows) {
        int count = Math.min(batchRows, rows - from);
        int after = from + count;
        if (after < rows) {
          BytePointer target = next;
          int size = Math.min(batchRows, rows - after);
          reading = CompletableFuture.runAsync(() -> read(after, size, target), Threads.POOL);
        }
        try (NativeScope scope = new NativeScope()) {
          body.accept(new Batch(current, from, count, 0));
        }
        Threads.await(List.of(reading));
        BytePointer swap = current;
        current = next;
        next = swap;
      }
    } finally {
      // The failure that stopped the pass is thrown, not one of reading ahead.
      reading.handle((done, failure) -> true).join();
    }
  }

  /**
   * Passes over all rows on several threads, each of which computes alone: for small products,
   * which then round alike whatever the number of threads.
   *
   * @param batchRows rows of every batch but the last
   * @param stage hears of the rows done
   * @param body called with each batch, in a {@link NativeScope} of its own, by several threads
   * @throws RuntimeException that reading or the body threw
   */
  public void divide(int batchRows, Progress.Stage stage, Consumer<Batch> body) {
    int rows = samples.rows();
    int batches = (rows - 1) / batchRows + 1;
    Threads.divide(
        device(),
        batches,
        (worker, workers) -> {
          try (RowReader own = new RowReader(samples, conversion.copy(), null)) {
            for (int i = worker; i < batches; i += workers) {
              int from = i * batchRows;
              int count = Math.min(batchRows, rows - from);
              try (NativeScope scope = new NativeScope()) {
                body.accept(own.batch(from, count));
              }
              synchronized (stage) {
                stage.advance(count);
              }
            }
          }
        });
  }

  /**
   * Consecutive rows.
   *
   * @return {@code [count, dims()]} in the {@link #type}, owned by the current scope
   */
  public Tensor rows(int from, int count) {
    return batch(from, count).rows();
  }

  /** The same in stored units: divided by {@link #unit()}. */
  public Tensor storedRows(int from, int count) {
    return batch(from, count).storedRows();
  }

  /**
   * Chosen rows in the order given.
   *
   * @return {@code [rows.length, dims()]} in the {@link #type}, owned by the current scope
   */
  public Tensor rows(int[] rows) {
    BytePointer memory = chosen.of(rows.length);
    samples.read(rows, bytes(memory, rows.length));
    return new Batch(memory, 0, rows.length, 0).rows();
  }

  private Batch batch(int from, int count) {
    BytePointer memory = chosen.of(count);
    read(from, count, memory);
    return new Batch(memory, from, count, 0);
  }

  /** Some rows in their stored form, until the next batch is asked for. */
  public final class Batch {
    private final BytePointer memory;
    private final int from;
    private final int count;
    private final int offset;
    private final @Nullable Tensor onDevice;

    private Batch(BytePointer memory, int from, int count, int offset) {
      this(memory, from, count, offset, null);
    }

    private Batch(BytePointer memory, int from, int count, int offset, @Nullable Tensor onDevice) {
      this.memory = memory;
      this.from = from;
      this.count = count;
      this.offset = offset;
      this.onDevice = onDevice;
    }

    /**
     * The same rows, moved in their stored form to the device, where they lie until the current
     * scope ends: for several looks at them, with indices on the device.
     */
    public Batch onDevice() {
      Tensor moved = NativeScope.compute(() -> stored().to(device(), conversion.storedType()));
      return new Batch(memory, from, count, offset, moved);
    }

    /** The first row's place in the set. */
    public int from() {
      return from;
    }

    /** How many rows. */
    public int count() {
      return count;
    }

    /** Whether all values lie in [0, 1]. */
    public boolean liesInUnitCube() {
      return conversion.liesInUnitCube();
    }

    /**
     * All rows of the batch.
     *
     * @return {@code [count, dims()]} in the {@link #type}, owned by the current scope
     */
    public Tensor rows() {
      return NativeScope.compute(() -> conversion.rows(stored(), unit()));
    }

    /**
     * All rows in stored units, which takes one operation less: {@link #rows()} divided by {@link
     * #unit()}.
     *
     * @return {@code [count, dims()]} in the {@link #type}, owned by the current scope
     */
    public Tensor storedRows() {
      return NativeScope.compute(() -> conversion.rows(stored(), 1));
    }

    /**
     * Consecutive rows less an origin.
     *
     * @param start first row, counted within the batch
     * @param size rows
     * @param negatedOrigin {@code -origin}, {@code [d]}
     * @return {@code [size, d]} in the origin's type, pixels in [0, 1] less the origin, owned by
     *     the current scope
     */
    public Tensor less(Tensor negatedOrigin, long start, long size) {
      return NativeScope.compute(
          () -> conversion.less(negatedOrigin, stored().narrow(0, start, size)));
    }

    /**
     * Chosen rows less an origin.
     *
     * @param index int64 rows, counted within the batch
     * @param negatedOrigin {@code -origin}, {@code [d]}, or one for each row, {@code [index, d]}
     * @return {@code [index, d]} in the origin's type, pixels in [0, 1] less the origin, owned by
     *     the current scope
     */
    public Tensor less(Tensor negatedOrigin, Tensor index) {
      return NativeScope.compute(
          () -> conversion.less(negatedOrigin, stored().index_select(0, index)));
    }

    /**
     * Refuses rows that cannot be computed with.
     *
     * @param figures one number a row, not finite where a value of the row is not
     * @throws InputException that names the first such row
     */
    public void requireFinite(float[] figures) {
      for (int i = 0; i < figures.length; i++) {
        if (!Float.isFinite(figures[i])) {
          throw new InputException(
              "%s: row %d (counted from 0) holds a value that is NaN, infinite or too large; remove or repair it"
                  .formatted(samples.name(), samples.rowNumber(from + i)));
        }
      }
    }

    /** The same of a vector. */
    public void requireFinite(Tensor figures) {
      requireFinite(Tensors.floats(figures));
    }

    private Tensor stored() {
      if (onDevice != null) {
        return onDevice;
      }
      return torch
          .from_blob(
              memory,
              new long[] {offset + count, samples.dims()},
              new TensorOptions(conversion.storedType()))
          .narrow(0, offset, count);
    }
  }

  private void read(int from, int count, BytePointer target) {
    samples.read(from, count, bytes(target, count));
  }

  private ByteBuffer bytes(BytePointer memory, int count) {
    return memory
        .asByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .limit(Math.multiplyExact(count, samples.rowBytes()));
  }

  /** Memory for rows in their stored form, which grows with what it is asked for. */
  private final class Room implements AutoCloseable {
    private @Nullable BytePointer memory;

    /** Room for so many rows. */
    BytePointer of(int count) {
      long bytes = (long) count * samples.rowBytes();
      if (memory != null && memory.capacity() >= bytes) {
        return memory;
      }
      if (bytes > Integer.MAX_VALUE) {
        throw new InputException(
            "%s: a batch of %d rows takes more than 2 GiB; take smaller batches or smaller rows"
                .formatted(samples.name(), count));
      }
      close();
      BytePointer larger = NativeScope.own(new BytePointer(bytes));
      memory = larger;
      return larger;
    }

    @Override
    public void close() {
      if (memory != null) {
        memory.close();
        memory = null;
      }
    }
  }

  /** Frees the memory that rows are read into. */
  @Override
  public void close() {
    conversion.close();
    present.close();
    ahead.close();
    chosen.close();
    if (ownDevice != null) {
      ownDevice.close();
    }
  }
}
