package org.mixel.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The tests of two samples against every way to deal out the values. */
class TwoSampleTest {
  /** Ten distinct values: which four of them are the sample is equally likely for all choices. */
  @Test
  void precedenceIsExact() {
    double quantile = 0.4;
    double[] shares = new double[5];
    double[] pValues = new double[5];
    double[] ways = new double[5];
    for (int set = 0; set < 1 << 10; set++) {
      if (Integer.bitCount(set) == 4) {
        PrecedenceTest test = PrecedenceTest.of(chosen(set, 4), chosen(~set, 6), quantile);
        int near = (int) Math.round(4 * test.share());
        shares[near] += test.share();
        pValues[near] = test.pValue();
        ways[near]++;
        assertThat(test.expected()).isEqualTo(3 / 7.0);
      }
    }
    double mean = 0;
    double beyond = 0;
    for (int near = 4; near >= 0; near--) {
      mean += shares[near] / 210;
      beyond += ways[near] / 210;
      assertThat(pValues[near]).as("%s near", near).isCloseTo(beyond, within(1e-12));
    }
    assertThat(mean).isCloseTo(3 / 7.0, within(1e-12));
  }

  @Test
  void tiesWithTheQuantileAreSharedOut() {
    double[] others = {0, 0, 0, 5, 6, 7, 8, 9, 9};
    PrecedenceTest test = PrecedenceTest.of(new double[] {0, 0, 0, 0}, others, 0.2);
    assertThat(test.threshold()).isZero();
    assertThat(test.share()).isEqualTo(2 / 4.0);
    assertThat(PrecedenceTest.of(new double[] {1, 2}, others, 0.2).share()).isZero();
    assertThat(PrecedenceTest.of(new double[] {1, 2}, others, 0.2).pValue()).isEqualTo(1);
  }

  private static double[] chosen(int set, int count) {
    double[] values = new double[count];
    int found = 0;
    for (int i = 0; i < 10; i++) {
      if ((set >> i & 1) == 1) {
        values[found++] = i;
      }
    }
    return values;
  }

  @Test
  void rankSumAgreesWithPublishedSoftware() {
    // Two of the 20 pairs are won; the variance without ties is n m (n + m + 1) / 12.
    assertThat(MannWhitney.z(new double[] {1, 2, 3, 6}, new double[] {4, 5, 7, 8, 9}))
        .isCloseTo((2 - 10) / Math.sqrt(20 * 10 / 12.0), within(1e-12));
    // scipy 1.17.1: mannwhitneyu(method='asymptotic', use_continuity=False), p to z.
    assertThat(MannWhitney.z(new double[] {1, 2, 2, 3, 5}, new double[] {2, 3, 3, 4, 4, 6}))
        .isCloseTo(-1.3049910267043332, within(1e-9));
    assertThat(MannWhitney.z(new double[] {1, 1}, new double[] {1, 1, 1})).isZero();
  }
}
