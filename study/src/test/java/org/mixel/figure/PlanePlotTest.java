package org.mixel.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mixel.figure.PlanePlot.Options;

/** Layers lie where their numbers say, at the same scale both ways, and only within the range. */
class PlanePlotTest {
  private static final PlaneRange RANGE = new PlaneRange(-2, 4, 1, 4);
  private static final Options OPTIONS = Options.defaults().withSide(300);

  private static Drawing draw(PlaneLayer... layers) {
    return PlanePlot.of(RANGE, List.of(layers), OPTIONS);
  }

  private static PlaneLayer.Scatter scatter(float... rows) {
    return PlaneLayer.Scatter.of("", rows, Ink.FIRST);
  }

  private static float[] random(int points) {
    Random random = new Random(1);
    float[] rows = new float[2 * points];
    for (int i = 0; i < points; i++) {
      rows[2 * i] = 6 * random.nextFloat() - 2;
      rows[2 * i + 1] = 1 + 3 * random.nextFloat();
    }
    return rows;
  }

  private static List<Mark.Point> dots(Drawing drawing) {
    return Marks.of(drawing, Mark.Dots.class).stream()
        .flatMap(dots -> dots.points().stream())
        .toList();
  }

  private static List<Mark.Path> paths(Drawing drawing, Ink ink) {
    return Marks.of(drawing, Mark.Path.class).stream()
        .filter(path -> path.stroke() == ink)
        .toList();
  }

  private static List<Mark.Label> labels(Drawing drawing) {
    return Marks.of(drawing, Mark.Label.class);
  }

  /** The rectangle of the data: the one closed line in its colour. */
  private static List<Mark.Point> frame(Drawing drawing) {
    return paths(drawing, Ink.MUTED).stream()
        .filter(Mark.Path::closed)
        .findFirst()
        .orElseThrow()
        .points();
  }

  @Test
  void oneUnitIsAsLongUpwardAsAcross() {
    List<Mark.Point> p = dots(draw(scatter(0, 2, 1, 2, 0, 3)));
    assertThat(p.get(1).x() - p.get(0).x()).isEqualTo(50, within(1e-9));
    assertThat(p.get(0).y() - p.get(2).y()).isEqualTo(50, within(1e-9));
  }

  @Test
  void plotsOfOneRangeCanBeComparedPointByPoint() {
    Drawing one = draw(scatter(0, 2));
    Drawing two = draw(scatter(0, 2, 3, 3, 100, 100));
    assertThat(dots(two)).contains(dots(one).get(0));
    assertThat(two.width()).isEqualTo(one.width());
  }

  @Test
  void pointsOutsideAreLeftOutAndCounted() {
    Drawing drawing =
        draw(
            PlaneLayer.Scatter.of(
                "samples", new float[] {0, 2, 4, 4, 4.1f, 4, 0, 0, -9, 2}, Ink.FIRST));
    assertThat(Marks.of(drawing, Mark.Dots.class).get(1).points()).hasSize(2);
    assertThat(Marks.words(drawing)).contains("samples (2 of 5 shown)");
    assertThat(dots(draw(scatter(0, 0)))).isEmpty();
  }

  @Test
  void atMostFiveThousandDotsAreDrawnInFewBytes() {
    Drawing drawing = draw(PlaneLayer.Scatter.of("data", random(20_000), Ink.FIRST));
    assertThat(Marks.of(drawing, Mark.Dots.class).get(1).points())
        .hasSize(5_000)
        .doesNotHaveDuplicates();
    assertThat(Marks.words(drawing)).contains("data (5,000 of 20,000 shown)");
    assertThat(drawing.html("data")).hasSizeLessThan(90_000);
  }

