package org.mixel.ndb;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.mixel.stat.CriticalCounts;

/**
 * The smallest lost mode that an evaluation of these sizes would find.
 *
 * <p>A mode that makes up a share {@code m} of the data lies in one bin of average size or, if that
 * is too small for it, fills one: the bin's share is {@code s = max(m, 1/K)}. The candidate lacks
 * the mode and spreads its rows over the rest, so that the bin holds {@code t = (s - m) / (1 - m)}
 * of them. It is found if Fisher's exact test of the bin says "too few" at level {@code alpha / K}
 * (Bonferroni's, the strictest step of Holm's: only what passes it is no accident among {@code K}
 * tests). With {@code a} reference rows in the bin and {@code c(a)} the largest candidate count
 * that is then too small, this happens with probability
 *
 * <pre>sum_a Binomial(a; Np, s) sum_{b &lt;= c(a)} Binomial(b; Nq, t)</pre>
 *
 * which is summed exactly, but for counts that are too far out to matter.
 */
final class Power {
  private static final double WANTED = 0.8;

  /** Counts farther from the mean, in standard deviations, do not matter. */
  private static final double REACH = 9;

  private final int referenceRows;
  private final int candidateRows;
  private final int bins;
  private final CriticalCounts critical;

  private Power(int referenceRows, int candidateRows, int bins, double alpha) {
    this.referenceRows = referenceRows;
    this.candidateRows = candidateRows;
    this.bins = bins;
    critical = new CriticalCounts(referenceRows, candidateRows, alpha / bins);
  }

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
    Power power = new Power(referenceRows, candidateRows, bins, alpha);
    double low = 0;
    double high = 1;
    for (int i = 0; i < 40; i++) {
      double middle = (low + high) / 2;
      if (power.ofLosing(middle) < WANTED) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** The probability that a lost mode of share {@code mode}, in (0, 1), is found. */
  private double ofLosing(double mode) {
    double s = Math.max(mode, 1.0 / bins);
    Counts references = Counts.of(referenceRows, s);
    Counts candidates = Counts.of(candidateRows, (s - mode) / (1 - mode));
    double found = 0;
    double atMost = 0;
    int b = tooFew(references.first);
    int next = candidates.first;
    for (int i = 0; i < references.probabilities.length; i++) {
      int a = references.first + i;
      while (b < candidateRows && b + 1 <= critical.tooFew(a + b + 1)) {
        b++;
      }
      for (; next <= b && next - candidates.first < candidates.probabilities.length; next++) {
        atMost += candidates.probabilities[next - candidates.first];
      }
      found += references.probabilities[i] * atMost;
    }
    return found;
  }

  /** The largest candidate count that is too small beside a reference count; -1 if none is. */
  private int tooFew(int referenceCount) {
    int low = -1;
    int high = candidateRows;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (middle <= critical.tooFew(referenceCount + middle)) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /**
   * The probabilities of binomial counts.
   *
   * @param first the least count that matters
   */
  private record Counts(int first, double[] probabilities) {
    static Counts of(int rows, double share) {
      double reach = REACH * Math.sqrt(rows * share * (1 - share)) + 20;
      int first = (int) Math.max(0, rows * share - reach);
      int last = (int) Math.min(rows, rows * share + reach);
      int mode = Math.min(rows, (int) ((rows + 1.0) * share));
      double[] probabilities = new double[last - first + 1];
      probabilities[mode - first] = BinomialDistribution.of(rows, share).probability(mode);
      double odds = share / (1 - share);
      for (int k = mode; k > first; k--) {
        probabilities[k - 1 - first] = probabilities[k - first] * k / ((rows - k + 1) * odds);
      }
      for (int k = mode; k < last; k++) {
        probabilities[k + 1 - first] = probabilities[k - first] * (rows - k) * odds / (k + 1);
      }
      return new Counts(first, probabilities);
    }
  }
}
