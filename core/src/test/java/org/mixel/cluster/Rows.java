package org.mixel.cluster;

import java.util.SplittableRandom;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RowReader;

/** Made rows, and distances computed one by one in float64. */
final class Rows {
  private Rows() {}

  static RowReader reader(float[] values, int dims) {
    return RowReader.of(StoredSamples.ofFloats("made", dims, null, values), ComputeDevice.CPU);
  }

  /** Row {@code i} lies within {@code noise} of centre {@code i % blobs} in every value. */
  static float[] blobs(int rows, int dims, int blobs, double spread, double noise, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] centers = random.doubles((long) blobs * dims, -spread, spread).toArray();
    float[] values = new float[rows * dims];
    for (int j = 0; j < values.length; j++) {
      values[j] = (float) (centers[j % centers.length] + random.nextDouble(-noise, noise));
    }
    return values;
  }

  static double squaredDistance(float[] values, int row, float[] centers, int k, int dims) {
    double total = 0;
    for (int j = 0; j < dims; j++) {
      double step = (double) values[row * dims + j] - centers[k * dims + j];
      total += step * step;
    }
    return total;
  }

  static int nearest(float[] values, int row, float[] centers, int dims) {
    int best = 0;
    for (int k = 1; k < centers.length / dims; k++) {
      if (squaredDistance(values, row, centers, k, dims)
          < squaredDistance(values, row, centers, best, dims)) {
        best = k;
      }
    }
    return best;
  }

  static double inertia(float[] values, float[] centers, int dims) {
    double total = 0;
    for (int i = 0; i < values.length / dims; i++) {
      total += squaredDistance(values, i, centers, nearest(values, i, centers, dims), dims);
    }
    return total;
  }

  /** Means of the rows of each cluster; zero where there are none. */
  static float[] means(float[] values, int[] cluster, int clusters, int dims) {
    double[] sums = new double[clusters * dims];
    int[] counts = new int[clusters];
    for (int i = 0; i < cluster.length; i++) {
      counts[cluster[i]]++;
      for (int j = 0; j < dims; j++) {
        sums[cluster[i] * dims + j] += values[i * dims + j];
      }
    }
    float[] means = new float[sums.length];
    for (int j = 0; j < means.length; j++) {
      means[j] = (float) (sums[j] / Math.max(1, counts[j / dims]));
    }
    return means;
  }
}
