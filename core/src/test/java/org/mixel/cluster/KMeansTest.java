package org.mixel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.Batches;
import org.mixel.tensor.Devices;

/** k-means finds the clusters that are there, and says truly where every row belongs. */
class KMeansTest {
  @Test
  void separatedBlobsAreRecoveredAndTheFiguresAreTrue() {
    float[] values = blobs(7, 40, 5, 10, 0.5, 1);
    KMeans fitted = fit(values, 5, KMeans.Options.defaults(7));
    int[] assignments = fitted.assignments();
    for (int i = 0; i < assignments.length; i++) {
      assertThat(assignments[i]).isEqualTo(assignments[i % 7]);
      assertThat(assignments[i]).isEqualTo(nearest(values, i, fitted.centers(), 5));
    }
    assertThat(fitted.counts()).containsOnly(40);
    assertThat(fitted.inertia())
        .isCloseTo(inertia(values, fitted.centers(), 5), within(1e-4 * fitted.inertia()));
  }

  @Test
  void fewerRowsThanClustersAreRefused() {
    assertThatThrownBy(() -> fit(new float[12], 3, KMeans.Options.defaults(5)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("5 clusters");
  }

  private static KMeans fit(float[] values, int dims, KMeans.Options options) {
    try (Batches data =
        Batches.of(StoredSamples.ofFloats("made", dims, null, values), Devices.cpu())) {
      return KMeans.fit(data, options, Progress.SILENT);
    }
  }

  private static float[] blobs(
      int blobs, int rowsEach, int dims, double spread, double noise, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] centers = random.doubles((long) blobs * dims, -spread, spread).toArray();
    float[] values = new float[blobs * rowsEach * dims];
    for (int j = 0; j < values.length; j++) {
      values[j] = (float) (centers[j % centers.length] + random.nextDouble(-noise, noise));
    }
    return values;
  }

  private static int nearest(float[] values, int row, float[] centers, int dims) {
    int best = 0;
    for (int k = 1; k < centers.length / dims; k++) {
      if (squared(values, row, centers, k, dims) < squared(values, row, centers, best, dims)) {
        best = k;
      }
    }
    return best;
  }

  private static double inertia(float[] values, float[] centers, int dims) {
    double total = 0;
    for (int i = 0; i < values.length / dims; i++) {
      total += squared(values, i, centers, nearest(values, i, centers, dims), dims);
    }
    return total;
  }

  private static double squared(float[] values, int row, float[] centers, int k, int dims) {
    double total = 0;
    for (int j = 0; j < dims; j++) {
      double step = (double) values[row * dims + j] - centers[k * dims + j];
      total += step * step;
    }
    return total;
  }
}
