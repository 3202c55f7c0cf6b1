package org.mixel.stat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Several tests of the same two sets by the same random deals of the pooled rows: what is said of
 * all of them at once allows for how they depend on each other (Westfall and Young, 1993,
 * <i>Resampling-Based Multiple Testing</i>, sections 2.3 and 2.6).
 *
 * <p>The first statistic of each test is that of the sets as they are, the others are those of the
 * deals. If the sets are equal, each of them is as likely to be the largest as any other.
 */
public final class DealtTests {
  /** Statistics that differ by no more, as a share, are equal. */
  private static final double ROUNDING = 1e-12;

  private DealtTests() {}

  /**
   * p-values adjusted for the number of tests (min-p, single step): how often the smallest p-value
   * of a deal is as small as that of the test. The smallest of them is one p-value for all tests.
   * Each test counts alike, whatever the scale of its statistic.
   *
   * @param statistics large where sets differ, {@code [tests][1 + deals]}, at least one test
   * @return one for each test, in order
   */
  public static double[] minP(double[][] statistics) {
    int count = statistics[0].length;
    int[] least = new int[count];
    Arrays.fill(least, count);
    int[] own = new int[statistics.length];
    for (int t = 0; t < own.length; t++) {
      double[] values = statistics[t];
      double[] rising = values.clone();
      Arrays.sort(rising);
      for (int b = 0; b < count; b++) {
        double limit = values[b] - ROUNDING * Math.abs(values[b]);
        int rank = count - firstFrom(rising, limit);
        least[b] = Math.min(least[b], rank);
        own[t] = b == 0 ? rank : own[t];
      }
    }
    return Arrays.stream(own)
        .mapToDouble(rank -> (double) Arrays.stream(least).filter(x -> x <= rank).count() / count)
        .toArray();
  }

  /** The place of the first of rising numbers that reaches a limit. */
  private static int firstFrom(double[] rising, double limit) {
    int low = 0;
    int high = rising.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rising[middle] >= limit) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /**
   * p-values adjusted for the number of tests (max-T, step-down): with probability {@code 1 -
   * alpha} none of those at most {@code alpha} is an accident. A statistic is measured in standard
   * deviations from its mean over all deals, so few deals can tell much: the smallest p-value is
   * one over their number, however many tests there are.
   *
   * @param statistics {@code [tests][1 + deals]}
   * @param twoSided whether small statistics of a test tell of a difference as well
   * @return one for each test, in order
   */
  public static double[] maxT(double[][] statistics, boolean[] twoSided) {
    double[][] z = new double[statistics.length][];
    Arrays.setAll(z, t -> standardised(statistics[t], twoSided[t]));
    int[] rising =
        IntStream.range(0, z.length)
            .boxed()
            .sorted(Comparator.comparingDouble(t -> z[t][0]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] p = new double[z.length];
    double[] most = new double[z.length == 0 ? 0 : z[0].length];
    Arrays.fill(most, Double.NEGATIVE_INFINITY);
    for (int test : rising) {
      for (int b = 0; b < most.length; b++) {
        most[b] = Math.max(most[b], z[test][b]);
      }
      double limit = z[test][0] - ROUNDING * Math.abs(z[test][0]);
      p[test] = (double) Arrays.stream(most).filter(x -> x >= limit).count() / most.length;
    }
    for (int i = rising.length - 2; i >= 0; i--) {
      p[rising[i]] = Math.max(p[rising[i]], p[rising[i + 1]]);
    }
    return p;
  }

  private static double[] standardised(double[] values, boolean twoSided) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double variance =
        Arrays.stream(values).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    double deviation = Math.sqrt(variance);
    if (!(deviation > ROUNDING * Math.abs(mean))) {
      return new double[values.length];
    }
    return Arrays.stream(values)
        .map(x -> (x - mean) / deviation)
        .map(twoSided ? Math::abs : x -> x)
        .toArray();
  }
}
