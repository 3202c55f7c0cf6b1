package org.mixel.metric;

import static org.mixel.InputException.require;

import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;

/**
 * The maximum mean discrepancy of two sets, MMD (Gretton, Borgwardt, Rasch, Schoelkopf and Smola,
 * 2012, <i>A kernel two-sample test</i>): how far apart their means are where a kernel compares
 * rows.
 *
 * <p>The value is the unbiased squared distance with the cubic kernel {@code k(x, y) = (x'y / d +
 * 1)^3} of the Kernel Inception Distance (Binkowski, Sutherland, Arbel and Gretton, 2018,
 * <i>Demystifying MMD GANs</i>), over all {@code n} and {@code m} rows,
 *
 * <pre>sum_{i != j} k(x_i, x_j) / (n (n - 1)) + sum_{i != j} k(y_i, y_j) / (m (m - 1))
 *   - 2 sum_{i, j} k(x_i, y_j) / (n m)</pre>
 *
 * in float64. It is near 0, and often below, for equal sets. Its error is the jackknife's: over all
 * sets with one row left out. The kernel sees the first three moments alone.
 *
 * <p>{@link #aggregatedP} looks at all differences: it aggregates Gaussian kernels of several
 * bandwidths (Schrab, Kim, Albert, Laurent, Guedj and Gretton, 2023, <i>MMD aggregated two-sample
 * test</i>). The bandwidths are the median distance of up to 2,000 of the rows times {@link
 * #BANDWIDTHS}; each has its p-value, and the least of them is compared with the least ones of the
 * dealt sets.
 *
 * <p>Dealt sets cost a product of the kernel with their assignments, not another kernel. All in all
 * each pair of rows costs a product of its rows, of float32 for bytes and of float64 else, and six
 * products of kernels and deals. Memory holds a block of 1,024 by 1,024 pairs at a time, on a GPU
 * of 4,096 by 4,096.
 *
 * <p>Immutable.
 *
 * @param distance the squared distance with the cubic kernel
 * @param aggregatedP p over the Gaussian kernels
 */
public record KernelDistance(Estimate distance, double aggregatedP) {
  /** The Gaussians' bandwidths, relative to the median distance. */
  public static final double[] BANDWIDTHS = {4, 2, 1, 0.5, 0.25};

  /**
   * The deals.
   *
   * @param deals how often the pooled rows are dealt out anew
   * @param seed deals them out
   */
  public record Options(int deals, long seed) {
    /**
     * @throws InputException if there are too few deals for a band of 95%
     */
    public Options {
      Estimate.requireDeals(deals);
    }

    /** 199 deals, seed 0. */
    public static Options defaults() {
      return new Options(199, 0);
    }

    /** The same with another number of deals. */
    public Options withDeals(int count) {
      return new Options(count, seed);
    }

    /** The same with another seed. */
    public Options withSeed(long number) {
      return new Options(deals, number);
    }
  }

  /** Compares two sets on the CPU with the default options. */
  public static KernelDistance of(Samples reference, Samples candidate) {
    return of(reference, candidate, Options.defaults(), ComputeDevice.CPU, Progress.SILENT);
  }

  /**
   * Compares two sets.
   *
   * @param reference pixels in [0, 1], or features
   * @param candidate rows of as many values
   * @throws InputException if a set has one row, the rows differ in their number of values, or a
   *     value is not finite
   */
  public static KernelDistance of(
      Samples reference,
      Samples candidate,
      Options options,
      ComputeDevice device,
      Progress progress) {
    requireTwoRows(reference, candidate);
    try (NativeScope scope = new NativeScope();
        PooledProducts products = PooledProducts.of(reference, candidate, device);
        KernelSums sums = KernelSums.of(products, options);
        Progress.Stage stage = progress.begin("kernel distance", products.pairs())) {
      products.forEach(stage, sums);
      return sums.distance();
    }
  }

  /** Refuses sets of which there is no variance. */
  static void requireTwoRows(Samples... sets) {
    for (Samples each : sets) {
      require(each.rows() >= 2, each.name() + ": one row is too few to compare; give at least 2");
    }
  }
}
