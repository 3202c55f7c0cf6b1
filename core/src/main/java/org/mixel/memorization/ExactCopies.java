package org.mixel.memorization;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;

/**
 * Whether distances are 0 more often in one sample than in another (Fisher's exact test,
 * one-sided): given how many are 0 in both together, those of the first are hypergeometric if both
 * are alike.
 *
 * @param count distances of 0
 * @param others those of the other sample
 * @param pValue one-sided
 */
record ExactCopies(int count, int others, double pValue) {
  static ExactCopies of(double[] distances, double[] otherDistances) {
    int count = count(distances);
    int others = count(otherDistances);
    int all = distances.length + otherDistances.length;
    double p =
        HypergeometricDistribution.of(all, count + others, distances.length)
            .survivalProbability(count - 1);
    return new ExactCopies(count, others, p);
  }

  static int count(double[] distances) {
    return (int) Arrays.stream(distances).filter(distance -> distance == 0).count();
  }
}
