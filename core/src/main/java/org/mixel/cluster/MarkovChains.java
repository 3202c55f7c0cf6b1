package org.mixel.cluster;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * Seeds for many clusters by AFK-MC2 (Bachem, Lucic, Hassani and Krause, NeurIPS 2016): each is the
 * end of a Markov chain that approaches the probabilities of k-means++ and looks at {@value
 * #LENGTH} rows only, where k-means++ looks at all of them.
 *
 * <p>Rows are proposed, before any distance but the first seed's is known, with probability {@code
 * q(x) = d(x, c_1)^2 / (2 sum) + 1 / (2 n)}, and accepted in turn with probability {@code d(y)^2
 * q(x) / (d(x)^2 q(y))}, where {@code d} is the distance to the nearest seed so far.
 */
final class MarkovChains {
  private static final int LENGTH = 200;

  /** Chains whose proposals are measured together, to all seeds before them. */
  private static final int TOGETHER = 16;

  private static final Scalar MINUS_TWO = NativeScope.own(new Scalar(-2));
  private static final Scalar ZERO = NativeScope.own(new Scalar(0));

  private final Points points;
  private final SplittableRandom random;
  private final int[] seeds;
  private final boolean[] taken;

  /** Twice {@code q}, up to a factor, and its running sums. */
  private final double[] proposal;

  private final double[] cumulative;

  private MarkovChains(Points points, int clusters, SplittableRandom random) {
    this.points = points;
    this.random = random;
    seeds = new int[clusters];
    taken = new boolean[points.count()];
    proposal = new double[points.count()];
    take(0, random.nextInt(points.count()));
    measureFirst();
    cumulative = proposal.clone();
    Arrays.parallelPrefix(cumulative, Double::sum);
  }

  /**
   * @param points where seeds come from, at least {@code clusters} rows
   * @return {@code clusters} different rows, float32 {@code [clusters, dims]}, owned by the current
   *     scope
   */
  static Tensor seeds(Points points, int clusters, RandomStream draws) {
    MarkovChains chains = new MarkovChains(points, clusters, draws.java());
    for (int from = 1; from < clusters; from += TOGETHER) {
      chains.run(from, Math.min(TOGETHER, clusters - from));
    }
    return NativeScope.compute(() -> points.rows(chains.index(chains.seeds)));
  }

  private Tensor index(int... rows) {
    return Tensors.indices(rows).to(points.device(), ScalarType.Long);
  }

  private void take(int place, int row) {
    seeds[place] = row;
    taken[row] = true;
  }

  private void measureFirst() {
    points.forEach(
        RowReader.rowsFor(points.dims()),
        (from, rows) -> {
          Tensor squares = points.squaredNorms().narrow(0, from, rows.size(0));
          double[] part = Tensors.doubles(nearest(rows, squares, index(seeds[0])));
          System.arraycopy(part, 0, proposal, from, part.length);
        });
    double total = 0;
    for (double square : proposal) {
      total += square;
    }
    // The mean distance on top is the uniform half; where all rows are one, it is everything.
    double uniform = total > 0 ? total / proposal.length : 1;
    for (int i = 0; i < proposal.length; i++) {
      proposal[i] += uniform;
    }
  }

  /** Squared distances of rows to the nearest of some seeds. */
  private Tensor nearest(Tensor x, Tensor squares, Tensor seedIndex) {
    return NativeScope.compute(
        () -> {
          Tensor norms = points.squaredNorms().index_select(0, seedIndex);
          Tensor product = Products.of(x, points.rows(seedIndex).t());
          Tensor least = torch.add(norms, product, MINUS_TWO).amin(new long[] {1}, false);
          return least.add_(squares).clamp_min_(ZERO);
        });
  }

  /** Finds the seeds of some places, those before them being known. */
  private void run(int place, int chains) {
    int[] proposed = random.doubles((long) chains * LENGTH).mapToInt(this::rowAt).toArray();
    try (NativeScope scope = new NativeScope()) {
      Tensor index = index(proposed);
      Tensor x = points.rows(index);
      Tensor squares = points.squaredNorms().index_select(0, index);
      Tensor distances = torch.empty_like(squares);
      Tensor before = index(Arrays.copyOf(seeds, place));
      NativeScope.inParts(
          proposed.length,
          RowReader.rowsFor(place),
          (from, count) ->
              distances
                  .narrow(0, from, count)
                  .copy_(
                      nearest(x.narrow(0, from, count), squares.narrow(0, from, count), before)));
      for (int chain = 0; chain < chains; chain++) {
        int at = chain * LENGTH;
        float[] own = Tensors.floats(distances.narrow(0, at, LENGTH));
        take(place + chain, end(Arrays.copyOfRange(proposed, at, at + LENGTH), own));
        int rest = proposed.length - at - LENGTH;
        if (rest > 0) {
          try (NativeScope step = new NativeScope()) {
            Tensor later = distances.narrow(0, at + LENGTH, rest);
            Tensor lowered =
                nearest(
                    x.narrow(0, at + LENGTH, rest),
                    squares.narrow(0, at + LENGTH, rest),
                    index(seeds[place + chain]));
            later.copy_(torch.minimum(later, lowered));
          }
        }
      }
    }
  }

  private int rowAt(double uniform) {
    int at = Arrays.binarySearch(cumulative, uniform * cumulative[cumulative.length - 1]);
    return Math.min(at < 0 ? -at - 1 : at + 1, cumulative.length - 1);
  }

  /** Where a chain over the proposed rows ends; never at a row that is a seed already. */
  private int end(int[] proposed, float[] distance) {
    int at = 0;
    for (int next = 1; next < proposed.length; next++) {
      double here = taken[proposed[at]] ? 0 : distance[at] * proposal[proposed[next]];
      double there = taken[proposed[next]] ? 0 : distance[next] * proposal[proposed[at]];
      if (here == 0 || there > random.nextDouble() * here) {
        at = next;
      }
    }
    int row = proposed[at];
    while (taken[row]) {
      row = (row + 1) % taken.length;
    }
    return row;
  }
}
