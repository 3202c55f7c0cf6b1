package org.mixel.cluster;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.mixel.tensor.RandomStream;

/**
 * k-means++ (Arthur and Vassilvitskii, SODA 2007): each next seed is a row drawn with probability
 * proportional to its squared distance from the seeds so far.
 */
final class Seeding {
  private Seeding() {}

  /**
   * @return {@code clusters} different rows
   */
  static int[] plusPlus(Distances distances, int clusters, RandomStream draws) {
    SplittableRandom random = draws.java();
    int rows = distances.rows();
    int[] seeds = new int[clusters];
    boolean[] taken = new boolean[rows];
    float[] nearest = new float[rows];
    Arrays.fill(nearest, Float.MAX_VALUE);
    seeds[0] = random.nextInt(rows);
    for (int k = 1; ; k++) {
      taken[seeds[k - 1]] = true;
      if (k == clusters) {
        return seeds;
      }
      distances.lower(nearest, distances.values(new int[] {seeds[k - 1]}));
      seeds[k] = draw(nearest, taken, random);
    }
  }

  private static int draw(float[] weights, boolean[] taken, SplittableRandom random) {
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      total += taken[i] ? 0 : weights[i];
    }
    double left = random.nextDouble() * total;
    int last = -1;
    for (int i = 0; i < weights.length; i++) {
      if (!taken[i]) {
        last = i;
        left -= weights[i];
        if (left < 0) {
          return i;
        }
      }
    }
    return last;
  }
}
