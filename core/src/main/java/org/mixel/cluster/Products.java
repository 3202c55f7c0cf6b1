package org.mixel.cluster;

import org.bytedeco.pytorch.Tensor;
import org.mixel.tensor.NativeScope;

/**
 * Matrix products that do not depend on the number of threads. OpenBLAS cuts a long inner dimension
 * into blocks whose size depends on it, and so rounds differently; inner slices no longer than one
 * block leave it no choice.
 */
final class Products {
  /** Below the block size of OpenBLAS for float32 and float64. */
  private static final long SLICE = 256;

  private Products() {}

  /**
   * @param left {@code [m, n]}
   * @param right {@code [n, p]}
   * @return {@code [m, p]}, owned by the current scope
   */
  static Tensor of(Tensor left, Tensor right) {
    long inner = left.size(1);
    long slices = (inner + SLICE - 1) / SLICE;
    long width = (inner + slices - 1) / slices;
    return NativeScope.compute(
        () -> {
          Tensor product = left.narrow(1, 0, width).mm(right.narrow(0, 0, width));
          for (long from = width; from < inner; from += width) {
            long count = Math.min(width, inner - from);
            product.addmm_(left.narrow(1, from, count), right.narrow(0, from, count));
          }
          return product;
        });
  }
}
