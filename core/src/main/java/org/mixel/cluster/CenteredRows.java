package org.mixel.cluster;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.tensor.Batches;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * All rows of a data set less their mean, so that distances taken from products lose few digits
 * whatever the data's offset. Only the mean and one number a row are kept in memory.
 */
final class CenteredRows implements Points {
  private final Batches data;
  private final Tensor mean;
  private final Tensor squaredNorms;
  private final double variance;

  private CenteredRows(Batches data, Tensor mean, Tensor squaredNorms) {
    this.data = data;
    this.mean = NativeScope.own(mean);
    this.squaredNorms = NativeScope.own(squaredNorms);
    int rows = count();
    int batch = Batches.rowsFor(dims());
    double total = 0;
    for (int from = 0; from < rows; from += batch) {
      try (NativeScope scope = new NativeScope()) {
        Tensor norms = rows(from, Math.min(batch, rows - from)).square().sum(1);
        squaredNorms.narrow(0, from, norms.numel()).copy_(norms);
        for (float norm : Tensors.floats(norms)) {
          total += norm;
        }
      }
    }
    variance = total / rows / dims();
  }

  /**
   * Reads all rows twice.
   *
   * @throws InputException if a row holds a value that is not finite
   */
  static CenteredRows of(Batches data) {
    int rows = data.samples().rows();
    int batch = Batches.rowsFor(data.dims());
    try (NativeScope scope = new NativeScope()) {
      Tensor sums = Devices.zeros(data.device(), ScalarType.Double, data.dims());
      for (int from = 0; from < rows; from += batch) {
        try (NativeScope step = new NativeScope()) {
          Tensor values = data.rows(from, Math.min(batch, rows - from));
          data.requireFinite(from, Tensors.floats(values.square().sum(1)));
          sums.add_(values.sum(0).to(ScalarType.Double));
        }
      }
      return new CenteredRows(
          data,
          sums.div_(new Scalar(rows)).to(ScalarType.Float),
          Devices.zeros(data.device(), ScalarType.Float, rows));
    }
  }

  /** The mean variance of a column. */
  double variance() {
    return variance;
  }

  /** The columns' means, float32 {@code [dims]}. */
  Tensor mean() {
    return mean;
  }

  @Override
  public int count() {
    return data.samples().rows();
  }

  @Override
  public int dims() {
    return data.dims();
  }

  @Override
  public Device device() {
    return data.device();
  }

  @Override
  public Tensor rows(int from, int count) {
    return data.rows(from, count).sub_(mean);
  }

  @Override
  public Tensor rows(Tensor index) {
    long[] wide = Tensors.longs(index);
    int[] rows = new int[wide.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (int) wide[i];
    }
    return rows(rows);
  }

  /** Chosen rows, float32 {@code [rows.length, dims]}, owned by the current scope. */
  Tensor rows(int[] rows) {
    return data.rows(rows).sub_(mean);
  }

  @Override
  public Tensor squaredNorms() {
    return squaredNorms;
  }

  @Override
  public void close() {
    mean.close();
    squaredNorms.close();
  }
}
