package org.mixel.ndb;

import java.util.SplittableRandom;
import org.mixel.stat.Interval;
import org.mixel.stat.JensenShannon;
import org.mixel.stat.RandomHistogram;

/**
 * The size of the difference: the Jensen-Shannon divergence less its mean under equality, in nats.
 * The divergence of two samples lies above that of their distributions, the more so the fewer rows
 * and the more bins there are; without that part it is about 0 for equal sets of any size.
 *
 * <p>The interval is a basic bootstrap interval (Efron and Tibshirani, 1993, section 13): both
 * histograms are drawn again and again, and how far the figure then lies from the truth is taken
 * for how far it lies here. Histograms that are drawn from the observed shares would differ by the
 * noise of the sample as well, and their figure would scatter too much. So the observed shares
 * {@code p} and {@code q} are first drawn together, {@code P + s (p - P)} and {@code P + s (q - P)}
 * about the pooled share {@code P}, with {@code s^2 = excess / JS} (0 where the excess is below 0):
 * by the part of their distance that is noise.
 *
 * @param value the divergence less its mean under equality; below 0 by chance
 * @param interval 95% confidence interval of the divergence of the distributions, from {@link
 *     #DRAWS} draws
 */
public record JsExcess(double value, Interval interval) {
  /** Number of bootstrap draws. */
  public static final int DRAWS = 999;

  private static final double OUTSIDE = 0.05;

  /**
   * @param reference counted rows of the reference in each bin, at least one in all
   * @param candidate rows of the candidate in each bin, at least one in all
   * @param expected mean divergence under equality
   * @param seed fixes the draws
   */
  static JsExcess of(int[] reference, int[] candidate, double expected, long seed) {
    int bins = reference.length;
    int referenceRows = sum(reference);
    int candidateRows = sum(candidate);
    double js = JensenShannon.divergence(reference, candidate);
    double excess = js - expected;
    double kept = excess > 0 ? Math.sqrt(excess / js) : 0;
    double[] p = new double[bins];
    double[] q = new double[bins];
    for (int k = 0; k < bins; k++) {
      double pooled =
          ((double) reference[k] + candidate[k]) / ((double) referenceRows + candidateRows);
      p[k] = pooled + kept * ((double) reference[k] / referenceRows - pooled);
      q[k] = pooled + kept * ((double) candidate[k] / candidateRows - pooled);
    }
    double truth = JensenShannon.divergence(p, q);
    SplittableRandom random = new SplittableRandom(seed);
    RandomHistogram references = new RandomHistogram(p, referenceRows, random);
    RandomHistogram candidates = new RandomHistogram(q, candidateRows, random);
    double[] errors = new double[DRAWS];
    for (int i = 0; i < DRAWS; i++) {
      errors[i] = JensenShannon.divergence(references.next(), candidates.next()) - expected - truth;
    }
    Interval error = Interval.central(errors, OUTSIDE);
    return new JsExcess(excess, new Interval(excess - error.high(), excess - error.low()));
  }

  private static int sum(int[] counts) {
    int rows = 0;
    for (int count : counts) {
      rows = Math.addExact(rows, count);
    }
    return rows;
  }
}
