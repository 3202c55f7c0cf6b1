package org.mixel.tensor;

import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Java arrays to tensors and back, as copies, from and to any device; and the types of tensors. */
public final class Tensors {
  private Tensors() {}

  /** A float32 tensor on the CPU. */
  public static Tensor of(float[] values, long... shape) {
    return NativeScope.compute(
        () ->
            torch
                .from_blob(new FloatPointer(values), shape, new TensorOptions(ScalarType.Float))
                .clone());
  }

  /** A float64 tensor on the CPU. */
  public static Tensor of(double[] values, long... shape) {
    return NativeScope.compute(
        () ->
            torch
                .from_blob(new DoublePointer(values), shape, new TensorOptions(ScalarType.Double))
                .clone());
  }

  /** An int64 tensor on the CPU. */
  public static Tensor of(long[] values, long... shape) {
    return NativeScope.compute(
        () ->
            torch
                .from_blob(new LongPointer(values), shape, new TensorOptions(ScalarType.Long))
                .clone());
  }

  /** Row indices as an int64 vector on the CPU. */
  public static Tensor indices(int[] values) {
    return of(Arrays.stream(values).asLongStream().toArray(), values.length);
  }

  /**
   * The type of a tensor, which {@code ==} compares with the constants: {@link Tensor#scalar_type}
   * gives a new object each time, which equals none of them.
   */
  public static ScalarType type(Tensor tensor) {
    return tensor.scalar_type().intern();
  }

  /** All values in row-major order, converted to float. */
  public static float[] floats(Tensor tensor) {
    try (NativeScope scope = new NativeScope()) {
      float[] values = new float[Math.toIntExact(tensor.numel())];
      tensor.cpu().to(ScalarType.Float).contiguous().data_ptr_float().get(values);
      return values;
    }
  }

  /** All values in row-major order, converted to double. */
  public static double[] doubles(Tensor tensor) {
    try (NativeScope scope = new NativeScope()) {
      double[] values = new double[Math.toIntExact(tensor.numel())];
      tensor.cpu().to(ScalarType.Double).contiguous().data_ptr_double().get(values);
      return values;
    }
  }

  /** All values in row-major order, converted to long. */
  public static long[] longs(Tensor tensor) {
    try (NativeScope scope = new NativeScope()) {
      long[] values = new long[Math.toIntExact(tensor.numel())];
      tensor.cpu().to(ScalarType.Long).contiguous().data_ptr_long().get(values);
      return values;
    }
  }

  /** All values of indices in row-major order. */
  public static int[] ints(Tensor tensor) {
    return Arrays.stream(longs(tensor)).mapToInt(Math::toIntExact).toArray();
  }
}
