package org.mixel.stat;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.inference.FisherExactTest;

/**
 * The pooled two-sided z-test for the difference of two proportions, beside Fisher's exact test:
 * does the share of the candidate's rows in a bin differ from the reference's?
 *
 * <p>A bin that is empty in both sets, or holds every row of both, does not differ: z = 0, p = 1.
 *
 * @param referenceProportion share of the reference's rows in the bin, in [0, 1]
 * @param candidateProportion share of the candidate's rows in the bin, in [0, 1]
 * @param standardError of the difference under equality, {@code sqrt(P (1 - P) (1/Np + 1/Nq))}
 * @param z the difference (candidate less reference) in standard errors; above 0 for an over-filled
 *     bin
 * @param p probability under equality of a {@code z} at least this far from 0, by the normal
 *     approximation
 * @param exactP probability under equality, given how many pooled rows the bin holds, of a
 *     candidate count that is no more likely than this one (Fisher's exact test, two-sided, as R
 *     and SciPy compute it): right far out in the tails, too, where the normal approximation of
 *     small counts is not
 */
public record TwoProportionTest(
    double referenceProportion,
    double candidateProportion,
    double standardError,
    double z,
    double p,
    double exactP) {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /**
   * @param referenceCount reference rows in the bin
   * @param referenceRows all reference rows, at least 1
   * @param candidateCount candidate rows in the bin
   * @param candidateRows all candidate rows, at least 1
   * @throws IllegalArgumentException if a count is negative or above its number of rows
   */
  public static TwoProportionTest of(
      int referenceCount, int referenceRows, int candidateCount, int candidateRows) {
    requireCount(referenceCount, referenceRows);
    requireCount(candidateCount, candidateRows);
    double z = z(referenceCount, referenceRows, candidateCount, candidateRows);
    return new TwoProportionTest(
        (double) referenceCount / referenceRows,
        (double) candidateCount / candidateRows,
        standardError(referenceCount, referenceRows, candidateCount, candidateRows),
        z,
        Math.min(1, 2 * NORMAL.survivalProbability(Math.abs(z))),
        exactP(referenceCount, referenceRows, candidateCount, candidateRows));
  }

  private static double exactP(
      int referenceCount, int referenceRows, int candidateCount, int candidateRows) {
    int[][] table = {
      {referenceCount, referenceRows - referenceCount},
      {candidateCount, candidateRows - candidateCount}
    };
    return FisherExactTest.withDefaults().test(table).getPValue();
  }

  /** Share of the candidate less share of the reference, in [-1, 1]. */
  public double difference() {
    return candidateProportion - referenceProportion;
  }

  /**
   * @param alpha significance level in (0, 1)
   */
  public boolean differs(double alpha) {
    return p < alpha;
  }

  /** How far from 0 a {@code z} must be to differ at level {@code alpha}. */
  public static double criticalZ(double alpha) {
    return NORMAL.inverseSurvivalProbability(alpha / 2);
  }

  /** The statistic alone, of counts as in {@link #of} but unchecked. */
  public static double z(
      int referenceCount, int referenceRows, int candidateCount, int candidateRows) {
    double error = standardError(referenceCount, referenceRows, candidateCount, candidateRows);
    double difference =
        (double) candidateCount / candidateRows - (double) referenceCount / referenceRows;
    return error == 0 ? 0 : difference / error;
  }

  private static double standardError(
      int referenceCount, int referenceRows, int candidateCount, int candidateRows) {
    double pooled =
        ((double) referenceCount + candidateCount) / ((double) referenceRows + candidateRows);
    return Math.sqrt(pooled * (1 - pooled) * (1.0 / referenceRows + 1.0 / candidateRows));
  }

  private static void requireCount(int count, int rows) {
    if (rows < 1 || count < 0 || count > rows) {
      throw new IllegalArgumentException(count + " of " + rows + " rows is not a proportion");
    }
  }
}
