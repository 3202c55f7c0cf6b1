package org.mixel.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.data.ElementType;
import org.mixel.data.Samples;

/**
 * Rows of {@link Samples} as float32 tensors: bytes are scaled to [0, 1], floats taken as they are.
 *
 * <p>Rows pass through one reused buffer, so a batch costs its tensor and nothing else. Not safe
 * for use by several threads.
 */
public final class Batches implements AutoCloseable {
  private static final long BATCH_BYTES = 8L << 20;

  private final Samples samples;
  private final Device device;
  private ByteBuffer staging = ByteBuffer.allocateDirect(0);

  private Batches(Samples samples, Device device) {
    this.samples = samples;
    this.device = device;
  }

  /**
   * @param samples the rows
   * @param device where the tensors go
   */
  public static Batches of(Samples samples, Device device) {
    return new Batches(samples, device);
  }

  /** The set that the batches come from. */
  public Samples samples() {
    return samples;
  }

  /** The device that the batches go to. */
  public Device device() {
    return device;
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
   * @return float32 {@code [count, dims]}, owned by the current scope
   */
  public Tensor rows(int from, int count) {
    ByteBuffer target = stage(count);
    samples.read(from, count, target);
    return toTensor(count);
  }

  /**
   * Chosen rows in the order given.
   *
   * @return float32 {@code [rows.length, dims]}, owned by the current scope
   */
  public Tensor rows(int[] rows) {
    ByteBuffer target = stage(rows.length);
    samples.read(rows, target);
    return toTensor(rows.length);
  }

  private ByteBuffer stage(int count) {
    int bytes = Math.multiplyExact(count, samples.rowBytes());
    if (staging.capacity() < bytes) {
      staging = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
    return staging.clear();
  }

  private Tensor toTensor(int count) {
    boolean bytes = samples.type() == ElementType.UINT8;
    return NativeScope.compute(
        () -> {
          Tensor stored =
              torch.from_blob(
                  new BytePointer(staging.clear()),
                  new long[] {count, samples.dims()},
                  new TensorOptions(bytes ? ScalarType.Byte : ScalarType.Float));
          return bytes
              ? stored.to(device, ScalarType.Float).div_(new Scalar(255))
              : stored.clone().to(device, ScalarType.Float);
        });
  }

  /** Lets go of the reused buffer. */
  @Override
  public void close() {
    staging = ByteBuffer.allocateDirect(0);
  }
}
