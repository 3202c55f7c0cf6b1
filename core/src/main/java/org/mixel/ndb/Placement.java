package org.mixel.ndb;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.cluster.KMeans;
import org.mixel.cluster.Ward;
import org.mixel.data.ColumnMoments;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * The centres of the bins, and the measure of distances to them.
 *
 * @param centers {@code bins * dims} values in pixels, centre after centre, less the origin
 * @param weights factors of the pixels in the distance, {@code dims} values; null for none
 * @param origin subtracted in float64 from vectors that lie too far from zero for float32, {@code
 *     dims} values; null for none
 */
record Placement(int bins, float[] centers, float @Nullable [] weights, double @Nullable [] origin)
    implements Serializable {
  /**
   * @param split whose placing rows place the centres
   */
  static Placement of(
      Samples reference,
      ReferenceSplit split,
      VoronoiBins.Options options,
      ComputeDevice device,
      Progress progress) {
    int[] rows = split.placing();
    requireRows(reference.name(), reference.rows(), options.bins(), split);
    double[] origin = ColumnMoments.farOrigin(reference);
    Samples placing = reference.select(rows).about(origin);
    boolean random = options.clustering() == Clustering.RANDOM;
    // So few rows as random centres would give rough deviations.
    Samples varying = random ? reference : reference.select(rows);
    float[] weights = options.whiten() ? PixelWeights.of(varying, device) : null;
    if (random && differentRows(placing, rows.length) < rows.length) {
      throw new InputException(
          "%s: two of the %d random rows that would be centres are equal; ask for fewer bins, or place them by `binning` kmeans"
              .formatted(reference.name(), rows.length));
    }
    int[] cluster =
        random
            ? IntStream.range(0, rows.length).toArray()
            : cluster(placing, weights, options, device, progress);
    float[] centers = means(placing, cluster, options.bins(), device);
    return new Placement(options.bins(), centers, weights, origin);
  }

  /** One centre in the units of the data, a new array of {@code dims} values. */
  float[] center(int bin) {
    int dims = centers.length / bins;
    float[] center = Arrays.copyOfRange(centers, bin * dims, (bin + 1) * dims);
    for (int j = 0; origin != null && j < dims; j++) {
      center[j] = (float) (center[j] + origin[j]);
    }
    return center;
  }

  /** The nearest centre of each row, in all dimensions. */
  int[] assign(Samples samples, ComputeDevice device, Progress progress) {
    float[] scaled = centers.clone();
    for (int i = 0; weights != null && i < scaled.length; i++) {
      scaled[i] *= weights[i % weights.length];
    }
    return read(
        samples.about(origin),
        weights,
        device,
        rows -> KMeans.assign(rows, scaled, bins, progress));
  }

  private static int[] read(
      Samples samples,
      float @Nullable [] weights,
      ComputeDevice device,
      Function<RowReader, int[]> body) {
    try (RowReader plain = RowReader.of(samples, device)) {
      if (weights == null) {
        return body.apply(plain);
      }
      try (RowReader scaled = plain.scaled(weights)) {
        return body.apply(scaled);
      }
    }
  }

  private static int[] cluster(
      Samples placing,
      float @Nullable [] weights,
      VoronoiBins.Options options,
      ComputeDevice device,
      Progress progress) {
    int[] columns = columns(placing.dims(), weights, options);
    return read(
        placing,
        weights,
        device,
        all -> {
          if (columns.length == placing.dims()) {
            return cluster(all, options, progress);
          }
          try (RowReader some = all.columns(columns)) {
            return cluster(some, options, progress);
          }
        });
  }

  private static int[] cluster(RowReader rows, VoronoiBins.Options options, Progress progress) {
    if (options.clustering() == Clustering.KMEANS) {
      KMeans.Options clustering =
          KMeans.Options.defaults(options.bins())
              .withRestarts(options.restarts())
              .withSeed(options.seed());
      return KMeans.fit(rows, clustering, progress).assignments();
    }
    int count = rows.samples().rows();
    int[] chosen =
        Choice.CLUSTERED_ROWS.drawRising(Math.min(count, Ward.MOST_ROWS), count, options.seed());
    float[] centers = Ward.fit(rows, chosen, options.bins(), progress).centers();
    return KMeans.assign(rows, centers, options.bins(), progress);
  }

  /** Refuses more bins than rows that place them. */
  static void requireRows(String name, int rows, int bins, ReferenceSplit split) {
    if (bins > split.placing().length) {
      throw new InputException(
          "%d bins need at least as many rows to place them, but reference %s gives %d of its %d%s; ask for fewer bins"
              .formatted(
                  bins,
                  name,
                  split.placing().length,
                  rows,
                  split.heldOut() ? " (held-out mode keeps at least half for counting)" : ""));
    }
  }

  /** The dimensions that the clustering looks at, rising; those of weight 0 are left out. */
  private static int[] columns(int dims, float @Nullable [] weights, VoronoiBins.Options options) {
    int[] useful =
        IntStream.range(0, dims).filter(j -> weights == null || weights[j] > 0).toArray();
    if (useful.length <= options.maxDims()) {
      return useful;
    }
    int[] chosen = Choice.COLUMNS.drawRising(options.maxDims(), useful.length, options.seed());
    return Arrays.stream(chosen).map(j -> useful[j]).toArray();
  }

  /** The mean of each cluster's rows, one cluster after the other: the same on every device. */
  private static float[] means(Samples placing, int[] cluster, int bins, ComputeDevice device) {
    int[][] rows = KMeans.members(cluster, bins);
    int dims = placing.dims();
    float[] centers = new float[Math.multiplyExact(bins, dims)];
    try (RowReader all = RowReader.of(placing, device)) {
      for (int k = 0; k < bins; k++) {
        if (rows[k].length == 0) {
          throw tooAlike(placing, bins);
        }
        try (NativeScope scope = new NativeScope();
            RowReader own = all.select(rows[k])) {
          float[] mean = Tensors.floats(ColumnMeans.of(own, x -> x));
          System.arraycopy(mean, 0, centers, k * dims, dims);
        }
      }
    }
    return centers;
  }

  /** There may be too few different rows, or rows that differ by less than distances resolve. */
  private static InputException tooAlike(Samples placing, int bins) {
    return new InputException(
        differentRows(placing, bins) < bins
            ? "%s has too few different rows for %d bins: one was left without rows; ask for fewer bins"
                .formatted(placing.name(), bins)
            : "%s: rows differ by less than distances in float32 can tell, so %d bins cannot be placed; scale the values"
                .formatted(placing.name(), bins));
  }

  /** How many rows are different, counted up to a limit. */
  private static int differentRows(Samples placing, int most) {
    Set<ByteBuffer> different = new HashSet<>();
    for (int i = 0; i < placing.rows() && different.size() < most; i++) {
      ByteBuffer row = ByteBuffer.allocate(placing.rowBytes());
      placing.read(i, 1, row);
      different.add(row.flip());
    }
    return different.size();
  }
}
