package org.mixel.cluster;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.Progress;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** Lloyd's iterations from given seeds. */
final class Lloyd {
  /** Centres, and the rows' places among exactly these centres. */
  record Result(float[] centers, int[] assignments, double inertia, int iterations) {}

  private Lloyd() {}

  static Result run(Distances distances, int[] seeds, KMeans.Options options) {
    int clusters = options.clusters();
    float[] centers = distances.values(seeds);
    Distances.Nearest nearest = distances.nearest(centers, clusters, Progress.SILENT);
    double threshold = options.tolerance() * meanVariance(distances);
    int iterations = 0;
    while (iterations < options.maxIterations()) {
      iterations++;
      float[] moved = means(distances, nearest, clusters);
      double shift = 0;
      for (int j = 0; j < moved.length; j++) {
        double step = moved[j] - centers[j];
        shift += step * step;
      }
      int[] before = nearest.cluster();
      centers = moved;
      nearest = distances.nearest(centers, clusters, Progress.SILENT);
      if (shift <= threshold || Arrays.equals(before, nearest.cluster())) {
        break;
      }
    }
    double inertia = 0;
    for (float squared : nearest.squaredDistance()) {
      inertia += squared;
    }
    return new Result(centers, nearest.cluster(), inertia, iterations);
  }

  /** Every cluster's mean; a cluster without rows takes over one of the worst placed rows. */
  private static float[] means(Distances distances, Distances.Nearest nearest, int clusters) {
    int[] cluster = nearest.cluster();
    int[] counts = new int[clusters];
    for (int k : cluster) {
      counts[k]++;
    }
    int[] empty = IntStream.range(0, clusters).filter(k -> counts[k] == 0).toArray();
    if (empty.length > 0) {
      refill(nearest, counts, empty);
    }
    int dims = distances.dims();
    try (NativeScope scope = new NativeScope()) {
      Tensor sums = Devices.zeros(distances.data().device(), ScalarType.Double, clusters, dims);
      for (int from = 0; from < distances.rows(); from += distances.batch()) {
        int count = Math.min(distances.batch(), distances.rows() - from);
        try (NativeScope step = new NativeScope()) {
          Tensor index =
              Tensors.indices(Arrays.copyOfRange(cluster, from, from + count))
                  .to(sums.device(), ScalarType.Long);
          Tensor mask =
              Devices.zeros(sums.device(), ScalarType.Float, clusters, count)
                  .scatter_(0, index.unsqueeze(0), new Scalar(1));
          sums.add_(mask.mm(distances.data().rows(from, count)).to(ScalarType.Double));
        }
      }
      double[] inverse = new double[clusters];
      for (int k = 0; k < clusters; k++) {
        inverse[k] = 1.0 / counts[k];
      }
      return Tensors.floats(
          sums.mul_(Tensors.of(inverse, clusters, 1).to(sums.device(), ScalarType.Double)));
    }
  }

  private static void refill(Distances.Nearest nearest, int[] counts, int[] empty) {
    int[] cluster = nearest.cluster();
    float[] squared = nearest.squaredDistance();
    int[] worst =
        IntStream.range(0, cluster.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -squared[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int next = 0;
    for (int k : empty) {
      while (counts[cluster[worst[next]]] < 2) {
        next++;
      }
      counts[cluster[worst[next]]]--;
      cluster[worst[next]] = k;
      counts[k] = 1;
      next++;
    }
  }

  private static double meanVariance(Distances distances) {
    try (NativeScope scope = new NativeScope()) {
      Tensor sums = Devices.zeros(distances.data().device(), ScalarType.Double, distances.dims());
      double squares = 0;
      for (int from = 0; from < distances.rows(); from += distances.batch()) {
        int count = Math.min(distances.batch(), distances.rows() - from);
        try (NativeScope step = new NativeScope()) {
          sums.add_(distances.data().rows(from, count).sum(0).to(ScalarType.Double));
        }
        for (int i = from; i < from + count; i++) {
          squares += distances.squaredNorm(i);
        }
      }
      double rows = distances.rows();
      double meanSquare = sums.square().sum().item_double() / (rows * rows);
      return (squares / rows - meanSquare) / distances.dims();
    }
  }
}
