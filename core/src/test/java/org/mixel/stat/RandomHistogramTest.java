package org.mixel.stat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random histograms have their rows, and multinomial counts. */
class RandomHistogramTest {
  private static final double[] SHARES = {0.5, 0, 0.001, 0.249, 0.25};

  @ParameterizedTest
  @CsvSource({"1", "7", "40", "1000", "50000"})
  void countsAreBinomialAndAddUp(int rows) {
    RandomHistogram histograms = new RandomHistogram(SHARES, rows, new SplittableRandom(3));
    int draws = 4000;
    int[][] counts = new int[SHARES.length][draws];
    for (int i = 0; i < draws; i++) {
      int[] drawn = histograms.next();
      assertThat(IntStream.of(drawn).sum()).isEqualTo(rows);
      for (int k = 0; k < drawn.length; k++) {
        counts[k][i] = drawn[k];
      }
    }
    assertThat(counts[1]).containsOnly(0);
    for (int k : new int[] {0, 2, 3, 4}) {
      assertBinomial(counts[k], rows, SHARES[k]);
    }
    // Two counts of one histogram: their sum is binomial, too, which fixes their covariance.
    int[] sums = IntStream.range(0, draws).map(i -> counts[0][i] + counts[3][i]).toArray();
    assertBinomial(sums, rows, SHARES[0] + SHARES[3]);
  }

  /** By the chi-square test, of cells that expect at least 20 draws. */
  private static void assertBinomial(int[] counts, int rows, double share) {
    BinomialDistribution expected = BinomialDistribution.of(rows, share);
    long[] observed = new long[20];
    double[] probabilities = new double[20];
    int cells = 0;
    int from = 0;
    for (int to = 0; to <= rows; to++) {
      double probability = expected.probability(from - 1, to);
      boolean rest = expected.survivalProbability(to) * counts.length < 20;
      if (rest || probability > 1.0 / 15) {
        int least = from;
        int most = rest ? rows : to;
        probabilities[cells] = expected.probability(from - 1, most);
        observed[cells++] = IntStream.of(counts).filter(c -> c >= least && c <= most).count();
        from = to + 1;
        if (rest) {
          break;
        }
      }
    }
    assertThat(Arrays.stream(observed).sum()).isEqualTo(counts.length);
    if (cells > 1) {
      double p =
          ChiSquareTest.withDefaults()
              .test(Arrays.copyOf(probabilities, cells), Arrays.copyOf(observed, cells))
              .getPValue();
      assertThat(p).as("%d rows, share %s", rows, share).isGreaterThan(1e-4);
    }
  }

  @Test
  void theSameSeedDrawsTheSameHistograms() {
    RandomHistogram one = new RandomHistogram(SHARES, 300, new SplittableRandom(5));
    RandomHistogram same = new RandomHistogram(SHARES, 300, new SplittableRandom(5));
    assertThat(one.next()).isEqualTo(same.next());
    assertThat(one.next()).isEqualTo(same.next()).isNotEqualTo(one.next());
  }
}
