package org.mixel.ndb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.stat.RandomHistogram;
import org.mixel.stat.TwoProportionTest;

/** A lost mode of the promised size is found as often as promised, by the test that is used. */
class PowerTest {
  private static final double ALPHA = 0.05;

  /** Sums over SciPy's binomial and hypergeometric probabilities, float64. */
  @ParameterizedTest
  @CsvSource({
    "1000, 1000, 20, 0.05, 0.03222274161362293",
    "500, 2000, 100, 0.05, 0.013405393268840271",
    "2000, 500, 10, 0.01, 0.05757142329821363"
  })
  void agreesWithAnIndependentSum(
      int referenceRows, int candidateRows, int bins, double alpha, double expected) {
    assertThat(Power.smallestLostMode(referenceRows, candidateRows, bins, alpha))
        .isEqualTo(expected, within(1e-8));
  }

  @ParameterizedTest
  @CsvSource({"30000, 10000, 100", "5000, 5000, 20", "30000, 20000, 300", "2000, 20000, 10"})
  void theSmallestLostModeIsFoundFourTimesInFive(int referenceRows, int candidateRows, int bins) {
    double mode = Power.smallestLostMode(referenceRows, candidateRows, bins, ALPHA);
    double share = Math.max(mode, 1.0 / bins);
    double left = (share - mode) / (1 - mode);
    SplittableRandom random = new SplittableRandom(1);
    RandomHistogram reference =
        new RandomHistogram(new double[] {share, 1 - share}, referenceRows, random);
    RandomHistogram candidate =
        new RandomHistogram(new double[] {left, 1 - left}, candidateRows, random);
    int found = 0;
    for (int i = 0; i < 2000; i++) {
      TwoProportionTest test =
          TwoProportionTest.of(
              reference.next()[0], referenceRows, candidate.next()[0], candidateRows);
      found += test.exactP() < ALPHA / bins && test.difference() < 0 ? 1 : 0;
    }
    assertThat(found / 2000.0).isBetween(0.77, 0.83);
  }

  @Test
  void moreRowsSeeSmallerModes() {
    double few = Power.smallestLostMode(1_000, 1_000, 100, ALPHA);
    double many = Power.smallestLostMode(30_000, 10_000, 100, ALPHA);
    assertThat(many).isBetween(0.003, 0.01).isLessThan(few);
    assertThat(Power.smallestLostMode(2, 2, 2, ALPHA)).as("never found").isEqualTo(1);
    assertThat(Power.smallestLostMode(200_000, 100_000, 2, ALPHA)).isLessThan(0.015);
  }
}
