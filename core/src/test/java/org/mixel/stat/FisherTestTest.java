package org.mixel.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Fisher's exact test is the one that others compute, for tables of any size. */
class FisherTestTest {
  @ParameterizedTest
  @CsvFileSource(resources = "fisher.csv")
  void agreesWithSciPy(int a, int referenceRows, int b, int candidateRows, double p) {
    double exact = exactP(a, referenceRows, b, candidateRows);
    assertThat(exact).isCloseTo(p, within(1e-9 * p));
    assertThat(TwoProportionTest.of(a, referenceRows, b, candidateRows).exactP()).isEqualTo(exact);
  }

  @Test
  void countsThatAreAsUnlikelyOnTheOtherSideCount() {
    // Of 12 pooled rows of 10 + 8 the candidate has 2: C(12,2) C(6,6) / C(18,8) = 66 / 43758, and
    // 8 are likelier than that: C(12,8) / C(18,8) = 495 / 43758.
    assertThat(exactP(10, 10, 2, 8)).isCloseTo(66.0 / 43758, within(1e-15));
    // 3 and 7 of 20 each are equally likely, whichever comes first.
    assertThat(exactP(3, 20, 7, 20)).isCloseTo(exactP(7, 20, 3, 20), within(1e-15));
  }

  private static double exactP(int a, int referenceRows, int b, int candidateRows) {
    return TwoProportionTest.of(a, referenceRows, b, candidateRows).exactP();
  }
}
