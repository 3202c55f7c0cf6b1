package org.mixel.ndb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.stat.JensenShannon;
import org.mixel.stat.RandomHistogram;

/** The effect is that of the distributions, whatever the number of rows, and its interval holds. */
class JsExcessTest {
  private static final int CASES = 120;

  /** The interval holds the divergence of the distributions as often as it says. */
  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"20, 1000, 1000, 0", "100, 2000, 1500, 0", "60, 2000, 1000, 0.4"})
  void theIntervalHoldsTheTruth(int bins, int referenceRows, int candidateRows, double change) {
    SplittableRandom random = new SplittableRandom(7);
    int held = 0;
    double error = 0;
    double width = 0;
    for (int i = 0; i < CASES; i++) {
      double[] p = new double[bins];
      double[] q = new double[bins];
      for (int k = 0; k < bins; k++) {
        p[k] = 0.2 + random.nextDouble();
        q[k] = p[k] * Math.exp(change * random.nextGaussian());
      }
      scale(p);
      scale(q);
      int[] reference = new RandomHistogram(p, referenceRows, random).next();
      int[] candidate = new RandomHistogram(q, candidateRows, random).next();
      double expected = PermutationNull.of(reference, candidate, 0.05, i).js();
      JsExcess excess = JsExcess.of(reference, candidate, expected, i);
      double truth = JensenShannon.divergence(p, q);
      held += excess.interval().low() <= truth && truth <= excess.interval().high() ? 1 : 0;
      error += (excess.value() - truth) / CASES;
      width += (excess.interval().high() - excess.interval().low()) / CASES;
    }
    assertThat(held / (double) CASES).isBetween(0.9, 0.995);
    assertThat(Math.abs(error)).as("bias").isLessThan(width / 8);
  }

  private static void scale(double[] shares) {
    double sum = Arrays.stream(shares).sum();
    for (int k = 0; k < shares.length; k++) {
      shares[k] /= sum;
    }
  }

  /** NDB grows with the number of rows; the effect stays. */
  @Test
  void moreRowsDoNotRaiseTheEffect() {
    double[] p = {0.25, 0.25, 0.25, 0.25};
    double[] q = {0.20, 0.30, 0.25, 0.25};
    double truth = JensenShannon.divergence(p, q);
    for (int rows : new int[] {2_000, 20_000, 200_000}) {
      SplittableRandom random = new SplittableRandom(rows);
      int[] reference = new RandomHistogram(p, rows, random).next();
      int[] candidate = new RandomHistogram(q, rows, random).next();
      double expected = PermutationNull.of(reference, candidate, 0.05, 1).js();
      JsExcess excess = JsExcess.of(reference, candidate, expected, 1);
      assertThat(excess.interval().low()).isLessThan(truth);
      assertThat(excess.interval().high()).isGreaterThan(truth);
      assertThat(excess.value()).isBetween(0.0, 3 * truth);
      assertThat(JsExcess.of(reference, candidate, expected, 1)).isEqualTo(excess);
    }
  }

  /** Sets without any row in common, and sets that are the same. */
  @Test
  void extremesHaveAnswers() {
    JsExcess apart = JsExcess.of(new int[] {50, 0}, new int[] {0, 50}, 0.005, 1);
    assertThat(apart.value()).isEqualTo(Math.log(2) - 0.005);
    assertThat(apart.interval().high()).isGreaterThanOrEqualTo(apart.value());
    JsExcess same = JsExcess.of(new int[] {50, 50, 0}, new int[] {50, 50, 0}, 0.005, 1);
    assertThat(same.value()).isEqualTo(-0.005);
    assertThat(same.interval().low()).isLessThan(same.interval().high());
    JsExcess single = JsExcess.of(new int[] {50, 0}, new int[] {40, 0}, 0, 1);
    assertThat(single.value()).isZero();
    assertThat(single.interval().low()).isZero();
    assertThat(single.interval().high()).isZero();
  }
}
