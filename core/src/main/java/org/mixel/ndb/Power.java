package org.mixel.ndb;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.mixel.stat.TwoProportionTest;

/**
 * The smallest lost mode that an evaluation of these sizes would find.
 *
 * <p>A mode that makes up a share {@code m} of the data lies in one bin, of share {@code s = max(m,
 * 1/K)}; the candidate lacks it and spreads its rows over the rest, so that the bin holds {@code t
 * = (s - m) / (1 - m)} of them. The bin's z-test at level {@code alpha / K} (Bonferroni's, the
 * strictest step of Holm's: only what passes it is no accident among {@code K} tests) finds this
 * with probability
 *
 * <pre>Phi((s - t - c sqrt(P (1 - P) (1/Np + 1/Nq))) / sqrt(s (1 - s) / Np + t (1 - t) / Nq))</pre>
 *
 * where {@code c} is the test's critical value and {@code P} the pooled proportion (the usual
 * normal approximation for two proportions: Fleiss, Statistical Methods for Rates and Proportions).
 */
final class Power {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
  private static final double WANTED = 0.8;

  private Power() {}

  /**
   * The smallest share of a lost mode that is found with probability 0.8.
   *
   * @param referenceRows counted rows of the reference, at least 1
   * @param candidateRows rows of the candidate, at least 1
   * @param bins number of bins {@code K}, at least 2
   * @param alpha significance level in (0, 1)
   * @return a share in (0, 1]; 1 when not even the largest mode would be found
   */
  static double smallestLostMode(int referenceRows, int candidateRows, int bins, double alpha) {
    double low = 0;
    double high = 1;
    for (int i = 0; i < 50; i++) {
      double middle = (low + high) / 2;
      if (ofLosing(middle, referenceRows, candidateRows, bins, alpha) < WANTED) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** The probability that a lost mode of share {@code mode}, in (0, 1), is found. */
  static double ofLosing(
      double mode, int referenceRows, int candidateRows, int bins, double alpha) {
    double s = Math.max(mode, 1.0 / bins);
    double t = (s - mode) / (1 - mode);
    double pooled =
        (s * referenceRows + t * candidateRows) / ((double) referenceRows + candidateRows);
    double critical =
        TwoProportionTest.criticalZ(alpha / bins)
            * Math.sqrt(pooled * (1 - pooled) * (1.0 / referenceRows + 1.0 / candidateRows));
    double deviation = Math.sqrt(s * (1 - s) / referenceRows + t * (1 - t) / candidateRows);
    return deviation == 0 ? 1 : NORMAL.cumulativeProbability((s - t - critical) / deviation);
  }
}
