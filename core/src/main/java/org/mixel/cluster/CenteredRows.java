package org.mixel.cluster;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * All rows of a data set less their mean, so that distances taken from products lose few digits
 * whatever the data's offset. Only the mean and one number a row are kept in memory.
 */
final class CenteredRows implements Points {
  private final RowReader data;
  private final Tensor mean;
  private final Tensor squaredNorms;
  private final double variance;

  private CenteredRows(RowReader data, Tensor mean, Tensor squaredNorms) {
    this.data = data;
    this.mean = NativeScope.own(mean);
    this.squaredNorms = NativeScope.own(squaredNorms);
    double total = 0;
    for (float norm : Tensors.floats(squaredNorms)) {
      total += norm;
    }
    variance = total / count() / dims();
  }

  /**
   * Reads all rows twice.
   *
   * @throws InputException if a row holds a value that is not finite
   */
  static CenteredRows of(RowReader data) {
    int rows = data.samples().rows();
    try (NativeScope scope = new NativeScope()) {
      Tensor sums = Devices.zeros(data.device(), ScalarType.Double, data.dims());
      data.forEach(
          RowReader.rowsFor(data.dims()),
          batch -> {
            Tensor values = batch.rows();
            batch.requireFinite(values.square().sum(1));
            sums.add_(values.sum(0).to(ScalarType.Double));
          });
      Tensor mean = sums.div_(new Scalar(rows)).to(ScalarType.Float);
      Tensor norms = Devices.zeros(data.device(), ScalarType.Float, rows);
      data.forEach(
          RowReader.rowsFor(data.dims()),
          batch ->
              norms
                  .narrow(0, batch.from(), batch.count())
                  .copy_(batch.rows().sub_(mean).square().sum(1)));
      return new CenteredRows(data, mean, norms);
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
  public void forEach(int batchRows, Visitor visitor) {
    data.forEach(batchRows, batch -> visitor.visit(batch.from(), batch.rows().sub_(mean)));
  }

  @Override
  public Tensor all() {
    return data.rows(0, count()).sub_(mean);
  }

  @Override
  public Tensor rows(Tensor index) {
    return rows(Tensors.ints(index));
  }

  /** Chosen rows, float32 {@code [rows.length, dims]}, owned by the current scope. */
  Tensor rows(int[] rows) {
    return data.rows(rows).sub_(mean);
  }

  /** Passes over chosen rows in the order given, a batch at a time. */
  void forEach(int[] rows, Visitor visitor) {
    try (RowReader chosen = data.select(rows)) {
      chosen.forEach(
          RowReader.rowsFor(dims()), batch -> visitor.visit(batch.from(), batch.rows().sub_(mean)));
    }
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
