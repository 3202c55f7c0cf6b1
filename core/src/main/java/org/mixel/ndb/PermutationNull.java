package org.mixel.ndb;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;

/**
 * What NDB and the Jensen-Shannon divergence come to if both sets are drawn from one distribution,
 * given how many pooled rows each bin holds.
 *
 * <p>Under equality every way of dealing the pooled rows out to the two sets is equally likely. Of
 * a bin that holds {@code n} of the {@code Np + Nq} pooled rows, the candidate then gets a
 * hypergeometric number. NDB and the divergence are sums over bins, so their means are exact sums
 * over that distribution: no simulation, and no proportions to estimate. For large bins they tend
 * to {@code alpha} and to {@code (K - 1) (1/Np + 1/Nq) / 8}. Their spread, and how far the
 * chi-square statistic lies out, come from {@link #DEALS} random deals.
 *
 * <p>This holds for rows that took no part in placing the centres ({@link ReferenceMode#HELD_OUT}).
 *
 * @param ndb mean number of bins that differ
 * @param js mean Jensen-Shannon divergence, in nats
 * @param ndbBand where 95% of the deals have their number of bins that differ
 * @param jsBand where 95% of the deals have their divergence, in nats
 * @param p share of the deals, this one among them, whose chi-square statistic is at least as
 *     large: the permutation p-value of {@link HomogeneityTest}, valid for bins of any size
 */
public record PermutationNull(double ndb, double js, Band ndbBand, Band jsBand, double p) {
  /** How often the rows are dealt out anew. */
  public static final int DEALS = 999;

  private static final double TAIL = 0.025;

  /** An interval that holds 95% of the deals: what lies outside is a surprise under equality. */
  public record Band(double low, double high) {
    private static Band of(double[] values) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      int tail = (int) (TAIL * (sorted.length + 1)) - 1;
      return new Band(sorted[tail], sorted[sorted.length - 1 - tail]);
    }
  }

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
    Deals deals = new Deals(reference, candidate, new SplittableRandom(seed));
    double[] ndbs = new double[DEALS];
    double[] divergences = new double[DEALS];
    int asFar = 1;
    for (int i = 0; i < DEALS; i++) {
      deals.next();
      int[] a = deals.reference();
      int[] b = deals.candidate();
      for (int k = 0; k < a.length; k++) {
        if (Math.abs(TwoProportionTest.z(a[k], referenceRows, b[k], candidateRows)) > critical) {
          ndbs[i]++;
        }
      }
      divergences[i] = JensenShannon.divergence(a, b);
      // Equal tables can differ in the last digits of their sums.
      asFar += HomogeneityTest.statistic(a, b) >= observed * (1 - 1e-12) ? 1 : 0;
    }
    return new PermutationNull(ndb, js, Band.of(ndbs), Band.of(divergences), asFar / (DEALS + 1.0));
  }

  private static int sum(int[] counts) {
    return Math.toIntExact(Arrays.stream(counts).asLongStream().sum());
  }

  /**
   * The pooled rows, dealt out again and again: a partial shuffle gives the smaller set its own.
   */
  private static final class Deals {
    private final SplittableRandom random;
    private final int[] binOfRow;
    private final int[] pooled;
    private final int[] dealt;
    private final int[] rest;
    private final int smaller;
    private final boolean candidateIsSmaller;

    Deals(int[] reference, int[] candidate, SplittableRandom random) {
      this.random = random;
      int bins = reference.length;
      pooled = new int[bins];
      dealt = new int[bins];
      rest = new int[bins];
      int referenceRows = sum(reference);
      int candidateRows = sum(candidate);
      smaller = Math.min(referenceRows, candidateRows);
      candidateIsSmaller = candidateRows == smaller;
      binOfRow = new int[referenceRows + candidateRows];
      int row = 0;
      for (int k = 0; k < bins; k++) {
        pooled[k] = reference[k] + candidate[k];
        Arrays.fill(binOfRow, row, row + pooled[k], k);
        row += pooled[k];
      }
    }

    void next() {
      Arrays.fill(dealt, 0);
      for (int i = 0; i < smaller; i++) {
        int chosen = random.nextInt(i, binOfRow.length);
        int bin = binOfRow[chosen];
        binOfRow[chosen] = binOfRow[i];
        binOfRow[i] = bin;
        dealt[bin]++;
      }
      for (int k = 0; k < rest.length; k++) {
        rest[k] = pooled[k] - dealt[k];
      }
    }

    int[] reference() {
      return candidateIsSmaller ? rest : dealt;
    }

    int[] candidate() {
      return candidateIsSmaller ? dealt : rest;
    }
  }
}
