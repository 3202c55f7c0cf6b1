package org.mixel.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mixel.figure.CurvePlot.Curve;

/** Curves lie where their numbers say, with gaps where there are none. */
class CurvePlotTest {
  @Test
  void pointsLieInProportionToTheirValues() {
    Curve curve = Curve.perIteration("train", new double[] {0, 50, 100});
    Drawing drawing = CurvePlot.of("iteration", "nats", List.of(curve));
    Mark.Path line = curves(drawing, Ink.FIRST, 3).get(0);
    List<Mark.Point> p = line.points();
    assertThat(p.get(1).x() - p.get(0).x()).isEqualTo(p.get(2).x() - p.get(1).x());
    assertThat(p.get(0).y() - p.get(1).y()).isEqualTo(p.get(1).y() - p.get(2).y()).isPositive();
    assertThat(Marks.words(drawing)).contains("train", "iteration", "nats", "0", "100", "1", "3");
    assertThat(Marks.of(drawing, Mark.Hint.class))
        .extracting(Mark.Hint::text)
        .containsExactly(
            "iteration 1 · train 0", "iteration 2 · train 50", "iteration 3 · train 100");
  }

  @Test
  void missingValuesLeaveAGap() {
    Curve full = Curve.perIteration("train", new double[] {1, 2, 3, 4, 5});
    Curve gap = Curve.perIteration("validation", new double[] {1, 2, Double.NaN, 4, 5});
    Drawing drawing = CurvePlot.of("iteration", "nats", List.of(full, gap));
    assertThat(curves(drawing, Ink.SECOND, 2)).hasSize(3);
    assertThat(Marks.of(drawing, Mark.Hint.class).get(2).text()).isEqualTo("iteration 3 · train 3");
  }

  @Test
  void constantAndSingleValuesCanBePlotted() {
    CurvePlot.of("iteration", "nats", List.of(Curve.perIteration("one", new double[] {-7.25})));
    CurvePlot.of("iteration", "nats", List.of(Curve.perIteration("flat", new double[] {0, 0})));
    Curve nothing = Curve.perIteration("none", new double[] {Double.NaN});
    assertThatThrownBy(() -> CurvePlot.of("iteration", "nats", List.of(nothing)))
        .hasMessage("no finite value to plot");
  }

  /** Lines of one colour with so many points; the legend's sample has two. */
  private static List<Mark.Path> curves(Drawing drawing, Ink ink, int points) {
    return Marks.of(drawing, Mark.Path.class).stream()
        .filter(path -> path.stroke() == ink && path.points().size() == points)
        .toList();
  }
}
