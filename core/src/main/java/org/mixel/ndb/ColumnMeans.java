package org.mixel.ndb;

import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.Devices;
import org.mixel.tensor.RowReader;

/** Means over rows, in double. */
final class ColumnMeans {
  private ColumnMeans() {}

  /**
   * @param rows the rows to average
   * @param transform applied to each batch {@code [count, dims]} first
   * @return float64 {@code [dims]}, owned by the current scope
   */
  static Tensor of(RowReader rows, UnaryOperator<Tensor> transform) {
    Tensor sum = Devices.zeros(rows.device(), ScalarType.Double, rows.dims());
    rows.forEach(
        RowReader.rowsFor(rows.dims()),
        batch ->
            sum.add_(
                transform
                    .apply(batch.rows())
                    .sum(new long[] {0}, false, new ScalarTypeOptional(ScalarType.Double))));
    return sum.div_(new Scalar((double) rows.samples().rows()));
  }
}
