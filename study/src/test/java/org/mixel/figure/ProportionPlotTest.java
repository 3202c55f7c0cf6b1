package org.mixel.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mixel.figure.ProportionPlot.Candidate;

/** The plot orders bins, draws the reference with its band and marks what differs. */
class ProportionPlotTest {
  private static final double[] REFERENCE = {0.2, 0.5, 0.3};
  private static final Candidate FIRST =
      new Candidate(
          "first",
          1000,
          new double[] {0.4, 0.5, 0.1},
          new double[] {0.04, 0.05, 0.03},
          new double[] {5, 0, -6},
          new boolean[] {true, false, true});
  private static final Candidate SECOND =
      new Candidate(
          "second",
          200,
          new double[] {0.2, 0.4, 0.4},
          new double[] {0.02, 0.1, 0.01},
          new double[] {0, -3, Double.NaN},
          new boolean[] {false, true, false});

  @Test
  void binsFallInOrderOfTheReference() {
    Drawing drawing = ProportionPlot.apart(REFERENCE, List.of(FIRST));
    List<Mark.Hint> hints = Marks.of(drawing, Mark.Hint.class);
    assertThat(hints).hasSize(3);
    assertThat(hints.get(0).text())
        .isEqualTo("bin 1 · reference 50.00 % ± 5.00 % · first 50.00 % (z = +0.0)");
    assertThat(hints.get(1).text()).startsWith("bin 2 ").endsWith("(z = −6.0) under-filled");
    assertThat(hints.get(2).text()).startsWith("bin 0 ").endsWith("(z = +5.0) over-filled");
    assertThat(hints.get(0).x() + hints.get(0).width()).isEqualTo(hints.get(1).x());
  }

  @Test
  void differingBinsCarryATriangleThatPointsTheirWay() {
    Drawing drawing = ProportionPlot.apart(REFERENCE, List.of(FIRST, SECOND));
    int inLegend = 1;
    assertThat(Marks.triangles(drawing, Ink.OVER, true)).isEqualTo(1 + inLegend);
    assertThat(Marks.triangles(drawing, Ink.UNDER, false)).isEqualTo(2 + inLegend);
    assertThat(Marks.of(drawing, Mark.Disc.class)).hasSize(3 + inLegend);
    assertThat(Marks.words(drawing))
        .contains("first: 2 of 3 bins differ", "second: 1 of 3 bins differ");
  }

  @Test
  void theBandIsOneStandardErrorWideOnEachSide() {
    Drawing drawing = ProportionPlot.apart(REFERENCE, List.of(FIRST));
    List<Mark.Path> paths = Marks.of(drawing, Mark.Path.class);
    Mark.Path band = paths.stream().filter(p -> p.fill() == Ink.BAND).findFirst().orElseThrow();
    Mark.Path line =
        paths.stream()
            .filter(p -> p.stroke() == Ink.TEXT && p.points().size() == 6)
            .findFirst()
            .orElseThrow();
    double base = Marks.of(drawing, Mark.Hint.class).get(0).y() + ProportionPlot.PANEL;
    double share = base - line.points().get(0).y();
    double above = base - band.points().get(0).y();
    double below = base - band.points().get(11).y();
    assertThat(above / share).isCloseTo(1.1, offset(1e-9));
    assertThat(below / share).isCloseTo(0.9, offset(1e-9));
  }

  @Test
  void togetherEachCandidateHasAColourAndThereIsOnePanel() {
    Drawing drawing = ProportionPlot.of(REFERENCE, List.of(FIRST, SECOND)).still();
    assertThat(Marks.triangles(drawing, Ink.FIRST, true)).isEqualTo(1);
    assertThat(Marks.triangles(drawing, Ink.FIRST, false)).isEqualTo(1);
    assertThat(Marks.triangles(drawing, Ink.SECOND, false)).isEqualTo(1);
    assertThat(Marks.of(drawing, Mark.Hint.class)).hasSize(3);
    assertThat(Marks.of(drawing, Mark.Hint.class).get(0).text())
        .startsWith("bin 1 · reference 50.00 % · first 50.00 % (z = +0.0, ± 5.00 %) · second 40");
    List<Mark.Path> bands =
        Marks.of(drawing, Mark.Path.class).stream().filter(p -> p.fill() == Ink.BAND).toList();
    assertThat(bands).as("one for each size, the wider below").hasSize(2);
    double wide = bands.get(0).points().get(11).y() - bands.get(0).points().get(0).y();
    double narrow = bands.get(1).points().get(11).y() - bands.get(1).points().get(0).y();
    assertThat(wide / narrow).isCloseTo(2, offset(1e-9));
    assertThat(Marks.words(drawing))
        .contains(
            "reference",
            "± standard error, 200 rows",
            "± standard error, 1,000 rows",
            "first (1,000 rows): 2 of 3 bins differ");
  }

  @Test
  void noTextCoversAnother() {
    double[] many = new double[300];
    Arrays.fill(many, 1.0 / 300);
    Candidate same =
        new Candidate("a rather long name of a model", 300, many, many, many, new boolean[300]);
    for (boolean together : new boolean[] {false, true}) {
      List<Candidate> candidates = List.of(same, same, same, same);
      Drawing drawing =
          together
              ? ProportionPlot.of(many, candidates).still()
              : ProportionPlot.apart(many, candidates);
      List<Mark.Text> texts = Marks.texts(drawing).stream().filter(text -> !text.upward()).toList();
      for (int i = 0; i < texts.size(); i++) {
        for (int j = 0; j < i; j++) {
          assertThat(Marks.overlap(texts.get(i), texts.get(j)))
              .as("%s over %s", texts.get(i), texts.get(j))
              .isFalse();
        }
      }
    }
  }

  @Test
  void emptyBinsAndOtherBinCountsAreHandled() {
    Candidate empty =
        new Candidate(
            "x",
            1,
            new double[] {1, 0},
            new double[2],
            new double[] {Double.NaN, Double.NaN},
            new boolean[2]);
    Drawing drawing = ProportionPlot.apart(new double[] {1, 0}, List.of(empty));
    assertThat(Marks.of(drawing, Mark.Hint.class).get(1).text()).contains("z undefined");
    assertThatThrownBy(() -> ProportionPlot.apart(REFERENCE, List.of(empty)))
        .hasMessage("x has 2 bins, the reference 3");
  }
}
