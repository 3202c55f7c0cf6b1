package org.mixel.stat;

import java.util.Arrays;

/**
 * The Jensen-Shannon divergence of two histograms, in nats: {@code (KL(p || m) + KL(q || m)) / 2}
 * with {@code m = (p + q) / 2} and {@code 0 log 0 = 0}. It lies in [0, ln 2].
 */
public final class JensenShannon {
  private JensenShannon() {}

  /**
   * @param reference rows of one set in each bin
   * @param candidate rows of the other set in each bin, as many bins
   */
  public static double divergence(int[] reference, int[] candidate) {
    double referenceRows = Arrays.stream(reference).asLongStream().sum();
    double candidateRows = Arrays.stream(candidate).asLongStream().sum();
    double sum = 0;
    for (int k = 0; k < reference.length; k++) {
      sum += term(reference[k] / referenceRows, candidate[k] / candidateRows);
    }
    return Math.max(0, sum);
  }

  /**
   * The same of shares.
   *
   * @param p the share of one set in each bin
   * @param q the share of the other set in each bin, as many bins
   */
  public static double divergence(double[] p, double[] q) {
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      sum += term(p[k], q[k]);
    }
    return Math.max(0, sum);
  }

  /**
   * The term of one bin in the sum.
   *
   * @param p share of one set in the bin
   * @param q share of the other set in the bin
   */
  public static double term(double p, double q) {
    double mean = (p + q) / 2;
    return (relative(p, mean) + relative(q, mean)) / 2;
  }

  private static double relative(double p, double mean) {
    return p == 0 ? 0 : p * Math.log(p / mean);
  }
}
