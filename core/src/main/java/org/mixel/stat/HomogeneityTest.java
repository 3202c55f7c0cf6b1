package org.mixel.stat;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * Pearson's chi-square test that two histograms are drawn from one distribution, all bins at once.
 *
 * <p>Bins that are empty in both sets say nothing and are left out of the degrees of freedom. The
 * p-value is that of the limiting distribution, good where a bin expects about 5 rows or more; the
 * share of {@link RandomTables} with as large a {@link #statistic} is good for bins of any size.
 */
public final class HomogeneityTest {
  private HomogeneityTest() {}

  /**
   * @param reference rows of one set in each bin, at least one row in all
   * @param candidate rows of the other set in each bin, as many bins, at least one row in all
   * @return the p-value in [0, 1]; 1 when no more than one bin is filled
   */
  public static double pValue(int[] reference, int[] candidate) {
    int filled = 0;
    for (int k = 0; k < reference.length; k++) {
      filled += reference[k] > 0 || candidate[k] > 0 ? 1 : 0;
    }
    return filled < 2
        ? 1
        : ChiSquaredDistribution.of(filled - 1.0)
            .survivalProbability(statistic(reference, candidate));
  }

  /** The sum over the cells of both histograms of (count - expected)^2 / expected. */
  public static double statistic(int[] reference, int[] candidate) {
    double referenceRows = Arrays.stream(reference).asLongStream().sum();
    double candidateRows = Arrays.stream(candidate).asLongStream().sum();
    double share = referenceRows / (referenceRows + candidateRows);
    double statistic = 0;
    for (int k = 0; k < reference.length; k++) {
      double pooled = (double) reference[k] + candidate[k];
      if (pooled > 0) {
        // The deviations of both rows of the table are equal but for the sign.
        double deviation = reference[k] - pooled * share;
        statistic += deviation * deviation / (pooled * share * (1 - share));
      }
    }
    return statistic;
  }
}
