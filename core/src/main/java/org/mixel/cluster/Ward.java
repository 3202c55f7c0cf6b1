package org.mixel.cluster;

import static org.mixel.InputException.require;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * Agglomerative clustering by Ward's criterion: from single rows, always those two clusters are
 * merged that raise the sum of squared distances to the clusters' means least, until as many are
 * left as asked for (Ward, 1963).
 *
 * <p>The merges are found by {@link NearestNeighborChain} on the matrix of all distances, {@code 4
 * n^2} bytes of the heap; the result does not depend on any random choice. Immutable.
 */
public final class Ward {
  /** So many rows can be clustered; their distances take 256 MB. */
  public static final int MOST_ROWS = 8_000;

  private final int[] assignments;
  private final float[] centers;

  private Ward(int[] assignments, float[] centers) {
    this.assignments = assignments;
    this.centers = centers;
  }

  /**
   * Clusters some rows.
   *
   * @param data where the rows come from
   * @param rows which, at most {@link #MOST_ROWS}
   * @param clusters at least 1 and at most as many as rows
   * @param progress hears of each merge
   * @throws InputException if there are fewer rows than clusters, or a row holds a value that is
   *     not finite
   */
  public static Ward fit(RowReader data, int[] rows, int clusters, Progress progress) {
    if (rows.length > MOST_ROWS) {
      throw new IllegalArgumentException(rows.length + " rows are more than " + MOST_ROWS);
    }
    require(
        clusters >= 1 && rows.length >= clusters,
        "%s: %d clusters need at least 1 and at most as many as rows, got %d rows"
            .formatted(data.samples().name(), clusters, rows.length));
    try (RowReader chosen = data.select(rows)) {
      List<NearestNeighborChain.Merge> merges =
          NearestNeighborChain.merges(squaredDistances(chosen), progress);
      int[] assignments = cut(merges, rows.length, clusters);
      return new Ward(assignments, means(chosen, assignments, clusters));
    }
  }

  /**
   * The cluster of each row, in the order given; clusters are numbered as they appear.
   *
   * @return a new array
   */
  public int[] assignments() {
    return assignments.clone();
  }

  /**
   * The mean of each cluster's rows.
   *
   * @return a new array of {@code clusters * dims} values, mean after mean
   */
  public float[] centers() {
    return centers.clone();
  }

  /** Between all rows, block by block, of rows less the first block's mean. */
  private static float[][] squaredDistances(RowReader data) {
    int rows = data.samples().rows();
    int block = RowReader.rowsFor(data.dims());
    float[][] squared = new float[rows][rows];
    try (NativeScope scope = new NativeScope()) {
      Tensor origin = data.rows(0, Math.min(block, rows)).mean(0);
      data.forEach(
          block,
          batch -> {
            Tensor x = batch.rows().sub_(origin);
            Tensor norms = x.square().sum(1);
            // No two rows are farther apart than four times the larger norm, and no two clusters
            // than as many times that as there are rows.
            batch.requireFinite(norms.mul(new Scalar(4.0 * rows)));
            int from = batch.from();
            NativeScope.inParts(
                from + batch.count(),
                block,
                (other, count) -> {
                  Tensor y = data.rows((int) other, (int) count).sub_(origin);
                  Tensor distances = torch.mm(x, y.t()).mul_(new Scalar(-2));
                  distances
                      .add_(norms.unsqueeze(1))
                      .add_(y.square().sum(1))
                      .clamp_min_(new Scalar(0));
                  copy(Tensors.floats(distances), squared, from, (int) other, (int) count);
                });
          });
    }
    return squared;
  }

  private static void copy(float[] values, float[][] target, int row, int column, int width) {
    for (int i = 0; i * width < values.length; i++) {
      for (int j = 0; j < width; j++) {
        target[row + i][column + j] = values[i * width + j];
        target[column + j][row + i] = values[i * width + j];
      }
    }
  }

  /** The clusters that remain after the cheapest merges. */
  private static int[] cut(List<NearestNeighborChain.Merge> merges, int rows, int clusters) {
    int[] parent = new int[rows];
    Arrays.setAll(parent, i -> i);
    merges.stream()
        .sorted(Comparator.comparingDouble(NearestNeighborChain.Merge::cost))
        .limit(rows - clusters)
        .forEach(merge -> parent[root(parent, merge.absorbed())] = root(parent, merge.kept()));
    int[] number = new int[rows];
    Arrays.fill(number, -1);
    int[] assignments = new int[rows];
    int next = 0;
    for (int i = 0; i < rows; i++) {
      int root = root(parent, i);
      if (number[root] < 0) {
        number[root] = next++;
      }
      assignments[i] = number[root];
    }
    return assignments;
  }

  private static int root(int[] parent, int start) {
    int i = start;
    while (parent[i] != i) {
      parent[i] = parent[parent[i]];
      i = parent[i];
    }
    return i;
  }

  private static float[] means(RowReader data, int[] assignments, int clusters) {
    try (NativeScope scope = new NativeScope()) {
      Tensor sums = Devices.zeros(data.device(), ScalarType.Double, clusters, data.dims());
      Tensor counts = Devices.zeros(data.device(), ScalarType.Double, clusters, 1);
      Tensor index = Tensors.indices(assignments).to(data.device(), ScalarType.Long);
      data.forEach(
          RowReader.rowsFor(data.dims()),
          batch -> {
            Tensor x = batch.rows().to(ScalarType.Double);
            Tensor own = index.narrow(0, batch.from(), batch.count());
            sums.index_add_(0, own, x);
            counts.index_add_(0, own, torch.ones_like(x.narrow(1, 0, 1)));
          });
      return Tensors.floats(sums.div_(counts).to(ScalarType.Float));
    }
  }
}
