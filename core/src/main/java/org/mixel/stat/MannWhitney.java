package org.mixel.stat;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.apache.commons.statistics.inference.MannWhitneyUTest;

/** The rank-sum test of Mann and Whitney (1947) in its large-sample form. */
public final class MannWhitney {
  private MannWhitney() {}

  /**
   * The standardised statistic: standard normal if both samples come from one distribution,
   * negative if the values tend to be smaller than the others. Ties count half, and the variance
   * allows for them.
   *
   * @param values at least one
   * @param others at least one
   * @return 0 if all values are equal
   */
  public static double z(double[] values, double[] others) {
    double n = values.length;
    double m = others.length;
    double variance = n * m / 12 * (n + m + 1 - tieTerm(values, others) / ((n + m) * (n + m - 1)));
    double wins = MannWhitneyUTest.withDefaults().statistic(values, others);
    return variance > 0 ? (wins - n * m / 2) / Math.sqrt(variance) : 0;
  }

  /**
   * The share of pairs in which the value is larger than the other one, ties counted half: the area
   * under the ROC curve of telling the samples apart by a threshold (AUROC).
   *
   * @param values at least one
   * @param others at least one
   * @return 1 if all values are larger, 0 if all are smaller, 0.5 if nothing tells them apart
   */
  public static double area(double[] values, double[] others) {
    return MannWhitneyUTest.withDefaults().statistic(values, others)
        / ((double) values.length * others.length);
  }

  /** The sum of {@code t^3 - t} over all groups of {@code t} equal values. */
  private static double tieTerm(double[] values, double[] others) {
    double[] pooled =
        DoubleStream.concat(Arrays.stream(values), Arrays.stream(others)).sorted().toArray();
    double sum = 0;
    double ties = 1;
    for (int i = 1; i <= pooled.length; i++) {
      if (i < pooled.length && pooled[i] == pooled[i - 1]) {
        ties++;
      } else {
        sum += ties * ties * ties - ties;
        ties = 1;
      }
    }
    return sum;
  }
}
