package org.mixel.stat;

import static org.mixel.InputException.require;

import java.util.Arrays;
import java.util.Locale;

/**
 * A threshold that a given share of values like those of a sample falls below. Below the {@code
 * k}-th smallest of {@code n} values falls a fresh value of the same continuous distribution with
 * probability {@code k / (n + 1)}, whatever the distribution; {@code k} is the largest with which
 * that is no more than the share: {@code floor(share (n + 1))}.
 *
 * <p>The share below one threshold varies about that from sample to sample as {@code Beta(k, n + 1
 * - k)}.
 *
 * @param threshold the {@code k}-th smallest value
 * @param share what was asked for
 * @param expected {@code k / (n + 1)}
 */
public record LowerTail(double threshold, double share, double expected) {
  /** Of a product that is a whole number but for rounding. */
  private static final double ROUNDING = 1e-9;

  /**
   * @param values of the sample, in any order; unchanged
   * @param share above 0, below 1
   * @throws org.mixel.InputException if the share is out of its range, or so small that it needs
   *     more values
   */
  public static LowerTail of(double[] values, double share) {
    requireShare(share);
    double rank = Math.floor(share * (values.length + 1) * (1 + ROUNDING));
    require(
        rank >= 1,
        String.format(
            Locale.ROOT,
            "`falseAlarms` %s needs at least %,d rows in `normal`, got %,d; give more rows or a larger share",
            share,
            (long) Math.ceil((1 - ROUNDING) / share) - 1,
            values.length));
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int k = (int) Math.min(rank, values.length);
    return new LowerTail(sorted[k - 1], share, k / (values.length + 1.0));
  }

  /**
   * @throws org.mixel.InputException if the share is not above 0 and below 1
   */
  public static void requireShare(double share) {
    require(share > 0 && share < 1, "`falseAlarms` must be above 0 and below 1, got " + share);
  }

  /** Whether a value falls below the threshold. */
  public boolean marks(double value) {
    return value < threshold;
  }
}
