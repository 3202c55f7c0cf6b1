package org.mixel.stat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The area under the curve is the share of pairs in the right order, ties counted half. */
class MannWhitneyTest {
  @Test
  void theAreaIsAShareOfPairs() {
    assertThat(MannWhitney.area(new double[] {3, 4}, new double[] {1, 2})).isEqualTo(1);
    assertThat(MannWhitney.area(new double[] {1, 2}, new double[] {3, 4, 5})).isZero();
    assertThat(MannWhitney.area(new double[] {3}, new double[] {1, 3})).isEqualTo(0.75);
    assertThat(MannWhitney.area(new double[] {1, 3}, new double[] {2, 2, 2})).isEqualTo(0.5);
  }
}
