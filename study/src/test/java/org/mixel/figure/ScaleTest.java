package org.mixel.figure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Axes begin and end on round numbers and label them without needless digits. */
class ScaleTest {
  @Test
  void rangesAreRoundAndHoldTheValues() {
    assertThat(Scale.around(780, 1100, 5)).isEqualTo(new Scale(700, 1100, 100));
    assertThat(Scale.around(0, 5.38, 4)).isEqualTo(new Scale(0, 6, 2));
    assertThat(Scale.around(-3, -1, 4)).isEqualTo(new Scale(-3, -1, 0.5));
    assertThat(Scale.around(2, 2, 4).min()).isLessThanOrEqualTo(2);
  }

  @Test
  void labelsHaveTheDecimalsOfTheStep() {
    assertThat(new Scale(0, 1, 0.25).label(0.5)).isEqualTo("0.5");
    assertThat(new Scale(0, 1, 0.05).label(0.5)).isEqualTo("0.50");
    assertThat(new Scale(-2000, 0, 500).label(-1500)).isEqualTo("−1,500");
    assertThat(new Scale(0, 0.3, 0.1).ticks()).hasSize(4);
  }

  @Test
  void ticksStayWithinTheRange() {
    assertThat(new Scale(-0.9, 2.8, 1).ticks()).containsExactly(0.0, 1.0, 2.0);
    assertThat(new Scale(-1, 3, 1).ticks()).containsExactly(-1.0, 0.0, 1.0, 2.0, 3.0);
  }
}
