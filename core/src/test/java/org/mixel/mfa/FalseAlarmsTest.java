package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.mixel.data.StoredSamples;
import org.mixel.stat.LowerTail;

/** A threshold on normal rows marks the promised share of fresh ones. */
class FalseAlarmsTest {
  private static final int SEEDS = 100;
  private static final int NORMAL = 20_000;
  private static final int FRESH = 1_000;

  private static double[] scores(
      DenseMixture mixture, MixtureOfFactorAnalyzers model, int rows, long seed) {
    Random random = new Random(seed);
    double[] values = new double[rows * mixture.dims];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(mixture.draw(random), 0, values, i * mixture.dims, mixture.dims);
    }
    return model.logLikelihood(StoredSamples.ofDoubles("rows", mixture.dims, values));
  }

  @Test
  void theObservedShareLiesInItsBinomialInterval() {
    for (double share : new double[] {0.01, 0.05}) {
      BinomialDistribution counts = BinomialDistribution.of(FRESH, share);
      int within = 0;
      for (int seed = 0; seed < SEEDS; seed++) {
        DenseMixture mixture = new DenseMixture(3, 2, 6, seed);
        try (MixtureOfFactorAnalyzers model = mixture.model()) {
          LowerTail tail = LowerTail.of(scores(mixture, model, NORMAL, 2 * seed), share);
          long marked =
              Arrays.stream(scores(mixture, model, FRESH, 2 * seed + 1))
                  .filter(tail::marks)
                  .count();
          within +=
              counts.inverseCumulativeProbability(0.025) <= marked
                      && marked <= counts.inverseCumulativeProbability(0.975)
                  ? 1
                  : 0;
        }
      }
      assertThat(within).as("of 100 seeds at " + share).isGreaterThanOrEqualTo(90);
    }
  }
}