  @Test
  void noLineLeavesTheFrame() {
    PlaneGaussian gaussian =
        PlaneGaussian.of(new double[] {3.5, 2}, new double[] {1, 0, 0, 1})
            .withDirections(PlanePoint.rows(new double[] {2, 0}));
    Drawing drawing =
        draw(
            new PlaneLayer.Gaussians("", List.of(gaussian), 2, Ink.SECOND),
            new PlaneLayer.Lines(
                "", List.of(PlanePoint.rows(new double[] {-9, 2, 9, 3})), Ink.SECOND),
            PlaneLayer.Cells.bySize(
                "", PlanePoint.rows(new double[] {0, 2, 9, 2}), new double[] {1, 2}, Ink.SECOND));
    List<Mark.Point> frame = frame(drawing);
    List<Mark.Path> paths = paths(drawing, Ink.SECOND);
    assertThat(paths).hasSizeGreaterThanOrEqualTo(5);
    for (Mark.Path path : paths) {
      assertThat(path.points())
          .allMatch(p -> p.x() >= frame.get(0).x() - 1e-9 && p.x() <= frame.get(1).x() + 1e-9)
          .allMatch(p -> p.y() <= frame.get(0).y() + 1e-9 && p.y() >= frame.get(2).y() - 1e-9);
    }
    assertThat(labels(drawing)).as("the other centre is out of view").hasSize(1);
  }

  @Test
  void aGaussianHasItsMeanItsEllipsesAndItsDirections() {
    PlaneGaussian gaussian =
        PlaneGaussian.of(new double[] {1, 2}, new double[] {0.04, 0, 0, 0.01})
            .withDirections(PlanePoint.rows(new double[] {0.2, 0}));
    Drawing drawing = draw(new PlaneLayer.Gaussians("", List.of(gaussian), 2, Ink.SECOND));
    Mark.Disc mean = Marks.of(drawing, Mark.Disc.class).get(0);
    List<Mark.Path> paths = paths(drawing, Ink.SECOND);
    assertThat(paths).hasSize(3);
    for (int deviations = 1; deviations <= 2; deviations++) {
      List<Mark.Point> ellipse = paths.get(deviations - 1).points();
      assertThat(Collections.max(ellipse.stream().map(Mark.Point::x).toList()))
          .isEqualTo(mean.x() + deviations * 10, within(1e-9));
      assertThat(Collections.max(ellipse.stream().map(Mark.Point::y).toList()))
          .isEqualTo(mean.y() + deviations * 5, within(1e-9));
    }
    assertThat(paths.get(2).points())
        .containsExactly(
            new Mark.Point(mean.x(), mean.y()), new Mark.Point(mean.x() + 10, mean.y()));
  }

  @Test
  void numbersStandOnTheirCentresAboveAllLayers() {
    List<PlanePoint> centres = PlanePoint.rows(new double[] {0, 2, 1, 3});
    PlaneLayer cells = PlaneLayer.Cells.bySize("", centres, new double[] {1, 2}, Ink.MUTED);
    Drawing drawing = draw(cells, scatter(0, 2, 1, 3));
    List<Mark.Point> places = dots(drawing);
    assertThat(labels(drawing)).extracting(Mark.Label::text).containsExactly("1", "2");
    assertThat(labels(drawing))
        .extracting(label -> new Mark.Point(label.x(), label.y()))
        .containsExactly(places.get(1), places.get(0));
    assertThat(drawing.marks().get(drawing.marks().size() - 1)).isInstanceOf(Mark.Label.class);
  }

  @Test
  void noNumberIsUponAnotherOrAcrossTheFrame() {
    List<PlanePoint> centres = PlanePoint.rows(random(300));
    Drawing drawing = draw(PlaneLayer.Cells.bySize("", centres, new double[300], Ink.THIRD));
    List<Mark.Label> labels = labels(drawing);
    assertThat(labels).hasSizeBetween(100, 299);
    assertThat(labels.get(0).text()).isEqualTo("1");
    List<Mark.Text> texts = new ArrayList<>();
    double left = frame(drawing).get(0).x();
    for (Mark.Label label : labels) {
      assertThat(label.size()).isGreaterThanOrEqualTo(8);
      double half = Mark.Text.widthOf(label.text(), label.size()) / 2;
      assertThat(label.x() - half).isGreaterThanOrEqualTo(left);
      Mark.Text text =
          Mark.Text.of(
              label.x(), label.y(), label.text(), label.size(), Mark.Anchor.MIDDLE, Ink.TEXT);
      assertThat(texts).noneMatch(other -> Marks.overlap(text, other));
      texts.add(text);
    }
  }

