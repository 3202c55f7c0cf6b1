package org.mixel.ndb;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.Batches;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;

/** Means over rows, in double. */
final class ColumnMeans {
  private ColumnMeans() {}

  /**
   * @param rows the rows to average, at least one
   * @param transform applied to each batch {@code [count, dims]} first
   * @return float64 {@code [dims]}, owned by the current scope
   */
  static Tensor of(Batches batches, int[] rows, UnaryOperator<Tensor> transform) {
    Tensor sum = Devices.zeros(batches.device(), ScalarType.Double, batches.dims());
    int batch = Batches.rowsFor(batches.dims());
    for (int from = 0; from < rows.length; from += batch) {
      int[] chosen = Arrays.copyOfRange(rows, from, Math.min(rows.length, from + batch));
      try (NativeScope scope = new NativeScope()) {
        sum.add_(
            transform
                .apply(batches.rows(chosen))
                .sum(new long[] {0}, false, new ScalarTypeOptional(ScalarType.Double)));
      }
    }
    return sum.div_(new Scalar((double) rows.length));
  }
}
