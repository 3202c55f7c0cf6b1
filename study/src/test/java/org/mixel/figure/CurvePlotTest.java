package org.mixel.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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

  @Test
  void equalRatiosAreEquallyWideOnALogarithmicAxis() {
    Curve curve = new Curve("test", new double[] {10, 30, 300, 900}, new double[] {1, 2, 3, 4});
    Drawing drawing = CurvePlot.logarithmic("components", "nats", List.of(curve));
    List<Double> x =
        curves(drawing, Ink.FIRST, 4).get(0).points().stream().map(Mark.Point::x).toList();
    assertThat(x.get(1) - x.get(0)).isCloseTo(x.get(3) - x.get(2), within(1e-9)).isPositive();
    assertThat((x.get(2) - x.get(1)) / (x.get(1) - x.get(0)))
        .isCloseTo(Math.log(10) / Math.log(3), within(1e-9));
    assertThat(Marks.words(drawing)).contains("10", "30", "300", "900");
    assertThat(Marks.of(drawing, Mark.Hint.class))
        .extracting(Mark.Hint::text)
        .containsExactly(
            "components 10 · test 1",
            "components 30 · test 2",
            "components 300 · test 3",
            "components 900 · test 4");
  }

  @Test
  void labelsOfALogarithmicAxisStandApart() {
    double[] x = {1, 1000, 1010, 1020, 2000, 100_000};
    Drawing drawing =
        CurvePlot.logarithmic("components", "nats", List.of(new Curve("test", x, x.clone())));
    List<Mark.Text> texts = Marks.texts(drawing);
    assertThat(Marks.words(drawing)).contains("1", "1000", "2000", "100000").doesNotContain("1010");
    for (int i = 0; i < texts.size(); i++) {
      for (Mark.Text other : texts.subList(0, i)) {
        if (!texts.get(i).upward() && !other.upward()) {
          assertThat(Marks.overlap(texts.get(i), other)).as(texts.get(i) + ", " + other).isFalse();
        }
      }
    }
    Mark.Text last = texts.stream().filter(text -> text.text().equals("100000")).findFirst().get();
    assertThat(last.x() + Mark.Text.widthOf(last.text(), last.size()) / 2)
        .isLessThan(drawing.width());
  }

  @Test
  void oneNumberAloneCanBePlottedOnALogarithmicAxis() {
    Curve one = new Curve("test", new double[] {10}, new double[] {5});
    assertThat(Marks.words(CurvePlot.logarithmic("components", "nats", List.of(one))))
        .contains("10");
  }

  /** Lines of one colour with so many points; the legend's sample has two. */
  private static List<Mark.Path> curves(Drawing drawing, Ink ink, int points) {
    return Marks.of(drawing, Mark.Path.class).stream()
        .filter(path -> path.stroke() == ink && path.points().size() == points)
        .toList();
  }
}
