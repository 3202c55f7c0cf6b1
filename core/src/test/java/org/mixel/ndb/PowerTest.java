package org.mixel.ndb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.stat.TwoProportionTest;

/** A lost mode of the promised size is found as often as promised, by simulation. */
class PowerTest {
  private static final double ALPHA = 0.05;

  @ParameterizedTest
  @CsvSource({"30000, 10000, 100", "5000, 5000, 20", "30000, 20000, 300", "2000, 20000, 10"})
  void theSmallestLostModeIsFoundFourTimesInFive(int referenceRows, int candidateRows, int bins) {
    double mode = Power.smallestLostMode(referenceRows, candidateRows, bins, ALPHA);
    double share = Math.max(mode, 1.0 / bins);
    double left = (share - mode) / (1 - mode);
    Random random = new Random(1);
    int found = 0;
    for (int i = 0; i < 2000; i++) {
      TwoProportionTest test =
          TwoProportionTest.of(
              binomial(random, referenceRows, share),
              referenceRows,
              binomial(random, candidateRows, left),
              candidateRows);
      found += test.p() < ALPHA / bins ? 1 : 0;
    }
    assertThat(found / 2000.0).isBetween(0.74, 0.87);
  }

  /** Good to a few hundredths of a standard deviation at the counts used here. */
  private static int binomial(Random random, int n, double p) {
    double deviation = Math.sqrt(n * p * (1 - p));
    return (int) Math.max(0, Math.round(n * p + deviation * random.nextGaussian()));
  }

  @Test
  void moreRowsSeeSmallerModes() {
    double few = Power.smallestLostMode(1_000, 1_000, 100, ALPHA);
    double many = Power.smallestLostMode(30_000, 10_000, 100, ALPHA);
    assertThat(many).isBetween(0.003, 0.01).isLessThan(few);
    assertThat(Power.smallestLostMode(2, 2, 2, ALPHA)).isLessThanOrEqualTo(1);
  }
}
