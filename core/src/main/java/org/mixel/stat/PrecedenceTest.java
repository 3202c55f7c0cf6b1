package org.mixel.stat;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;

/**
 * Whether more of one sample lies below a low quantile of another than if both were drawn from one
 * distribution.
 *
 * <p>With {@code t} the {@code k}-th smallest of {@code m} other values and {@code x} of {@code n}
 * values below it, the p-value is exact for continuous distributions, whatever they are: {@code x}
 * or more lie below {@code t} if and only if at least {@code x} of the first {@code x + k - 1} of
 * all values in order are of this sample, a hypergeometric chance (the precedence test; Nelson,
 * 1963, <i>Technometrics</i> 5). This allows for the quantile's being an estimate. Values equal to
 * {@code t} count as below it in the same proportion as the others that equal {@code t}; where
 * there are many, the p-value is approximate.
 *
 * @param threshold {@code t}
 * @param share {@code x / n}
 * @param expected its mean {@code k / (m + 1)} under equality
 * @param pValue one-sided
 */
public record PrecedenceTest(double threshold, double share, double expected, double pValue) {
  /**
   * @param values the sample in question
   * @param others whose quantile is taken
   * @param quantile in (0, 1); {@code k} is the nearest whole number to {@code quantile (m + 1)}
   */
  public static PrecedenceTest of(double[] values, double[] others, double quantile) {
    double[] sorted = others.clone();
    Arrays.sort(sorted);
    int rank = (int) Math.max(1, Math.round(quantile * (sorted.length + 1)));
    double threshold = sorted[rank - 1];
    long lower = Arrays.stream(others).filter(other -> other < threshold).count();
    long equal = Arrays.stream(others).filter(other -> other == threshold).count();
    long below = Arrays.stream(values).filter(value -> value < threshold).count();
    long ties = Arrays.stream(values).filter(value -> value == threshold).count();
    double near = below + ties * (double) (rank - lower) / (equal + 1);
    return new PrecedenceTest(
        threshold,
        near / values.length,
        rank / (sorted.length + 1.0),
        pValue((int) near, rank, values.length, others.length));
  }

  private static double pValue(int near, int rank, int values, int others) {
    return near == 0
        ? 1
        : HypergeometricDistribution.of(values + others, values, near + rank - 1)
            .survivalProbability(near - 1);
  }
}
