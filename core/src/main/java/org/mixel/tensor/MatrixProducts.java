package org.mixel.tensor;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** How fast a device multiplies float32 matrices: the floor that timings are measured against. */
public final class MatrixProducts {
  private MatrixProducts() {}

  /**
   * Times {@code [rows, dims]} by {@code [dims, width]}, in the batches of {@link
   * RowReader#rowsFor(long)} that the real work takes its rows in.
   *
   * @return seconds, without the reading of rows
   */
  public static double seconds(ComputeDevice device, int rows, int dims, int width) {
    try (NativeScope scope = new NativeScope();
        RandomStream random = RandomStream.of(0)) {
      int batch = Math.min(rows, RowReader.rowsFor(dims));
      Tensor left = random.normal(device.torch(), batch, dims);
      Tensor right = random.normal(device.torch(), dims, width);
      multiply(left, right, batch, batch);
      long start = System.nanoTime();
      multiply(left, right, batch, rows);
      return (System.nanoTime() - start) / 1e9;
    }
  }

  private static void multiply(Tensor left, Tensor right, int batch, int rows) {
    for (int from = 0; from < rows; from += batch) {
      try (NativeScope scope = new NativeScope()) {
        Tensor product = torch.mm(left.narrow(0, 0, Math.min(batch, rows - from)), right);
        if (from + batch >= rows) {
          // A GPU works on while Java goes ahead: reading a value waits for the last product.
          Tensors.floats(product.narrow(0, 0, 1));
        }
      }
    }
  }
}
