package org.mixel.cluster;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.tensor.Batches;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** Squared distances of all rows to a few centres, by matrix products. */
final class Distances {
  private final Batches data;
  private final int rows;
  private final int batch;

  /** {@code ||x_i||^2}. */
  private final float[] squaredNorms;

  /**
   * Each row's nearest centre.
   *
   * @param cluster its index
   * @param squaredDistance its squared distance
   */
  record Nearest(int[] cluster, float[] squaredDistance) {}

  private Distances(Batches data) {
    this.data = data;
    rows = data.samples().rows();
    batch = Batches.rowsFor(data.dims());
    squaredNorms = new float[rows];
    for (int from = 0; from < rows; from += batch) {
      int count = Math.min(batch, rows - from);
      try (NativeScope scope = new NativeScope()) {
        float[] norms = Tensors.floats(data.rows(from, count).square().sum(1));
        for (int i = 0; i < count; i++) {
          if (!Float.isFinite(norms[i])) {
            throw new InputException(
                data.samples().name()
                    + ": row "
                    + (from + i)
                    + " holds a value that is NaN, infinite or too large; remove or repair it");
          }
        }
        System.arraycopy(norms, 0, squaredNorms, from, count);
      }
    }
  }

  /**
   * @throws InputException if a row holds a value that is not finite
   */
  static Distances of(Batches data) {
    return new Distances(data);
  }

  Batches data() {
    return data;
  }

  int rows() {
    return rows;
  }

  int dims() {
    return data.dims();
  }

  int batch() {
    return batch;
  }

  float squaredNorm(int row) {
    return squaredNorms[row];
  }

  /** The nearest of {@code clusters} centres, the first of several that are equally near. */
  Nearest nearest(float[] centers, int clusters, Progress progress) {
    int[] cluster = new int[rows];
    float[] squared = new float[rows];
    try (NativeScope scope = new NativeScope();
        Progress.Stage stage = progress.begin("assigning rows", rows)) {
      Tensor table = onDevice(centers, clusters);
      Tensor centerNorms = table.square().sum(1);
      Tensor transposed = table.t();
      for (int from = 0; from < rows; from += batch) {
        int count = Math.min(batch, rows - from);
        try (NativeScope step = new NativeScope()) {
          Tensor scores =
              torch.addmm(
                  centerNorms, data.rows(from, count), transposed, new Scalar(1), new Scalar(-2));
          T_TensorTensor_T least = torch.min(scores, 1);
          float[] value = Tensors.floats(least.get0());
          long[] index = Tensors.longs(least.get1());
          for (int i = 0; i < count; i++) {
            cluster[from + i] = (int) index[i];
            squared[from + i] = Math.max(0, value[i] + squaredNorms[from + i]);
          }
        }
        stage.advance(count);
      }
    }
    return new Nearest(cluster, squared);
  }

  private Tensor onDevice(float[] centers, int clusters) {
    return Tensors.of(centers, clusters, dims())
        .to(data.device(), org.bytedeco.pytorch.global.torch.ScalarType.Float);
  }

  /** Lowers {@code nearest[i]} to the squared distance of row {@code i} to one centre. */
  void lower(float[] nearest, float[] center) {
    Nearest one = nearest(center, 1, Progress.SILENT);
    for (int i = 0; i < rows; i++) {
      nearest[i] = Math.min(nearest[i], one.squaredDistance()[i]);
    }
  }

  /** Chosen rows as floats. */
  float[] values(int[] chosen) {
    try (NativeScope scope = new NativeScope()) {
      return Tensors.floats(data.rows(chosen));
    }
  }
}
