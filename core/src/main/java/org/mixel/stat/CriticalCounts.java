package org.mixel.stat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;

/**
 * The candidate counts that Fisher's exact test finds too small: for each number of pooled rows in
 * a bin, the largest count whose two-sided p-value ({@link TwoProportionTest#exactP}) is below a
 * level.
 *
 * <p>Given the pooled rows, the candidate's count is hypergeometric; its p-value adds up the
 * probabilities of all counts that are no more likely. Not safe for use by several threads.
 */
public final class CriticalCounts {
  /** Probabilities that differ by less are equal but for rounding. */
  private static final double TIE = 1 + 1e-7;

  /** Counts that are less likely than this part of the level do not matter. */
  private static final double NEGLIGIBLE = 1e-12;

  private final int referenceRows;
  private final int candidateRows;
  private final double level;
  private final Map<Integer, Integer> known = new HashMap<>();

  /**
   * @param referenceRows all rows of the reference, at least 1
   * @param candidateRows all rows of the candidate, at least 1
   * @param level in (0, 1)
   */
  public CriticalCounts(int referenceRows, int candidateRows, double level) {
    this.referenceRows = referenceRows;
    this.candidateRows = candidateRows;
    this.level = level;
  }

  /**
   * The largest candidate count, below the most likely one, that differs.
   *
   * @param pooled rows of both sets in the bin
   * @return -1 if none does
   */
  public int tooFew(int pooled) {
    return known.computeIfAbsent(pooled, this::find);
  }

  private int find(int pooled) {
    int least = Math.max(0, pooled - referenceRows);
    int most = Math.min(pooled, candidateRows);
    long rows = (long) referenceRows + candidateRows;
    int mode = (int) Math.min(most, (pooled + 1L) * (candidateRows + 1L) / (rows + 2));
    double peak =
        HypergeometricDistribution.of(Math.toIntExact(rows), pooled, candidateRows)
            .probability(mode);
    double[] below = falling(peak, mode - least, i -> ratio(mode - i, pooled));
    double[] above = falling(peak, most - mode, i -> 1 / ratio(mode + i + 1, pooled));
    // Inwards, the p-value grows by each count and by those on the other side that are less likely.
    int high = above.length;
    double p = 0;
    for (int i = below.length - 1; i > 0; i--) {
      p += below[i];
      while (high > 1 && above[high - 1] <= below[i] * TIE) {
        p += above[--high];
      }
      if (p >= level) {
        return countBefore(mode - i, least);
      }
    }
    return countBefore(mode, least);
  }

  private static int countBefore(int count, int least) {
    return count > least ? count - 1 : -1;
  }

  /** The probability of one count less, relative to that of a count. */
  private double ratio(int count, int pooled) {
    return (double) count
        * ((double) referenceRows - pooled + count)
        / (((double) pooled - count + 1) * ((double) candidateRows - count + 1));
  }

  private interface Ratio {
    double of(int step);
  }

  /** Probabilities from the peak outwards, as far as they matter. */
  private double[] falling(double peak, int steps, Ratio ratio) {
    double[] values = new double[64];
    values[0] = peak;
    int count = 1;
    while (count <= steps && values[count - 1] > level * NEGLIGIBLE) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count] = values[count - 1] * ratio.of(count - 1);
      count++;
    }
    return Arrays.copyOf(values, count);
  }
}
