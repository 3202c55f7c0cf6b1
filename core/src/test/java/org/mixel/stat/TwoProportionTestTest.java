package org.mixel.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The test of one bin: figures worked out from the formula, and the bins where it degenerates. */
class TwoProportionTestTest {
  @ParameterizedTest
  @CsvSource({
    // 30 of 200 pooled: sqrt(0.15 * 0.85 / 50)
    "10, 100, 20, 100, 0.0504975246918104, 1.9802950859533488, 0.0476703806561614",
    // empty on one side
    "0, 100, 5, 100, 0.0220794021658196, 2.2645540682891916, 0.0235400582611779",
    "5, 100, 0, 200, 0.0156790731018556, -3.188964020716404, 0.0014278364777369",
    "100, 10000, 330, 20000, 0.0014557415063580, 4.4650784302097755, 8.00394259074885e-6",
    "50, 100, 50, 100, 0.0707106781186548, 0, 1",
    // full on one side
    "99, 100, 100, 100, 0.0099749686716300, 1.0025094142341715, 0.3160976220289123",
    // empty in both, full in both: nothing to tell apart
    "0, 100, 0, 7, 0, 0, 1",
    "100, 100, 7, 7, 0, 0, 1",
  })
  void agreesWithHandComputedCases(
      int a, int referenceRows, int b, int candidateRows, double error, double z, double p) {
    TwoProportionTest test = TwoProportionTest.of(a, referenceRows, b, candidateRows);
    assertThat(test.standardError()).isCloseTo(error, within(1e-15));
    assertThat(test.z()).isCloseTo(z, within(1e-12));
    assertThat(test.p()).isCloseTo(p, within(1e-14));
    assertThat(test.differs(0.05)).isEqualTo(p < 0.05);
    assertThat(test.difference())
        .isEqualTo((double) b / candidateRows - (double) a / referenceRows);
  }

  @Test
  void refusesCountsThatAreNoProportion() {
    assertThatThrownBy(() -> TwoProportionTest.of(3, 2, 0, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 of 2 rows is not a proportion");
    assertThatThrownBy(() -> TwoProportionTest.of(0, 2, 3, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 of 2 rows is not a proportion");
  }

  @Test
  void theCriticalZIsTheNormalQuantile() {
    assertThat(TwoProportionTest.criticalZ(0.05)).isCloseTo(1.959963984540054, within(1e-12));
    assertThat(TwoProportionTest.criticalZ(0.01)).isCloseTo(2.575829303548901, within(1e-12));
  }
}
