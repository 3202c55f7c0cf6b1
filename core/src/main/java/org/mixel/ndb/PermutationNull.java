package org.mixel.ndb;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;

/**
 * What to expect of NDB and of the Jensen-Shannon divergence when both sets are drawn from one
 * distribution, at these sample sizes and bin sizes.
 *
 * <p>Under equality every way of dealing the pooled rows out to the two sets is equally likely. Of
 * a bin that holds {@code n} of the {@code Np + Nq} pooled rows, the candidate then gets a
 * hypergeometric number. NDB and the divergence are sums over bins, so their means are exact sums
 * over that distribution: no simulation, and no proportions to estimate. For large bins they tend
 * to {@code alpha} and to {@code (K - 1) (1/Np + 1/Nq) / 8}.
 *
 * <p>This holds for rows that took no part in placing the centres ({@link ReferenceMode#HELD_OUT}).
 *
 * @param ndb mean number of bins that differ
 * @param js mean Jensen-Shannon divergence, in nats
 */
public record PermutationNull(double ndb, double js) {
  /**
   * @param reference rows of one set in each bin, at least one row in all
   * @param candidate rows of the other set in each bin, as many bins, at least one row in all
   * @param alpha significance level of each bin's test
   */
  public static PermutationNull of(int[] reference, int[] candidate, double alpha) {
    int referenceRows = Math.toIntExact(Arrays.stream(reference).asLongStream().sum());
    int candidateRows = Math.toIntExact(Arrays.stream(candidate).asLongStream().sum());
    int rows = Math.addExact(referenceRows, candidateRows);
    double critical = TwoProportionTest.criticalZ(alpha);
    double ndb = 0;
    double js = 0;
    for (int k = 0; k < reference.length; k++) {
      int pooled = reference[k] + candidate[k];
      HypergeometricDistribution taken = HypergeometricDistribution.of(rows, pooled, candidateRows);
      for (int b = taken.getSupportLowerBound(); b <= taken.getSupportUpperBound(); b++) {
        double probability = taken.probability(b);
        int a = pooled - b;
        if (Math.abs(TwoProportionTest.z(a, referenceRows, b, candidateRows)) > critical) {
          ndb += probability;
        }
        js +=
            probability
                * JensenShannon.term((double) a / referenceRows, (double) b / candidateRows);
      }
    }
    return new PermutationNull(ndb, js);
  }
}
