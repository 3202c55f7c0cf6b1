package org.mixel.cluster;

import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.tensor.Batches;
import org.mixel.tensor.RandomStream;

/**
 * A fitted clustering: centres, and the training rows' places among them.
 *
 * <p>Immutable and safe for use by several threads. The same data, options and seed give the same
 * clustering.
 */
public final class KMeans {
  private final int clusters;
  private final int dims;
  private final float[] centers;
  private final int[] assignments;
  private final double inertia;
  private final int iterations;

  private KMeans(int clusters, int dims, Lloyd.Result result) {
    this.clusters = clusters;
    this.dims = dims;
    centers = result.centers();
    assignments = result.assignments();
    inertia = result.inertia();
    iterations = result.iterations();
  }

  /**
   * How to cluster.
   *
   * @param clusters number of clusters, at least 1 and at most the number of rows
   * @param restarts independent seedings, of which the one with the least inertia wins
   * @param maxIterations most Lloyd steps of one restart
   * @param tolerance a restart ends when its centres' summed squared movement is at most this
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

    /** The same options with another tolerance. */
    public Options withTolerance(double tolerance) {
      return new Options(clusters, restarts, maxIterations, tolerance, seed);
    }

    /** The same options with another seed. */
    public Options withSeed(long seed) {
      return new Options(clusters, restarts, maxIterations, tolerance, seed);
    }

    private static void require(boolean holds, String otherwise) {
      if (!holds) {
        throw new InputException(otherwise);
      }
    }
  }

  /**
   * Clusters rows.
   *
   * @param data the rows; read many times, one batch at a time
   * @param options how
   * @param progress hears of each restart
   * @throws InputException if there are fewer rows than clusters, or a row holds a value that is
   *     not finite
   */
  public static KMeans fit(Batches data, Options options, Progress progress) {
    int rows = data.samples().rows();
    if (rows < options.clusters()) {
      throw new InputException(
          data.samples().name()
              + ": "
              + options.clusters()
              + " clusters need at least as many rows, got "
              + rows
              + "; ask for fewer clusters or give more rows");
    }
    Distances distances = Distances.of(data);
    Lloyd.Result best = null;
    try (RandomStream random = RandomStream.of(options.seed());
        Progress.Stage stage = progress.begin("k-means", options.restarts())) {
      for (int restart = 0; restart < options.restarts(); restart++) {
        int[] seeds;
        try (RandomStream draws = random.split(restart)) {
          seeds = Seeding.plusPlus(distances, options.clusters(), draws);
        }
        Lloyd.Result result = Lloyd.run(distances, seeds, options);
        if (best == null || result.inertia() < best.inertia()) {
          best = result;
        }
        stage.advance(1);
        stage.note(String.format("inertia %.6g", best.inertia()));
      }
    }
    if (best == null) {
      throw new IllegalStateException("no restart ran");
    }
    return new KMeans(options.clusters(), data.dims(), best);
  }

  /** Number of clusters, {@code K}. */
  public int clusters() {
    return clusters;
  }

  /** Values per centre. */
  public int dims() {
    return dims;
  }

  /**
   * The centres, each the mean of its rows to within the tolerance.
   *
   * @return a new array, {@code clusters * dims} values, centre after centre
   */
  public float[] centers() {
    return centers.clone();
  }

  /** The sum of the squared distances of the training rows to their centres. */
  public double inertia() {
    return inertia;
  }

  /** Lloyd steps of the winning restart. */
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
   * How many training rows each cluster owns.
   *
   * @return a new array, one count per cluster
   */
  public int[] counts() {
    int[] counts = new int[clusters];
    for (int cluster : assignments) {
      counts[cluster]++;
    }
    return counts;
  }

  /**
   * The nearest centre of any rows.
   *
   * @param data rows of {@code dims()} values
   * @param progress hears of the rows done
   * @return one cluster index per row
   * @throws InputException if the rows have another number of values, or one is not finite
   */
  public int[] assign(Batches data, Progress progress) {
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
  public static int[] assign(Batches data, float[] centers, int clusters, Progress progress) {
    if ((long) clusters * data.dims() != centers.length) {
      throw new InputException(
          data.samples().name()
              + ": rows have "
              + data.dims()
              + " values, but the centres have "
              + centers.length / clusters);
    }
    return Distances.of(data).nearest(centers, clusters, progress).cluster();
  }
}
