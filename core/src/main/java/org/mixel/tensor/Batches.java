package org.mixel.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.ElementType;
import org.mixel.data.Samples;

/**
 * Rows of {@link Samples} as tensors, of float32 unless float64 is asked for: bytes are scaled to
 * [0, 1], floats taken as they are.
 *
 * <p>Rows pass through one reused buffer, so a batch costs its tensor and nothing else. Not safe
 * for use by several threads.
 */
public final class Batches implements AutoCloseable {
  private static final long BATCH_BYTES = 8L << 20;

  private final Samples samples;
  private final Device device;
  private final ScalarType type;
  private final int @Nullable [] columns;
  private final float @Nullable [] scale;
  private final @Nullable Tensor columnIndex;
  private final @Nullable Tensor factor;
  private @Nullable BytePointer staging;

  private Batches(
      Samples samples,
      Device device,
      ScalarType type,
      int @Nullable [] columns,
      float @Nullable [] scale) {
    this.samples = samples;
    this.device = device;
    this.type = type;
    this.columns = columns;
    this.scale = scale;
    columnIndex = columns == null ? null : toDevice(() -> Tensors.indices(columns), device);
    factor = scale == null ? null : toDevice(() -> Tensors.of(scale, scale.length), device);
  }

  private static Tensor toDevice(Supplier<Tensor> made, Device device) {
    return NativeScope.own(
        NativeScope.compute(
            () -> {
              Tensor values = made.get();
              return values.to(device, values.scalar_type());
            }));
  }

  /**
   * @param samples the rows
   * @param device where the tensors go
   */
  public static Batches of(Samples samples, ComputeDevice device) {
    return of(samples, NativeScope.own(device.torch()));
  }

  /**
   * @param samples the rows
   * @param device where the tensors go; must outlive the batches
   */
  public static Batches of(Samples samples, Device device) {
    return of(samples, device, ScalarType.Float);
  }

  /**
   * @param samples the rows
   * @param device where the tensors go; must outlive the batches
   * @param type float32 or float64
   */
  public static Batches of(Samples samples, Device device, ScalarType type) {
    return new Batches(samples, device, type, null, null);
  }

  /**
   * A view of chosen columns, with its own buffer; the caller closes it.
   *
   * @param chosen columns of this view, in the order wanted, repeats allowed
   */
  public Batches columns(int[] chosen) {
    int[] stored = new int[chosen.length];
    float[] factors = new float[scale == null ? 0 : chosen.length];
    for (int j = 0; j < chosen.length; j++) {
      int column = Objects.checkIndex(chosen[j], dims());
      stored[j] = columns == null ? column : columns[column];
      if (scale != null) {
        factors[j] = scale[column];
      }
    }
    return new Batches(samples, device, type, stored, scale == null ? null : factors);
  }

  /**
   * A view with every column multiplied by its factor, as semi-whitening asks, with its own buffer;
   * the caller closes it.
   *
   * @param factors {@code dims()} numbers
   */
  public Batches scaled(float[] factors) {
    if (factors.length != dims()) {
      throw new IllegalArgumentException(factors.length + " factors for " + dims() + " columns");
    }
    float[] product = factors.clone();
    for (int j = 0; scale != null && j < product.length; j++) {
      product[j] *= scale[j];
    }
    return new Batches(samples, device, type, columns, product);
  }

  /** The same view with its own buffer, for another thread; the caller closes it. */
  public Batches again() {
    return new Batches(samples, device, type, columns, scale);
  }

  /** Values per row of a batch. */
  public int dims() {
    return columns == null ? samples.dims() : columns.length;
  }

  /** The set that the batches come from. */
  public Samples samples() {
    return samples;
  }

  /** The device that the batches go to. */
  public Device device() {
    return device;
  }

  /** The type of the tensors: float32 or float64. */
  public ScalarType type() {
    return type;
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
   * Consecutive rows.
   *
   * @return {@code [count, dims()]} in the {@link #type}, owned by the current scope
   */
  public Tensor rows(int from, int count) {
    ByteBuffer target = stage(count);
    samples.read(from, count, target);
    return toTensor(count, unit());
  }

  /**
   * Consecutive rows in stored units, which takes one pass less: {@link #rows(int, int)} divided by
   * {@link #unit()}.
   *
   * @return {@code [count, dims()]} in the {@link #type}, owned by the current scope
   */
  public Tensor storedRows(int from, int count) {
    ByteBuffer target = stage(count);
    samples.read(from, count, target);
    return toTensor(count, 1);
  }

  /** What a stored value of 1 means: 1/255 for bytes, 1 for floats. */
  public double unit() {
    return samples.type() == ElementType.UINT8 ? 1.0 / 255 : 1;
  }

  /** Whether all values lie in [0, 1] and so near the origin that nothing need be subtracted. */
  public boolean liesInUnitCube() {
    return samples.type() == ElementType.UINT8 && factor == null;
  }

  /**
   * Chosen rows in the order given.
   *
   * @return {@code [rows.length, dims()]} in the {@link #type}, owned by the current scope
   */
  public Tensor rows(int[] rows) {
    ByteBuffer target = stage(rows.length);
    samples.read(rows, target);
    return toTensor(rows.length, unit());
  }

  /**
   * Refuses rows that cannot be placed.
   *
   * @param from the row of the first figure
   * @param figures one number a row, not finite where a value of the row is not
   * @throws InputException that names the first such row
   */
  public void requireFinite(int from, float[] figures) {
    requireFinite(i -> from + i, figures);
  }

  /** The same for chosen rows: the row of each figure is told. */
  public void requireFinite(IntUnaryOperator row, float[] figures) {
    for (int i = 0; i < figures.length; i++) {
      if (!Float.isFinite(figures[i])) {
        throw new InputException(
            samples.name()
                + ": row "
                + samples.rowNumber(row.applyAsInt(i))
                + " (counted from 0) holds a value that is NaN, infinite or too large; remove or"
                + " repair it");
      }
    }
  }

  /** Room for the rows, in native memory that {@link #close()} frees, not the garbage collector. */
  private ByteBuffer stage(int count) {
    int bytes = Math.multiplyExact(count, samples.rowBytes());
    if (staging == null || staging.capacity() < bytes) {
      release();
      staging = NativeScope.own(new BytePointer(bytes));
    }
    return staging.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).limit(bytes);
  }

  private void release() {
    if (staging != null) {
      staging.close();
      staging = null;
    }
  }

  /** The type of stored rows taken for a tensor as they are. */
  static ScalarType storedType(Samples samples) {
    return switch (samples.type()) {
      case UINT8 -> ScalarType.Byte;
      case FLOAT32 -> ScalarType.Float;
      case FLOAT64 -> ScalarType.Double;
    };
  }

  private Tensor toTensor(int count, double unit) {
    ScalarType storedType = storedType(samples);
    return NativeScope.compute(
        () -> {
          Tensor stored =
              torch.from_blob(
                  staging, new long[] {count, samples.dims()}, new TensorOptions(storedType));
          Tensor batch;
          if (columnIndex == null) {
            batch = (storedType == type ? stored.clone() : stored).to(device, type);
          } else {
            batch = stored.to(device, storedType).index_select(1, columnIndex).to(type);
          }
          if (unit != 1) {
            batch.div_(new Scalar(1 / unit));
          }
          return factor == null ? batch : batch.mul_(factor);
        });
  }

  /** Lets go of the reused buffer and, for a view, of its columns and factors. */
  @Override
  public void close() {
    if (columnIndex != null) {
      columnIndex.close();
    }
    if (factor != null) {
      factor.close();
    }
    release();
  }
}
