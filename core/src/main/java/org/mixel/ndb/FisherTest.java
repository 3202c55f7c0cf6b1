package org.mixel.ndb;

import org.apache.commons.statistics.distribution.HypergeometricDistribution;

/**
 * Fisher's exact test of two proportions, two-sided: given how many pooled rows a bin holds, the
 * candidate's share of them is hypergeometric if both sets are alike.
 *
 * <p>The p-value is the probability of all counts that are no more likely than the observed one
 * (Fisher, 1935, <i>Journal of the Royal Statistical Society</i> 98), as {@code fisher_exact} of
 * SciPy and {@code fisher.test} of R compute it. It is right far out in the tails, too.
 */
final class FisherTest {
  /** Counts whose probabilities differ by less than this part are equally likely, as in R. */
  private static final double TIE = Math.log1p(1e-7);

  private FisherTest() {}

  /**
   * @param referenceCount reference rows in the bin
   * @param referenceRows all reference rows, at least 1
   * @param candidateCount candidate rows in the bin
   * @param candidateRows all candidate rows, at least 1
   * @return the p-value in [0, 1]; 1 for a bin that is empty in both sets or holds all rows of both
   */
  static double twoSidedP(
      int referenceCount, int referenceRows, int candidateCount, int candidateRows) {
    int rows = Math.addExact(referenceRows, candidateRows);
    int pooled = Math.addExact(referenceCount, candidateCount);
    HypergeometricDistribution dealt = HypergeometricDistribution.of(rows, pooled, candidateRows);
    double limit = dealt.logProbability(candidateCount) + TIE;
    int mode = (int) ((candidateRows + 1.0) * (pooled + 1.0) / (rows + 2.0));
    if (dealt.logProbability(mode) <= limit) {
      return 1;
    }
    // Probabilities rise up to the mode and fall beyond it.
    int few = nearest(dealt, dealt.getSupportLowerBound() - 1, mode, limit);
    int many = nearest(dealt, dealt.getSupportUpperBound() + 1, mode, limit);
    return Math.min(1, dealt.cumulativeProbability(few) + dealt.survivalProbability(many - 1));
  }

  /**
   * The count nearest to the mode that is no more likely than the limit.
   *
   * @param beyond the count beyond one end of the support, which is the answer if there is none
   */
  private static int nearest(
      HypergeometricDistribution dealt, int beyond, int mode, double logLimit) {
    int out = beyond;
    int in = mode;
    while (Math.abs(in - out) > 1) {
      int middle = out + (in - out) / 2;
      if (dealt.logProbability(middle) <= logLimit) {
        out = middle;
      } else {
        in = middle;
      }
    }
    return out;
  }
}
