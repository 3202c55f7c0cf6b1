package org.mixel.metric;

import static org.mixel.InputException.require;

import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;

/**
 * How two sets overlap, by the balls around their rows that reach to the row's k-th neighbour in
 * its own set, the row itself not counted. A ball holds the rows on its surface.
 *
 * <p>Precision and recall are those of Kynkaanniemi, Karras, Laine, Lehtinen and Aila (2019,
 * <i>Improved precision and recall metric for assessing generative models</i>): precision is low
 * where candidate rows lie off the reference, recall where the candidate leaves out parts of it.
 * Density and coverage are those of Naeem, Oh, Uh, Choi and Yoo (2020, <i>Reliable fidelity and
 * diversity metrics for generative models</i>), which single far rows do not mislead.
 *
 * <p>Distances are Euclidean, in float64; those of bytes are exact. Other distances that differ by
 * rounding alone are equal, so copies of rows tie.
 *
 * <p>The error is that of a mean over the rows that are counted, as if the balls were fixed. Equal
 * sets are all rows dealt out anew, as often as {@link Options#deals}; the balls of dealt sets
 * follow from the nearest of all pooled rows to each row, about 12 k of them where the sets are of
 * one size. p is of both tails, ties broken at random. Band and p are absent where those lists are
 * too short: where rows are equal to many others, or one set is far larger.
 *
 * <p>Immutable.
 *
 * @param neighbours which neighbour the balls reach to
 * @param precision the share of candidate rows inside the ball of some reference row
 * @param recall the share of reference rows inside the ball of some candidate row
 * @param density the mean, over the candidate rows, of the number of reference rows' balls that
 *     hold it, divided by {@code neighbours}; about 1 for equal sets
 * @param coverage the share of reference rows whose ball holds a candidate row
 */
public record NeighbourBalls(
    int neighbours, Estimate precision, Estimate recall, Estimate density, Estimate coverage) {
  /**
   * The balls and the deals.
   *
   * @param neighbours which neighbour the balls reach to
   * @param deals how often the pooled rows are dealt out anew
   * @param seed deals them out
   */
  public record Options(int neighbours, int deals, long seed) {
    /**
     * @throws InputException if there is no neighbour, or too few deals for a band of 95%
     */
    public Options {
      require(neighbours >= 1, "neighbours must be at least 1, got " + neighbours);
      Estimate.requireDeals(deals);
    }

    /** The 5th neighbour, 199 deals, seed 0. */
    public static Options defaults() {
      return new Options(5, 199, 0);
    }

    /** The same with balls to another neighbour. */
    public Options withNeighbours(int number) {
      return new Options(number, deals, seed);
    }

    /** The same with another number of deals. */
    public Options withDeals(int count) {
      return new Options(neighbours, count, seed);
    }

    /** The same with another seed. */
    public Options withSeed(long number) {
      return new Options(neighbours, deals, number);
    }
  }

  /** Compares two sets on the CPU with the default options. */
  public static NeighbourBalls of(Samples reference, Samples candidate) {
    return of(reference, candidate, Options.defaults(), ComputeDevice.CPU, Progress.SILENT);
  }

  /**
   * Compares two sets.
   *
   * @param reference pixels in [0, 1], or features
   * @param candidate rows of as many values
   * @throws InputException if a set has no more rows than neighbours, the rows differ in their
   *     number of values, or a value is not finite
   */
  public static NeighbourBalls of(
      Samples reference,
      Samples candidate,
      Options options,
      ComputeDevice device,
      Progress progress) {
    requireNeighbours(reference, options);
    requireNeighbours(candidate, options);
    try (NativeScope scope = new NativeScope();
        PooledProducts products = PooledProducts.of(reference, candidate, device);
        NeighbourLists lists =
            NeighbourLists.of(products, BallCounts.length(products, options), options.seed());
        Progress.Stage stage = progress.begin("neighbours", products.pairs())) {
      products.forEach(stage, lists);
      return BallCounts.of(products, lists, options).balls();
    }
  }

  /** Refuses a set whose rows lack that neighbour. */
  static void requireNeighbours(Samples samples, Options options) {
    require(
        samples.rows() > options.neighbours(),
        "%s: %d rows have no neighbour %d in their own set; give more rows, or set `neighbours` lower"
            .formatted(samples.name(), samples.rows(), options.neighbours()));
  }
}
