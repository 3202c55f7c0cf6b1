package org.mixel.cluster;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.tensor.Batches;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** The cells of given centres. */
final class Voronoi {
  private Voronoi() {}

  /**
   * The nearest centre of every row, the first of several that are equally near. Rows and centres
   * are taken less the mean centre, which keeps digits when the data lie far from the origin.
   *
   * @param centers float32 {@code [clusters, dims]} on the CPU
   * @throws InputException if a row holds a value that is not finite
   */
  static int[] cells(Batches data, Tensor centers, Progress progress) {
    int rows = data.samples().rows();
    int batch = Batches.rowsFor(Math.max(data.dims(), centers.size(0)));
    int[] cells = new int[rows];
    try (NativeScope scope = new NativeScope();
        Progress.Stage stage = progress.begin("assigning rows", rows)) {
      Tensor placed = centers.to(data.device(), ScalarType.Float);
      Tensor origin = placed.to(ScalarType.Double).mean(0).to(ScalarType.Float);
      Tensor shifted = placed.sub(origin);
      Tensor norms = shifted.square().sum(1);
      for (int from = 0; from < rows; from += batch) {
        int count = Math.min(batch, rows - from);
        try (NativeScope step = new NativeScope()) {
          Tensor x = data.rows(from, count).sub_(origin);
          Tensor scores = torch.add(norms, Products.of(x, shifted.t()), new Scalar(-2));
          T_TensorTensor_T least = torch.min(scores, 1);
          CenteredRows.requireFinite(data, from, Tensors.floats(least.get0()));
          long[] nearest = Tensors.longs(least.get1());
          for (int i = 0; i < count; i++) {
            cells[from + i] = (int) nearest[i];
          }
        }
        stage.advance(count);
      }
    }
    return cells;
  }

  /** The rows of each cell, ascending. */
  static int[][] members(int[] cells, int clusters) {
    int[] counts = new int[clusters];
    for (int cell : cells) {
      counts[cell]++;
    }
    int[][] members = new int[clusters][];
    Arrays.setAll(members, k -> new int[counts[k]]);
    for (int row = cells.length - 1; row >= 0; row--) {
      members[cells[row]][--counts[cells[row]]] = row;
    }
    return members;
  }

  /**
   * The summed squared distance of the rows to the centres of their cells, from differences, so
   * that nothing cancels.
   */
  static double inertia(Batches data, Tensor centers, int[] cells) {
    int batch = Batches.rowsFor(data.dims());
    double total = 0;
    try (NativeScope scope = new NativeScope()) {
      Tensor placed = centers.to(data.device(), ScalarType.Float);
      for (int from = 0; from < cells.length; from += batch) {
        int to = Math.min(cells.length, from + batch);
        try (NativeScope step = new NativeScope()) {
          Tensor own = Tensors.indices(Arrays.copyOfRange(cells, from, to));
          Tensor x = data.rows(from, to - from);
          x.sub_(placed.index_select(0, own.to(data.device(), ScalarType.Long)));
          for (double squared : Tensors.doubles(x.square_().sum(1))) {
            total += squared;
          }
        }
      }
    }
    return total;
  }
}
