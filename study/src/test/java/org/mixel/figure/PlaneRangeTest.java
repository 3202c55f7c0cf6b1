package org.mixel.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A range holds all it is made around, is never flat, and cuts lines at its edge. */
class PlaneRangeTest {
  private static final PlaneRange RANGE = new PlaneRange(0, 4, 0, 2);

  private static PlaneLayer line(double... rows) {
    return new PlaneLayer.Lines("", List.of(PlanePoint.rows(rows)), Ink.FIRST);
  }

  private static List<List<PlanePoint>> clip(double... rows) {
    return RANGE.clip(PlanePoint.rows(rows));
  }

  @Test
  void everyKindOfLayerIsHeld() {
    PlaneGaussian gaussian =
        PlaneGaussian.of(new double[] {0, 50}, new double[] {1, 0, 0, 1})
            .withDirections(PlanePoint.rows(new double[] {0, 40}));
    PlaneRange range =
        PlaneRange.around(
            List.of(
                PlaneLayer.Scatter.of("", new float[] {-100, 0}, Ink.FIRST),
                PlaneLayer.Cells.bySize(
                    "", PlanePoint.rows(new double[] {100, 0}), new double[1], Ink.FIRST),
                new PlaneLayer.Gaussians("", List.of(gaussian), 2, Ink.FIRST),
                line(0, -60, 0, 0)));
    assertThat(range.left()).isBetween(-110.0, -100.0);
    assertThat(range.right()).isBetween(100.0, 110.0);
    assertThat(range.bottom()).isBetween(-70.0, -60.0);
    assertThat(range.top()).as("the end of the direction").isBetween(90.0, 100.0);
    PlaneRange ellipse =
        PlaneRange.around(
            List.of(
                new PlaneLayer.Gaussians(
                    "", List.of(gaussian.withDirections(List.of())), 2, Ink.FIRST)));
    assertThat(ellipse.contains(new PlanePoint(2, 52))).isTrue();
    assertThat(ellipse.contains(new PlanePoint(2.5, 50))).isFalse();
  }

  @Test
  void aLineOrAPointGetsRoomOnBothSides() {
    PlaneRange line = PlaneRange.around(List.of(line(0, 5, 10, 5)));
    assertThat(line.height()).isGreaterThan(2);
    assertThat(line.bottom() + line.top()).isEqualTo(10, within(1e-12));
    PlaneRange point = PlaneRange.around(List.of(line(1e9, 5)));
    assertThat(point.contains(new PlanePoint(1e9, 5))).isTrue();
  }

  @Test
  void nothingAndFallingRangesAreRefused() {
    assertThatThrownBy(() -> PlaneRange.around(List.of(line())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("nothing to find a range around");
    assertThatThrownBy(() -> new PlaneRange(0, 0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a range must be finite and rise, got x from 0.0 to 0.0");
    assertThatThrownBy(() -> new PlaneRange(0, 1, Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a range must be finite and rise, got y from NaN to 1.0");
  }

  @Test
  void linesAreCutAtTheEdge() {
    assertThat(clip(1, 1, 2, 1, 3, 2))
        .containsExactly(PlanePoint.rows(new double[] {1, 1, 2, 1, 3, 2}));
    assertThat(clip(-2, 1, 2, 1, 2, 5))
        .containsExactly(PlanePoint.rows(new double[] {0, 1, 2, 1, 2, 2}));
    assertThat(clip(-1, 1, 5, 1)).containsExactly(PlanePoint.rows(new double[] {0, 1, 4, 1}));
    assertThat(clip(-1, 0.5, 1, 2.5))
        .containsExactly(PlanePoint.rows(new double[] {0, 1.5, 0.5, 2}));
  }

  @Test
  void aLineThatComesBackIsTwoPieces() {
    assertThat(clip(1, 1, 1, 3, 3, 3, 3, 1))
        .containsExactly(
            PlanePoint.rows(new double[] {1, 1, 1, 2}), PlanePoint.rows(new double[] {3, 2, 3, 1}));
  }

  @Test
  void linesOutsideVanish() {
    assertThat(clip(-1, -1, 5, -1)).isEmpty();
    assertThat(clip(-1, 1, 1, 4)).as("past a corner").isEmpty();
    assertThat(clip(0, 2, -1, 2)).as("away from a corner").isEmpty();
    assertThat(clip(1, 1)).isEmpty();
  }
}
