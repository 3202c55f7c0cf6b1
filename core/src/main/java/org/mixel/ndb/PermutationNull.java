package org.mixel.ndb;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;
import org.mixel.stat.HomogeneityTest;
import org.mixel.stat.Interval;
import org.mixel.stat.JensenShannon;
import org.mixel.stat.RandomTables;
import org.mixel.stat.TwoProportionTest;

/**
 * NDB and the Jensen-Shannon divergence if both sets are drawn from one distribution, given how
 * many pooled rows each bin holds.
 *
 * <p>Under equality every way to deal the pooled rows out to the two sets is equally likely. Of a
 * bin that holds {@code n} of the {@code Np + Nq} pooled rows, the candidate then gets a
 * hypergeometric number. NDB and the divergence are sums over bins, so their means are exact sums
 * over that distribution: no simulation, and no proportions to estimate. For large bins they tend
 * to {@code alpha} and to {@code (K - 1) (1/Np + 1/Nq) / 8}. Their spread, and how far the
 * chi-square statistic lies out, come from {@link #DEALS} random deals.
 *
 * <p>This holds for rows that took no part in placing the centres ({@link ReferenceMode#HELD_OUT}).
 *
 * @param ndb mean number of bins that differ
 * @param js mean Jensen-Shannon divergence, in nats
 * @param ndbBand central 95% of the random deals' numbers of bins that differ
 * @param jsBand central 95% of their divergences, in nats
 * @param p share of the random deals and this one whose chi-square statistic is at least as large:
 *     the permutation p-value of {@link HomogeneityTest}, valid for bins of any size
 */
public record PermutationNull(double ndb, double js, Interval ndbBand, Interval jsBand, double p) {
  /** Number of random deals. */
  public static final int DEALS = 999;

  /** The share of random deals outside a band. */
  private static final double OUTSIDE = 0.05;

  /**
   * @param reference rows of one set in each bin, at least one row in all
   * @param candidate rows of the other set in each bin, as many bins, at least one row in all
   * @param alpha significance level of each bin's test
   * @param seed fixes the random deals
   */
  public static PermutationNull of(int[] reference, int[] candidate, double alpha, long seed) {
    int referenceRows = sum(reference);
    int candidateRows = sum(candidate);
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
    return deal(reference, candidate, critical, ndb, js, seed);
  }

  private static PermutationNull deal(
      int[] reference, int[] candidate, double critical, double ndb, double js, long seed) {
    int referenceRows = sum(reference);
    int candidateRows = sum(candidate);
    double observed = HomogeneityTest.statistic(reference, candidate);
    RandomTables tables = new RandomTables(reference, candidate, seed);
    double[] ndbs = new double[DEALS];
    double[] divergences = new double[DEALS];
    int asFar = 1;
    for (int i = 0; i < DEALS; i++) {
      tables.next();
      int[] a = tables.reference();
      int[] b = tables.candidate();
      for (int k = 0; k < a.length; k++) {
        if (Math.abs(TwoProportionTest.z(a[k], referenceRows, b[k], candidateRows)) > critical) {
          ndbs[i]++;
        }
      }
      divergences[i] = JensenShannon.divergence(a, b);
      // Equal tables can differ in the last digits of their sums.
      asFar += HomogeneityTest.statistic(a, b) >= observed * (1 - 1e-12) ? 1 : 0;
    }
    return new PermutationNull(
        ndb,
        js,
        Interval.central(ndbs, OUTSIDE),
        Interval.central(divergences, OUTSIDE),
        asFar / (DEALS + 1.0));
  }

  private static int sum(int[] counts) {
    return Math.toIntExact(Arrays.stream(counts).asLongStream().sum());
  }
}
