package org.mixel.cluster;

import static org.mixel.InputException.require;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * A clustering of rows about affine subspaces (the paper's appendix A.2; Bradley and Mangasarian,
 * Journal of Global Optimization 16, 2000, for hyperplanes).
 *
 * <p>Cluster {@code k} is a mean {@code mu_k} and {@code l} orthonormal directions {@code U_k}.
 * Each begins as the span of {@code l + 1} random rows. Then, in turn, every row goes to the
 * subspace that leaves least of it, {@code ||x - mu_k||^2 - ||U_k (x - mu_k)||^2}, and every
 * subspace becomes the mean and the leading principal directions of its rows; neither half raises
 * the residual. A subspace without rows is spanned anew by rows that fit worst.
 *
 * <p>Immutable and safe for use by several threads. The same data, options and seed give the same
 * clustering.
 */
public final class KSubspaces {
  /** Rows settle when no more than one in this many moves. */
  private static final int SETTLED = 1000;

  private final int dims;
  private final int[] assignments;
  private final float[] means;
  private final float[] directions;
  private final double residual;
  private final int iterations;

  private KSubspaces(
      int[] assignments, Tensor means, Tensor directions, double residual, int iterations) {
    dims = (int) means.size(1);
    this.assignments = assignments;
    this.means = Tensors.floats(means);
    this.directions = Tensors.floats(directions);
    this.residual = residual;
    this.iterations = iterations;
  }

  /**
   * How to cluster.
   *
   * @param clusters number of subspaces, {@code K}, at least 1
   * @param dimension directions of each, {@code l}, at least 1
   * @param maxIterations most rounds of assigning and refitting
   * @param seed fixes every random choice
   */
  public record Options(int clusters, int dimension, int maxIterations, long seed) {
    /**
     * @throws InputException if a number is out of its range
     */
    public Options {
      require(clusters >= 1, "clusters must be at least 1, got " + clusters);
      require(dimension >= 1, "dimension must be at least 1, got " + dimension);
      require(maxIterations >= 1, "iterations must be at least 1, got " + maxIterations);
    }

    /** At most 30 iterations, seed 0. */
    public static Options defaults(int clusters, int dimension) {
      return new Options(clusters, dimension, 30, 0);
    }

    /** The same options with another limit on the iterations. */
    public Options withMaxIterations(int maxIterations) {
      return new Options(clusters, dimension, maxIterations, seed);
    }

    /** The same options with another seed. */
    public Options withSeed(long seed) {
      return new Options(clusters, dimension, maxIterations, seed);
    }
  }

  /**
   * Clusters rows.
   *
   * @param data the rows; read once per iteration and a few times more, one batch at a time
   * @param options how to cluster
   * @param progress hears of each iteration
   * @throws InputException if there are fewer rows than clusters, or than {@code l + 1}, the
   *     subspaces have more directions than a row has values, or a row holds a value that is not
   *     finite
   */
  public static KSubspaces fit(RowReader data, Options options, Progress progress) {
    check(data, options);
    int rows = data.samples().rows();
    try (NativeScope scope = new NativeScope();
        RandomStream random = RandomStream.of(options.seed());
        CenteredRows centered = CenteredRows.of(data);
        Subspaces subspaces = new Subspaces(centered, options.clusters(), options.dimension());
        Progress.Stage stage = progress.begin("k-subspaces", options.maxIterations())) {
      int[] order = random.choose(rows, rows);
      for (int k = 0; k < options.clusters(); k++) {
        subspaces.span(k, some(order, k, options.dimension() + 1));
      }
      Subspaces.Places places = subspaces.nearest();
      int iterations = 0;
      boolean settled = false;
      while (!settled && iterations < options.maxIterations()) {
        int[][] members = KMeans.members(places.clusters(), options.clusters());
        settled = !reseed(subspaces, members, places.residuals(), random);
        for (int k = 0; k < members.length; k++) {
          if (members[k].length > 0) {
            subspaces.refit(k, members[k], random);
          }
        }
        Subspaces.Places next = subspaces.nearest();
        settled &= (long) moved(places, next) * SETTLED <= rows;
        places = next;
        iterations++;
        stage.advance(1);
      }
      return new KSubspaces(
          places.clusters(),
          subspaces.means().add(centered.mean()),
          subspaces.directions(),
          places.residual(),
          iterations);
    }
  }

  private static void check(RowReader data, Options options) {
    int rows = data.samples().rows();
    String name = data.samples().name();
    require(
        rows >= options.clusters(),
        "%s: %d clusters need at least as many rows, got %d; ask for fewer clusters or give more rows"
            .formatted(name, options.clusters(), rows));
    require(
        rows > options.dimension(),
        "%s: subspaces of %d dimensions need at least %d rows, got %d; ask for fewer dimensions"
            .formatted(name, options.dimension(), options.dimension() + 1, rows));
    require(
        data.dims() >= options.dimension(),
        "%s: subspaces of %d dimensions need at least as many values per row, got %d"
            .formatted(name, options.dimension(), data.dims()));
  }

  /** The {@code place}-th few of the rows in an order, beginning again when it ends. */
  private static int[] some(int[] order, int place, int count) {
    long from = (long) place * count;
    return IntStream.range(0, count).map(i -> order[(int) ((from + i) % order.length)]).toArray();
  }

  /** Spans subspaces without rows anew; whether there were any. */
  private static boolean reseed(
      Subspaces subspaces, int[][] members, float[] residuals, RandomStream random) {
    int[] empty = IntStream.range(0, members.length).filter(k -> members[k].length == 0).toArray();
    if (empty.length == 0) {
      return false;
    }
    int needed = (int) subspaces.directions().size(1) + 1;
    int[] worst =
        IntStream.range(0, residuals.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -residuals[i]))
            .limit((long) empty.length * needed)
            .mapToInt(i -> i)
            .toArray();
    int[] shuffled =
        Arrays.stream(random.choose(worst.length, worst.length)).map(i -> worst[i]).toArray();
    for (int e = 0; e < empty.length; e++) {
      subspaces.span(empty[e], some(shuffled, e, needed));
    }
    return true;
  }

  private static int moved(Subspaces.Places before, Subspaces.Places after) {
    int[] old = before.clusters();
    int[] now = after.clusters();
    return (int) IntStream.range(0, old.length).filter(i -> old[i] != now[i]).count();
  }

  /**
   * The nearest subspace of every row.
   *
   * @return a new array, one cluster index per row
   */
  public int[] assignments() {
    return assignments.clone();
  }

  /**
   * The rows that each cluster owns.
   *
   * @return new arrays, one per cluster, of ascending row numbers
   */
  public int[][] members() {
    return KMeans.members(assignments, means.length / dims);
  }

  /**
   * A point of each subspace, the mean of the rows that it was last fitted to.
   *
   * @return a new array, {@code clusters * dims} values
   */
  public float[] means() {
    return means.clone();
  }

  /**
   * Orthonormal directions, those of most variance first; zero where a cluster's rows span fewer.
   *
   * @return a new array, {@code clusters * dimension * dims} values
   */
  public float[] directions() {
    return directions.clone();
  }

  /** The sum of the squared distances of the rows to their subspaces. */
  public double residual() {
    return residual;
  }

  /** Rounds of refitting and assigning. */
  public int iterations() {
    return iterations;
  }
}
