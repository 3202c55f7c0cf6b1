package org.mixel.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Rows become points as they are, and what cannot be drawn is refused with its row. */
class PlanePointTest {
  @Test
  void rowsBecomePoints() {
    assertThat(PlanePoint.rows(new double[] {1, 2, -3, 4.5}))
        .containsExactly(new PlanePoint(1, 2), new PlanePoint(-3, 4.5));
    assertThat(PlanePoint.rows(new float[] {0.25f, 2})).containsExactly(new PlanePoint(0.25, 2));
    assertThat(PlanePoint.rows(new float[0])).isEmpty();
  }

  @Test
  void halfRowsAndInfiniteOnesAreRefused() {
    assertThatThrownBy(() -> PlanePoint.rows(new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("points have two values each, got 3");
    assertThatThrownBy(() -> PlanePoint.rows(new double[] {0, 1, 2, Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("row 1 is not finite: (2.0, NaN)");
    assertThatThrownBy(() -> new PlanePoint(Double.POSITIVE_INFINITY, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a point must be finite, got (Infinity, 0.0)");
  }
}
