package org.mixel.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Adjusted p-values, against cases worked out by hand. */
class AdjustedPTest {
  private static final Offset<Double> TOLERANCE = within(1e-12);
  private static final double[] P = {0.01, 0.04, 0.03, 0.005, 0.9};

  @Test
  void holmMultipliesByTheTestsThatAreLeft() {
    // Rising: 0.005 * 5, 0.01 * 4, 0.03 * 3, 0.04 * 2 (kept at 0.09), 0.9 * 1.
    assertThat(AdjustedP.holm(P))
        .containsExactly(new double[] {0.04, 0.09, 0.09, 0.025, 0.9}, TOLERANCE);
    assertThat(AdjustedP.holm(new double[] {0.6, 0.7})).containsExactly(1, 1);
  }

  @Test
  void benjaminiAndHochbergDivideByTheRank() {
    // Rising: 0.005 * 5 / 1, 0.01 * 5 / 2, 0.03 * 5 / 3, 0.04 * 5 / 4, 0.9.
    assertThat(AdjustedP.benjaminiHochberg(P))
        .containsExactly(new double[] {0.025, 0.05, 0.05, 0.025, 0.9}, TOLERANCE);
    assertThat(AdjustedP.benjaminiHochberg(new double[] {0.9, 0.8})).containsExactly(0.9, 0.9);
  }
}
