package org.mixel.cluster;

import static org.mixel.InputException.require;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * A fitted clustering: centres, and the training rows' places among them.
 *
 * <p>Immutable and safe for use by several threads. The same data, options and seed give the same
 * clustering.
 */
public final class KMeans {
  /** Groups of centres that rows keep bounds for: up to this many float32 a row. */
  private static final int GROUPS = 32;

  private final int clusters;
  private final float[] centers;
  private final int[] assignments;
  private final int iterations;

  private KMeans(RowReader data, Tensor centers, int iterations, Progress progress) {
    clusters = (int) centers.size(0);
    this.centers = Tensors.floats(centers);
    assignments = Voronoi.cells(data, centers, progress);
    this.iterations = iterations;
  }

  /**
   * How to cluster.
   *
   * @param clusters number of clusters, at least 1 and at most the number of rows
   * @param restarts independent seedings that race on a sketch of the data: after every few steps
   *     the worse half gives up, and only the last one is stepped to its end on all rows
   * @param maxIterations most Lloyd steps of a restart on the sketch, and again of the winner on
   *     all rows
   * @param tolerance stepping ends when the centres' summed squared movement is at most this
   *     fraction of the mean variance of a column; 0 asks for a fixed point
   * @param seed fixes every random choice
   */
  public record Options(
      int clusters, int restarts, int maxIterations, double tolerance, long seed) {
    /**
     * @throws InputException if a number is out of its range
     */
    public Options {
      require(clusters >= 1, "clusters must be at least 1, got " + clusters);
      require(restarts >= 1, "restarts must be at least 1, got " + restarts);
      require(maxIterations >= 1, "iterations must be at least 1, got " + maxIterations);
      require(tolerance >= 0, "tolerance must be at least 0, got " + tolerance);
    }

    /** 10 restarts of at most 300 iterations, tolerance 1e-4, seed 0. */
    public static Options defaults(int clusters) {
      return new Options(clusters, 10, 300, 1e-4, 0);
    }

    /** The same options with another number of restarts. */
    public Options withRestarts(int restarts) {
      return new Options(clusters, restarts, maxIterations, tolerance, seed);
    }

    /** The same options with another limit on the iterations of a restart. */
    public Options withMaxIterations(int maxIterations) {
      return new Options(clusters, restarts, maxIterations, tolerance, seed);
    }

    /** The same options with another seed. */
    public Options withSeed(long seed) {
      return new Options(clusters, restarts, maxIterations, tolerance, seed);
    }
  }

  /**
   * Clusters rows.
   *
   * @param data the rows; read many times, one batch at a time
   * @param options how to cluster
   * @param progress told of each restart
   * @throws InputException if there are fewer rows than clusters, or a row holds a value that is
   *     not finite
   */
  public static KMeans fit(RowReader data, Options options, Progress progress) {
    int rows = data.samples().rows();
    require(
        rows >= options.clusters(),
        "%s: %d clusters need at least as many rows, got %d; ask for fewer clusters or give more rows"
            .formatted(data.samples().name(), options.clusters(), rows));
    try (NativeScope scope = new NativeScope();
        RandomStream random = RandomStream.of(options.seed());
        CenteredRows centered = CenteredRows.of(data);
        Lloyd lloyd = new Lloyd(centered, start(centered, options, random, progress), GROUPS);
        Progress.Stage stage = progress.begin("k-means", options.maxIterations())) {
      double enough = options.tolerance() * centered.variance();
      boolean settled = false;
      while (!settled && lloyd.steps() < options.maxIterations()) {
        settled = lloyd.run(enough, 1);
        stage.advance(1);
      }
      Tensor centers = lloyd.centers().add(centered.mean()).cpu();
      return new KMeans(data, centers, lloyd.steps(), progress);
    }
  }

  /** The means of the clusters of the best restart on a sketch. */
  private static Tensor start(
      CenteredRows centered, Options options, RandomStream random, Progress progress) {
    double enough = options.tolerance() * centered.variance();
    try (RandomStream draws = random.split(-1);
        Sketch sketch = Sketch.of(centered, options.clusters(), draws);
        Lloyd best = Restarts.best(sketch, options, enough, random, progress)) {
      return best.means(centered, sketch.source());
    }
  }

  /**
   * The centres, each the mean of its rows to within the tolerance.
   *
   * @return a new array, {@code clusters * dims} values, centre after centre
   */
  public float[] centers() {
    return centers.clone();
  }

  /**
   * The sum of the squared distances of the training rows to their centres.
   *
   * @param data these rows, which were clustered; read once
   * @throws IllegalArgumentException if there are more or fewer rows than were clustered, or they
   *     have another number of values
   */
  public double inertia(RowReader data) {
    if (data.samples().rows() != assignments.length
        || (long) clusters * data.dims() != centers.length) {
      throw new IllegalArgumentException(data.samples().name() + " is not what was clustered");
    }
    try (NativeScope scope = new NativeScope()) {
      return Voronoi.inertia(data, Tensors.of(centers, clusters, data.dims()), assignments);
    }
  }

  /** Exact Lloyd steps on all rows, which followed those on the sketch. */
  public int iterations() {
    return iterations;
  }

  /**
   * The nearest centre of every training row.
   *
   * @return a new array, one cluster index per row
   */
  public int[] assignments() {
    return assignments.clone();
  }

  /**
   * The training rows that each cluster owns.
   *
   * @return new arrays, one per cluster, of ascending row numbers
   */
  public int[][] members() {
    return members(assignments, clusters);
  }

  /**
   * The rows of each cluster.
   *
   * @param assignments the cluster of each row
   * @return new arrays, one per cluster, of ascending row numbers
   */
  public static int[][] members(int[] assignments, int clusters) {
    int[] counts = new int[clusters];
    for (int cluster : assignments) {
      counts[cluster]++;
    }
    int[][] members = new int[clusters][];
    Arrays.setAll(members, k -> new int[counts[k]]);
    for (int row = assignments.length - 1; row >= 0; row--) {
      members[assignments[row]][--counts[assignments[row]]] = row;
    }
    return members;
  }

  /**
   * The nearest centre of any rows.
   *
   * @param data rows of as many values as those that were clustered
   * @param progress hears of the rows done
   * @return one cluster index per row
   * @throws InputException if the rows have another number of values, or one is not finite
   */
  public int[] assign(RowReader data, Progress progress) {
    return assign(data, centers, clusters, progress);
  }

  /**
   * The nearest of given centres, the first of several that are equally near.
   *
   * @param data rows of {@code centers.length / clusters} values
   * @param centers {@code clusters * dims} values, centre after centre
   * @param clusters number of centres
   * @param progress hears of the rows done
   * @return one cluster index per row
   * @throws InputException if the rows have another number of values, or one is not finite
   */
  public static int[] assign(RowReader data, float[] centers, int clusters, Progress progress) {
    require(
        (long) clusters * data.dims() == centers.length,
        "%s: rows have %d values, but the centres have %d"
            .formatted(data.samples().name(), data.dims(), centers.length / clusters));
    try (NativeScope scope = new NativeScope()) {
      return Voronoi.cells(data, Tensors.of(centers, clusters, data.dims()), progress);
    }
  }
}
