package org.mixel.metric;

import java.util.Arrays;

/** The rank-sum test of Mann and Whitney (1947) in its large-sample form. */
final class MannWhitney {
  private MannWhitney() {}

  /**
   * Standard normal if both samples come from one distribution; negative if the values tend to be
   * smaller than the others. Ties count half, and the variance allows for them.
   *
   * @return 0 if all values are equal
   */
  static double z(double[] values, double[] others) {
    double[] sorted = others.clone();
    Arrays.sort(sorted);
    double wins = 0;
    for (double value : values) {
      wins += (first(sorted, value, false) + first(sorted, value, true)) / 2.0;
    }
    double n = values.length;
    double m = others.length;
    double variance = n * m / 12 * (n + m + 1 - tieTerm(values, others) / ((n + m) * (n + m - 1)));
    return variance > 0 ? (wins - n * m / 2) / Math.sqrt(variance) : 0;
  }

  /** Where the values from this one on begin, or those beyond it. */
  private static int first(double[] sorted, double value, boolean beyond) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value || (beyond && sorted[middle] == value)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double tieTerm(double[] values, double[] others) {
    double[] pooled = Arrays.copyOf(values, values.length + others.length);
    System.arraycopy(others, 0, pooled, values.length, others.length);
    Arrays.sort(pooled);
    double sum = 0;
    for (int from = 0; from < pooled.length; ) {
      int to = first(pooled, pooled[from], true);
      double ties = to - from;
      sum += ties * ties * ties - ties;
      from = to;
    }
    return sum;
  }
}