  @Test
  void ticksKeepApartAndInsideAndHaveRoom() {
    for (PlaneRange range :
        List.of(
            RANGE,
            new PlaneRange(100_000, 100_000.01, 0, 0.01),
            new PlaneRange(-0.3, 0.3, -0.2, 1.2),
            new PlaneRange(-70_000, 30_000, -50_000, 50_000))) {
      Drawing drawing = PlanePlot.of(range, List.of(), OPTIONS);
      assertThat(Marks.words(drawing)).contains("x", "y");
      List<Mark.Text> below =
          Marks.texts(drawing).stream()
              .filter(text -> text.anchor() == Mark.Anchor.MIDDLE && !text.upward())
              .toList();
      assertThat(below).hasSizeGreaterThan(1);
      for (int i = 0; i < below.size(); i++) {
        Mark.Text text = below.get(i);
        double half = Mark.Text.widthOf(text.text(), text.size()) / 2;
        assertThat(text.x() - half).isNotNegative();
        assertThat(text.x() + half).isLessThanOrEqualTo(drawing.width());
        assertThat(below.subList(0, i)).noneMatch(other -> Marks.overlap(text, other));
      }
      List<Mark.Point> frame = frame(drawing);
      assertThat(paths(drawing, Ink.GRID))
          .flatExtracting(Mark.Path::points)
          .allMatch(p -> p.x() >= frame.get(0).x() - 1e-6 && p.x() <= frame.get(1).x() + 1e-6)
          .allMatch(p -> p.y() <= frame.get(0).y() + 1e-6 && p.y() >= frame.get(2).y() - 1e-6);
    }
  }

  @Test
  void theLegendNamesLayersAndIsNotCut() {
    String name = "a name that is longer than the picture of a very narrow range is wide";
    Drawing drawing =
        PlanePlot.of(
            new PlaneRange(0, 1, 0, 4),
            List.of(
                new PlaneLayer.Lines(name, List.of(), Ink.FIRST),
                new PlaneLayer.Lines("", List.of(), Ink.SECOND)),
            OPTIONS);
    Mark.Text legend = Marks.texts(drawing).get(0);
    assertThat(legend.text()).isEqualTo(name);
    assertThat(legend.x() + Mark.Text.widthOf(name, legend.size()))
        .isLessThanOrEqualTo(drawing.width());
    assertThat(paths(drawing, Ink.SECOND)).isEmpty();
  }

  @Test
  void linesOfVeryManyPointsAreDrawnWithFewer() {
    double[] rows = new double[200_000];
    Arrays.setAll(rows, i -> i % 2 == 0 ? 4.0 * i / rows.length : 2);
    Drawing drawing = draw(new PlaneLayer.Lines("", List.of(PlanePoint.rows(rows)), Ink.SECOND));
    List<Mark.Point> points = paths(drawing, Ink.SECOND).get(0).points();
    assertThat(points).hasSizeLessThan(600);
    assertThat(points.get(points.size() - 1).x() - points.get(0).x()).isEqualTo(200, within(0.01));
  }

  @Test
  void theSameInputGivesTheSameBytes() {
    PlaneLayer layer = scatter(random(500));
    assertThat(draw(layer).html("points")).isEqualTo(draw(layer).html("points"));
    assertThat(draw(layer).png()).isEqualTo(draw(layer).png());
  }

  @Test
  void aSideTooShortIsRefused() {
    assertThatThrownBy(() -> OPTIONS.withSide(50))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("side must be at least 120 pixels, got 50.0");
  }
}
