package org.mixel.cluster;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.tensor.Batches;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;
import org.mixel.tensor.Threads;

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
  static int[] cells(Batches data, Tensor centers, Progress progress) {
    int rows = data.samples().rows();
    // Half a batch: a core has half of the cache, and the work is dealt out more evenly.
    int batch = Batches.rowsFor(2 * Math.max(data.dims(), centers.size(0)));
    int[] cells = new int[rows];
    try (NativeScope scope = new NativeScope();
        Progress.Stage stage = progress.begin("assigning rows", rows)) {
      Tensor placed = centers.to(data.device(), ScalarType.Float).div(new Scalar(data.unit()));
      Tensor origin =
          data.liesInUnitCube() ? null : placed.to(ScalarType.Double).mean(0).to(ScalarType.Float);
      Tensor shifted = origin == null ? placed : placed.sub(origin);
      Tensor norms = shifted.square().sum(1);
      // Each product is one thread's, so that it rounds alike whatever the number of threads.
      Threads.divide(
          data.device(),
          (rows + batch - 1) / batch,
          (worker, workers) -> {
            try (Batches own = data.again()) {
              for (int from = worker * batch; from < rows; from += workers * batch) {
                int count = Math.min(batch, rows - from);
                assign(own, from, count, origin, shifted, norms, cells);
                synchronized (stage) {
                  stage.advance(count);
                }
              }
            }
          });
    }
    return cells;
  }

  private static void assign(
      Batches data,
      int from,
      int count,
      @Nullable Tensor origin,
      Tensor shifted,
      Tensor norms,
      int[] cells) {
    try (NativeScope step = new NativeScope()) {
      Tensor x = data.storedRows(from, count);
      if (origin != null) {
        x.sub_(origin);
      }
      Tensor scores = torch.add(norms, torch.mm(x, shifted.t()), new Scalar(-2));
      T_TensorTensor_T least = torch.min(scores, 1);
      data.requireFinite(from, Tensors.floats(least.get0()));
      long[] nearest = Tensors.longs(least.get1());
      for (int i = 0; i < count; i++) {
        cells[from + i] = (int) nearest[i];
      }
    }
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
