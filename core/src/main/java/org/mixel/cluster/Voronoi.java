package org.mixel.cluster;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/** The cells of given centres. */
final class Voronoi {
  private Voronoi() {}

  /**
   * The nearest centre of every row, the first of several that are equally near. Rows and centres
   * are taken less the mean centre, which keeps digits when the data may lie far from the origin.
   *
   * @param centers float32 {@code [clusters, dims]} on the CPU
   * @throws InputException if a row holds a value that is not finite
   */
  static int[] cells(RowReader data, Tensor centers, Progress progress) {
    // Half a batch: a core has half of the cache, and the work is dealt out more evenly.
    int batch = RowReader.rowsFor(2 * Math.max(data.dims(), centers.size(0)));
    int[] cells = new int[data.samples().rows()];
    try (NativeScope scope = new NativeScope();
        Progress.Stage stage = progress.begin("assigning rows", cells.length)) {
      Tensor placed = centers.to(data.device(), ScalarType.Float).div(new Scalar(data.unit()));
      Tensor origin =
          data.liesInUnitCube() ? null : placed.to(ScalarType.Double).mean(0).to(ScalarType.Float);
      Tensor shifted = origin == null ? placed : placed.sub(origin);
      Tensor norms = shifted.square().sum(1);
      // Each product is one thread's, so that it rounds alike whatever the number of threads.
      data.divide(
          batch,
          stage,
          rows -> {
            Tensor x = rows.storedRows();
            if (origin != null) {
              x.sub_(origin);
            }
            Tensor scores = torch.add(norms, torch.mm(x, shifted.t()), new Scalar(-2));
            T_TensorTensor_T least = torch.min(scores, 1);
            rows.requireFinite(least.get0());
            int[] nearest = Tensors.ints(least.get1());
            System.arraycopy(nearest, 0, cells, rows.from(), nearest.length);
          });
    }
    return cells;
  }

  /**
   * The summed squared distance of the rows to the centres of their cells, from differences, so
   * that nothing cancels.
   */
  static double inertia(RowReader data, Tensor centers, int[] cells) {
    double[] total = {0};
    try (NativeScope scope = new NativeScope()) {
      Tensor placed = centers.to(data.device(), ScalarType.Float);
      Tensor index = Tensors.indices(cells).to(data.device(), ScalarType.Long);
      data.forEach(
          RowReader.rowsFor(data.dims()),
          batch -> {
            Tensor own = index.narrow(0, batch.from(), batch.count());
            Tensor x = batch.rows().sub_(placed.index_select(0, own));
            for (double squared : Tensors.doubles(x.square_().sum(1))) {
              total[0] += squared;
            }
          });
    }
    return total[0];
  }
}
