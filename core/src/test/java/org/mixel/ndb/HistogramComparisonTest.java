package org.mixel.ndb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.mixel.stat.HomogeneityTest;
import org.mixel.stat.JensenShannon;
import org.mixel.stat.TwoProportionTest;

/** Divergence, chi-square and the figures to expect under equality, against independent sums. */
class HistogramComparisonTest {
  @Test
  void divergenceOfHandCases() {
    assertThat(JensenShannon.divergence(new int[] {3, 1, 0}, new int[] {30, 10, 0})).isZero();
    assertThat(JensenShannon.divergence(new int[] {5, 0}, new int[] {0, 2}))
        .isCloseTo(Math.log(2), within(1e-15));
    // p = (1/2, 1/2), q = (1, 0), m = (3/4, 1/4): half of each Kullback-Leibler divergence.
    double expected = 0.5 * (0.5 * Math.log(2 / 3.0) + 0.5 * Math.log(2)) + 0.5 * Math.log(4 / 3.0);
    assertThat(JensenShannon.divergence(new int[] {4, 4}, new int[] {6, 0}))
        .isCloseTo(expected, within(1e-15));
  }

  @Test
  void chiSquareAgreesWithTablesAndLeavesOutEmptyBins() {
    // scipy.stats.chi2_contingency of the same tables.
    assertThat(HomogeneityTest.pValue(new int[] {10, 20, 30}, new int[] {20, 20, 20}))
        .isCloseTo(0.0694834512228015, within(1e-12));
    assertThat(HomogeneityTest.pValue(new int[] {10, 0, 20, 30}, new int[] {40, 0, 20, 20}))
        .isCloseTo(0.00015846132511575128, within(1e-12));
    assertThat(HomogeneityTest.pValue(new int[] {0, 9}, new int[] {0, 4})).isEqualTo(1);
    assertThat(HomogeneityTest.pValue(new int[] {100_000, 0}, new int[] {0, 100_000})).isZero();
  }

  @Test
  void expectationIsTheMeanOverAllWaysToDealOutTheRows() {
    int[] bins = {0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2};
    int candidateRows = 5;
    double alpha = 0.3;
    double deals = 0;
    double ndb = 0;
    double js = 0;
    for (int set = 0; set < 1 << bins.length; set++) {
      if (Integer.bitCount(set) == candidateRows) {
        int[] reference = new int[4];
        int[] candidate = new int[4];
        for (int i = 0; i < bins.length; i++) {
          ((set >> i & 1) == 1 ? candidate : reference)[bins[i]]++;
        }
        for (int k = 0; k < 4; k++) {
          boolean differs =
              TwoProportionTest.of(reference[k], bins.length - candidateRows, candidate[k], 5)
                  .differs(alpha);
          ndb += differs ? 1 : 0;
        }
        js += JensenShannon.divergence(reference, candidate);
        deals++;
      }
    }
    PermutationNull mean =
        PermutationNull.of(new int[] {3, 1, 3, 0}, new int[] {1, 2, 2, 0}, alpha, 0);
    assertThat(ndb / deals).isPositive();
    assertThat(mean.ndb()).isCloseTo(ndb / deals, within(1e-12));
    assertThat(mean.js()).isCloseTo(js / deals, within(1e-12));
  }

  @Test
  void expectationTendsToAlphaAndToTheChiSquareLimit() {
    int bins = 50;
    int[] reference = new int[bins];
    int[] candidate = new int[bins];
    java.util.Arrays.fill(reference, 1200);
    java.util.Arrays.fill(candidate, 400);
    PermutationNull mean = PermutationNull.of(reference, candidate, 0.05, 0);
    assertThat(mean.ndb() / bins).isCloseTo(0.05, within(0.002));
    double limit = (bins - 1) / 8.0 * (1 / 60_000.0 + 1 / 20_000.0);
    assertThat(mean.js()).isCloseTo(limit, within(0.01 * limit));
  }

  @Test
  void bandsHoldTheDealsAndThePermutationPAgreesWithTheLimit() {
    int bins = 40;
    int[] reference = new int[bins];
    int[] candidate = new int[bins];
    for (int k = 0; k < bins; k++) {
      reference[k] = 300 + 10 * k;
      candidate[k] = 100 + 3 * k + (k % 2 == 0 ? 8 : -8);
    }
    PermutationNull deals = PermutationNull.of(reference, candidate, 0.05, 1);
    assertThat(deals.p()).isCloseTo(HomogeneityTest.pValue(reference, candidate), within(0.05));
    assertThat(deals.ndb()).isBetween(deals.ndbBand().low(), deals.ndbBand().high());
    // Binomial(40, 0.05): 2.4% lies at 5 and above, and none lies below 0.
    assertThat(deals.ndbBand().low()).isZero();
    assertThat(deals.ndbBand().high()).isBetween(4.0, 6.0);
    // 8 JS / (1/Np + 1/Nq) is chi-square with K - 1 degrees of freedom: 2.5% below 23.65 of 39,
    // and 2.5% above 58.12.
    double scale = (1.0 / sum(reference) + 1.0 / sum(candidate)) / 8;
    assertThat(deals.jsBand().low() / scale).isCloseTo(23.65, within(1.5));
    assertThat(deals.jsBand().high() / scale).isCloseTo(58.12, within(2.5));
    assertThat(PermutationNull.of(reference, candidate, 0.05, 1)).isEqualTo(deals);
    assertThat(PermutationNull.of(candidate, reference, 0.05, 1).ndbBand())
        .isEqualTo(deals.ndbBand());
  }

  /** Two tables of 2 bins: all deals can be counted. */
  @Test
  void permutationPIsTheShareOfDealsAsFarOut() {
    // Of the 70 ways to give 4 of 8 rows to the candidate, 2 keep the bins apart as these do.
    PermutationNull deals = PermutationNull.of(new int[] {4, 0}, new int[] {0, 4}, 0.05, 3);
    assertThat(deals.p()).isCloseTo(2 / 70.0, within(0.02));
    assertThat(PermutationNull.of(new int[] {2, 2}, new int[] {2, 2}, 0.05, 3).p()).isEqualTo(1);
  }

  private static double sum(int[] counts) {
    return java.util.Arrays.stream(counts).sum();
  }
}
