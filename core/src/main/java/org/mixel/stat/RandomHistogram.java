package org.mixel.stat;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Random histograms of a given number of rows, each of which falls into a bin with that bin's
 * probability: multinomial counts.
 *
 * <p>Most rows are drawn bin by bin: independent Poisson counts whose total is a little below the
 * number of rows are, given that total, multinomial. The rows that are left are drawn one by one.
 * So a histogram costs the number of bins and the square root of the number of rows. Not safe for
 * use by several threads.
 */
public final class RandomHistogram {
  /** Poisson totals lie so many standard deviations below the number of rows. */
  private static final double BELOW = 4;

  private final int rows;
  private final double[] upTo;
  private final PoissonTable[] tables;
  private final SplittableRandom random;

  /**
   * @param shares the probability of each bin; they sum to 1
   * @param rows rows of each histogram, at least 1
   * @param random draws the histograms
   */
  public RandomHistogram(double[] shares, int rows, SplittableRandom random) {
    this.rows = rows;
    this.random = random;
    upTo = shares.clone();
    Arrays.parallelPrefix(upTo, Double::sum);
    double total = Math.max(0, rows - BELOW * Math.sqrt(rows));
    tables = new PoissonTable[shares.length];
    for (int k = 0; k < tables.length; k++) {
      tables[k] = PoissonTable.of(total * shares[k]);
    }
  }

  /** Draws a histogram, a new array. */
  public int[] next() {
    int[] counts = new int[tables.length];
    int left;
    do {
      left = rows;
      for (int k = 0; k < counts.length; k++) {
        counts[k] = tables[k].draw(random.nextDouble());
        left -= counts[k];
      }
    } while (left < 0);
    for (; left > 0; left--) {
      counts[place(upTo, random.nextDouble() * upTo[upTo.length - 1])]++;
    }
    return counts;
  }

  /** The first place whose value is above a number that is below the last value. */
  private static int place(double[] rising, double number) {
    int low = 0;
    int high = rising.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rising[middle] > number) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /**
   * Poisson numbers by inversion.
   *
   * @param first the least number that is drawn
   * @param upTo sums of the probabilities, from {@code first} on
   */
  private record PoissonTable(int first, double[] upTo) {
    /** Numbers farther from the mean, in standard deviations, do not occur. */
    private static final double REACH = 10;

    static PoissonTable of(double mean) {
      int reach = (int) (REACH * Math.sqrt(mean)) + 20;
      int mode = (int) mean;
      int first = Math.max(0, mode - reach);
      double[] weights = new double[mean == 0 ? 1 : mode - first + reach + 1];
      // Relative to the mode, where nothing can overflow.
      weights[mode - first] = 1;
      for (int i = mode - first; i > 0; i--) {
        weights[i - 1] = weights[i] * (first + i) / mean;
      }
      for (int i = mode - first + 1; i < weights.length; i++) {
        weights[i] = weights[i - 1] * mean / (first + i);
      }
      Arrays.parallelPrefix(weights, Double::sum);
      return new PoissonTable(first, weights);
    }

    int draw(double uniform) {
      return first + place(upTo, uniform * upTo[upTo.length - 1]);
    }
  }
}
