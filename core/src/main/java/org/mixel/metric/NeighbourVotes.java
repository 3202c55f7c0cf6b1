package org.mixel.metric;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * The votes of a {@link ClassifierTest}. A row is told to be of the reference if more than {@code k
 * n / (n + m)} of its {@code k} neighbours are, {@code n} and {@code m} being the sizes of the
 * sets. Not safe for use by several threads.
 */
final class NeighbourVotes {
  private static final int MOST_NEIGHBOURS = 255;

  /** Numbers of neighbours and deals that are looked up at a time. */
  private static final long VALUES = 1L << 22;

  /** Accuracies are sums of halves divided by the sizes: equal ones can differ by rounding. */
  private static final double ROUNDING = 1e-12;

  private final NeighbourLists lists;
  private final ClassifierTest.Options options;
  private final int rows;
  private final int first;
  private final int second;
  private final int neighbours;

  /** {@code k n / (n + m)}, rounded down and up: where that is a whole number it is a tie. */
  private final int below;

  private final int above;

  private NeighbourVotes(
      PooledProducts products, NeighbourLists lists, ClassifierTest.Options options) {
    this.lists = lists;
    this.options = options;
    rows = products.rows();
    first = products.referenceRows();
    second = rows - first;
    neighbours = neighbours(rows);
    long votes = (long) neighbours * first;
    below = (int) (votes / rows);
    above = (int) ((votes + rows - 1) / rows);
  }

  /**
   * @param lists of all rows, at least as long as {@link #neighbours}
   */
  static NeighbourVotes of(
      PooledProducts products, NeighbourLists lists, ClassifierTest.Options options) {
    return new NeighbourVotes(products, lists, options);
  }

  /** How many neighbours vote among so many pooled rows, at least 4. */
  static int neighbours(int rows) {
    int root = (int) Math.sqrt(rows);
    return Math.min(MOST_NEIGHBOURS, root - 1 + root % 2);
  }

  ClassifierTest test() {
    int[] votes = votes();
    double[] accuracies = accuracies();
    double value = accuracies[0];
    double[] dealt = Arrays.copyOfRange(accuracies, 1, accuracies.length);
    return new ClassifierTest(
        neighbours,
        Estimate.large(value, error(votes, dealt), dealt, ROUNDING),
        giveaways(votes, 0, first),
        giveaways(votes, first, rows));
  }

  /** How many of each row's neighbours are of the reference. */
  private int[] votes() {
    try (NativeScope scope = new NativeScope()) {
      return Tensors.ints(lists.nearest(neighbours).lt(new Scalar(first)).sum(1));
    }
  }

  /** Balanced accuracies of the sets as they are, then of the deals. */
  private double[] accuracies() {
    Deals deals = new Deals(rows, first, options.deals(), options.seed());
    try (NativeScope scope = new NativeScope()) {
      Tensor nearest = lists.nearest(neighbours);
      Tensor marks = deals.marks(nearest.device()).to(ScalarType.Float);
      long width = marks.size(1);
      Tensor told = Devices.zeros(marks.device(), ScalarType.Double, width);
      Tensor rightly = Devices.zeros(marks.device(), ScalarType.Double, width);
      long step = Math.max(1, VALUES / (neighbours + width));
      NativeScope.inParts(
          rows,
          step,
          (from, count) -> {
            Tensor ends =
                torch
                    .arange(new Scalar(count))
                    .mul_(new Scalar(neighbours))
                    .to(marks.device(), ScalarType.Long);
            Tensor some = nearest.narrow(0, from, count).reshape(-1);
            Tensor sums =
                torch
                    .embedding_bag(marks, some, ends, false, 0, false, new TensorOptional(), false)
                    .get0();
            Tensor halves =
                sums.gt(new Scalar(below)).to(ScalarType.Double).add_(sums.ge(new Scalar(above)));
            told.add_(halves.sum(0));
            rightly.add_(halves.mul_(marks.narrow(0, from, count)).sum(0));
          });
      double[] asFirst = Tensors.doubles(told);
      double[] asFirstRightly = Tensors.doubles(rightly);
      double[] accuracies = new double[asFirst.length];
      for (int b = 0; b < accuracies.length; b++) {
        double right = asFirstRightly[b] / 2;
        accuracies[b] = accuracy(right, second - (asFirst[b] / 2 - right), first, second);
      }
      return accuracies;
    }
  }

  private static double accuracy(double right, double otherRight, double n, double m) {
    return (right / n + otherRight / m) / 2;
  }

  /** Whether a row is told to be of the reference: 1, 0, or a half. */
  private double told(int votes) {
    return ((votes > below ? 1 : 0) + (votes >= above ? 1 : 0)) / 2.0;
  }

  /** The standard error that {@link ClassifierTest} describes. */
  private double error(int[] votes, double[] dealt) {
    double ofFirst = Arrays.stream(votes, 0, first).mapToDouble(this::told).average().orElseThrow();
    double ofSecond =
        Arrays.stream(votes, first, rows).mapToDouble(this::told).average().orElseThrow();
    double mean = Arrays.stream(dealt).average().orElseThrow();
    double variance =
        Arrays.stream(dealt).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    return Math.sqrt(variance * binomial(ofFirst, ofSecond) / binomial(0.5, 0.5));
  }

  /** The variance of the balanced accuracy if each row were told by itself. */
  private double binomial(double share, double otherShare) {
    return (share * (1 - share) / first + otherShare * (1 - otherShare) / second) / 4;
  }

  private List<ClassifierTest.Giveaway> giveaways(int[] votes, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> new ClassifierTest.Giveaway(i - from, share(votes[i], from == 0)))
        .sorted(Comparator.comparingDouble(ClassifierTest.Giveaway::share).reversed())
        .limit(options.giveaways())
        .toList();
  }

  private double share(int votes, boolean ofReference) {
    double reference = (double) votes / first;
    double candidate = (double) (neighbours - votes) / second;
    return (ofReference ? reference : candidate) / (reference + candidate);
  }
}
