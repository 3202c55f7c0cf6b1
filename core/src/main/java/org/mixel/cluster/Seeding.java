package org.mixel.cluster;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/**
 * Rows to start k-means from.
 *
 * <p>For few clusters, greedy k-means++ (Arthur and Vassilvitskii, SODA 2007): {@code 2 + ln K}
 * candidates for the next seed are drawn with probability proportional to their squared distance
 * from the seeds so far, and the one that lowers the inertia most is taken. Each seed costs a look
 * at every row.
 *
 * <p>For many clusters, {@link MarkovChains}, which look at a few rows for each seed.
 */
final class Seeding {
  /** From so many clusters on, seeds come from Markov chains. */
  static final int MANY = 500;

  private Seeding() {}

  /**
   * @param points where seeds come from, at least {@code clusters} rows
   * @return {@code clusters} different rows, float32 {@code [clusters, dims]}, owned by the current
   *     scope
   */
  static Tensor of(Points points, int clusters, RandomStream draws) {
    return clusters < MANY
        ? plusPlus(points, clusters, draws)
        : MarkovChains.seeds(points, clusters, draws);
  }

  static Tensor plusPlus(Points points, int clusters, RandomStream draws) {
    SplittableRandom random = draws.java();
    int trials = 2 + (int) Math.log(clusters);
    int[] seeds = new int[clusters];
    boolean[] taken = new boolean[points.count()];
    float[] nearest = new float[points.count()];
    Arrays.fill(nearest, Float.MAX_VALUE);
    int[] candidates = {random.nextInt(points.count())};
    for (int k = 0; k < clusters; k++) {
      if (k > 0) {
        candidates = draw(nearest, taken, trials, random);
      }
      seeds[k] = candidates[takeBest(points, candidates, nearest)];
      taken[seeds[k]] = true;
      nearest[seeds[k]] = 0;
    }
    return NativeScope.compute(() -> points.rows(index(points, seeds)));
  }

  private static Tensor index(Points points, int[] rows) {
    return Tensors.indices(rows).to(points.device(), ScalarType.Long);
  }

  /**
   * Finds the candidate that leaves the least inertia.
   *
   * @param nearest squared distance of each row to its nearest seed; lowered to count the candidate
   * @return its place among the candidates
   */
  private static int takeBest(Points points, int[] candidates, float[] nearest) {
    try (NativeScope scope = new NativeScope()) {
      Tensor index = index(points, candidates);
      Tensor squared =
          torch
              .add(
                  points.squaredNorms().index_select(0, index),
                  Products.of(points.all(), points.rows(index).t()),
                  new Scalar(-2))
              .add_(points.squaredNorms().unsqueeze(1))
              .clamp_min_(new Scalar(0));
      Tensor before = Tensors.of(nearest, nearest.length, 1).to(points.device(), ScalarType.Float);
      Tensor after = torch.minimum(squared, before);
      double[] inertia =
          Tensors.doubles(
              after.sum(new long[] {0}, false, new ScalarTypeOptional(ScalarType.Double)));
      int best = 0;
      for (int c = 1; c < inertia.length; c++) {
        best = inertia[c] < inertia[best] ? c : best;
      }
      System.arraycopy(Tensors.floats(after.select(1, best)), 0, nearest, 0, nearest.length);
      return best;
    }
  }

  /**
   * Rows not yet taken, drawn in proportion to their weights; any such row if all weigh nothing.
   */
  private static int[] draw(float[] weights, boolean[] taken, int trials, SplittableRandom random) {
    double total = 0;
    for (float weight : weights) {
      total += weight;
    }
    double[] targets = random.doubles(trials).sorted().toArray();
    int[] drawn = new int[trials];
    int count = 0;
    int last = -1;
    double sum = 0;
    for (int i = 0; i < weights.length && count < trials; i++) {
      if (!taken[i]) {
        last = i;
        sum += weights[i];
        while (count < trials && sum > targets[count] * total) {
          drawn[count++] = i;
        }
      }
    }
    Arrays.fill(drawn, count, trials, last);
    return drawn;
  }
}
