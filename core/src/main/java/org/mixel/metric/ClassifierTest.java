package org.mixel.metric;

import static org.mixel.InputException.require;

import java.util.List;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;

/**
 * How well a classifier tells two sets apart: the classifier two-sample test, C2ST, by nearest
 * neighbours (Lopez-Paz and Oquab, 2017, <i>Revisiting classifier two-sample tests</i>).
 *
 * <p>The set of each row is told from the other rows alone (leave-one-out): its {@code k} nearest
 * among the pooled rows vote, each by one over the size of its set; a tie is half right. {@code k}
 * is the largest odd number up to the root of the number of pooled rows, as in the paper, and up to
 * 255. The accuracy is the mean of the shares of both sets' rows that are told rightly (balanced
 * accuracy), which is the share of all where sets are of one size. It is about 1/2 for equal sets
 * and 1 for sets apart. It is below 1/2 where rows of one set lie apart from each other, and near
 * rows of the other: a candidate that repeats the reference's rows.
 *
 * <p>Distances are Euclidean, in float64; rows as far as each other come in random order. Equal
 * sets are all rows dealt out anew; the lists of neighbours stay what they are, so each deal costs
 * a sum over the lists. p is the share of deals as accurate as the sets. The error is the binomial
 * one of both shares, times the spread of the deals by theirs: neighbours have neighbours in
 * common.
 *
 * <p>Immutable.
 *
 * @param neighbours how many vote
 * @param accuracy the balanced accuracy
 * @param reference the reference's rows that are most surely told, the surest first, then in the
 *     order of the set
 * @param candidate the same of the candidate
 */
public record ClassifierTest(
    int neighbours, Estimate accuracy, List<Giveaway> reference, List<Giveaway> candidate) {
  /** Copies its lists. */
  public ClassifierTest {
    reference = List.copyOf(reference);
    candidate = List.copyOf(candidate);
  }

  /**
   * A row that gives its set away.
   *
   * @param row its place in its set, from 0
   * @param share its own set's share of the votes, from 0 to 1
   */
  public record Giveaway(int row, double share) {}

  /**
   * The deals, and the rows that are named.
   *
   * @param deals how often the pooled rows are dealt out anew
   * @param giveaways how many rows of each set are named at most
   * @param seed deals the rows out
   */
  public record Options(int deals, int giveaways, long seed) {
    /**
     * @throws InputException if there are too few deals for a band of 95%, or fewer than no rows
     */
    public Options {
      Estimate.requireDeals(deals);
      require(giveaways >= 0, "giveaways must be at least 0, got " + giveaways);
    }

    /** 199 deals, 20 rows of each set, seed 0. */
    public static Options defaults() {
      return new Options(199, 20, 0);
    }

    /** The same with another number of deals. */
    public Options withDeals(int count) {
      return new Options(count, giveaways, seed);
    }

    /** The same with another number of rows that are named. */
    public Options withGiveaways(int most) {
      return new Options(deals, most, seed);
    }

    /** The same with another seed. */
    public Options withSeed(long number) {
      return new Options(deals, giveaways, number);
    }
  }

  /** Compares two sets on the CPU with the default options. */
  public static ClassifierTest of(Samples reference, Samples candidate) {
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
  public static ClassifierTest of(
      Samples reference,
      Samples candidate,
      Options options,
      ComputeDevice device,
      Progress progress) {
    KernelDistance.requireTwoRows(reference, candidate);
    try (NativeScope scope = new NativeScope();
        PooledProducts products = PooledProducts.of(reference, candidate, device);
        NeighbourLists lists =
            NeighbourLists.of(
                products, NeighbourVotes.neighbours(products.rows()), options.seed());
        Progress.Stage stage = progress.begin("classifier", products.pairs())) {
      products.forEach(stage, lists);
      return NeighbourVotes.of(products, lists, options).test();
    }
  }
}
