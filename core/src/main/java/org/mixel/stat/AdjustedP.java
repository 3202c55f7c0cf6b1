package org.mixel.stat;

import java.util.Comparator;
import java.util.stream.IntStream;

/** The p-values of {@code K} tests, adjusted for their number. */
public final class AdjustedP {
  private AdjustedP() {}

  /**
   * Holm (1979): of all tests that are rejected at level {@code alpha}, not even one is false with
   * probability {@code 1 - alpha}, whatever the dependence of the tests. The i-th smallest p-value
   * becomes the largest {@code (K - j) p_(j)} of {@code j <= i}, counted from 0.
   *
   * @param p p-values in [0, 1]
   * @return adjusted p-values in the same order, at most 1
   */
  public static double[] holm(double[] p) {
    int[] rising = rising(p);
    double[] adjusted = new double[p.length];
    double most = 0;
    for (int i = 0; i < rising.length; i++) {
      most = Math.max(most, Math.min(1, (p.length - i) * p[rising[i]]));
      adjusted[rising[i]] = most;
    }
    return adjusted;
  }

  /**
   * Benjamini and Hochberg (1995): of all tests that are rejected at level {@code alpha}, an
   * expected share of at most {@code alpha} is false. The i-th smallest p-value becomes the
   * smallest {@code K p_(j) / (j + 1)} of {@code j >= i}, counted from 0.
   *
   * @param p p-values in [0, 1]
   * @return adjusted p-values in the same order, at most 1
   */
  public static double[] benjaminiHochberg(double[] p) {
    int[] rising = rising(p);
    double[] adjusted = new double[p.length];
    double least = 1;
    for (int i = rising.length - 1; i >= 0; i--) {
      least = Math.min(least, p.length * p[rising[i]] / (i + 1));
      adjusted[rising[i]] = least;
    }
    return adjusted;
  }

  private static int[] rising(double[] p) {
    return IntStream.range(0, p.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> p[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
