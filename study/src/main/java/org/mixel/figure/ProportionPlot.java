package org.mixel.figure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.mixel.figure.Mark.Anchor;

/**
 * How reference and candidates spread over bins (paper, Fig. 2, 14, 15). Bins stand in the order of
 * their reference proportion, the largest first; around it lies a band of one standard error of the
 * difference that equality would bring, one for each size of candidates. Bins whose proportions
 * differ significantly carry a triangle that points up where the candidate has too many samples and
 * down where it has too few; the others a small dot.
 */
public final class ProportionPlot {
  private static final double LEFT = 64;
  private static final double RIGHT = 14;

  private ProportionPlot() {}

  /**
   * One candidate; the arrays are not copied.
   *
   * @param name what the plot calls it
   * @param rows number of its samples, at least 1
   * @param proportions share of its samples in each of the {@code K} bins
   * @param standardErrors standard error of the difference in each bin under equality, {@code
   *     sqrt(P (1 - P) (1/n + 1/m))} with the pooled proportion {@code P}
   * @param z the test's statistic of each bin, positive where the candidate has more; NaN where it
   *     is undefined
   * @param differs whether each bin differs significantly
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Candidate(
      String name,
      int rows,
      double[] proportions,
      double[] standardErrors,
      double[] z,
      boolean[] differs) {
    /**
     * @throws IllegalArgumentException if the lengths differ
     */
    public Candidate {
      int bins = proportions.length;
      if (standardErrors.length != bins || z.length != bins || differs.length != bins) {
        throw new IllegalArgumentException(
            "%s: %d proportions, %d standard errors, %d statistics, %d decisions"
                .formatted(name, bins, standardErrors.length, z.length, differs.length));
      }
    }

    int different() {
      return (int) IntStream.range(0, differs.length).filter(bin -> differs[bin]).count();
    }
  }

  /**
   * How the plot is laid out, in CSS pixels.
   *
   * @param width of the whole plot, at least 320
   * @param panelHeight of the data of one panel, at least 60
   * @param together whether all candidates share one panel, with a band for each size of them; else
   *     each has its own, all to the same scale
   */
  public record Options(double width, double panelHeight, boolean together) {
    /**
     * @throws IllegalArgumentException if a length is too small
     */
    public Options {
      if (!(width >= 320) || !(panelHeight >= 60)) {
        throw new IllegalArgumentException(
            "a plot needs a width of 320 and a height of 60, got %s and %s"
                .formatted(width, panelHeight));
      }
    }

    /** 960 pixels wide, a panel of 190 pixels for each candidate. */
    public static Options defaults() {
      return new Options(960, 190, false);
    }

    public Options withWidth(double width) {
      return new Options(width, panelHeight, together);
    }

    public Options withPanelHeight(double panelHeight) {
      return new Options(width, panelHeight, together);
    }

    public Options withTogether(boolean together) {
      return new Options(width, panelHeight, together);
    }
  }

  /**
   * Draws the plot.
   *
   * @param reference share of the reference rows in each of the {@code K} bins
   * @param candidates at least one, over the same bins
   * @throws IllegalArgumentException if there is no candidate, or one has another number of bins
   */
  public static Drawing of(double[] reference, List<Candidate> candidates, Options options) {
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("no candidate to plot");
    }
    double highest = 0;
    for (Candidate candidate : candidates) {
      if (candidate.proportions().length != reference.length) {
        throw new IllegalArgumentException(
            "%s has %d bins, the reference %d"
                .formatted(candidate.name(), candidate.proportions().length, reference.length));
      }
      for (int bin = 0; bin < reference.length; bin++) {
        double band = reference[bin] + candidate.standardErrors()[bin];
        highest = Math.max(highest, Math.max(band, candidate.proportions()[bin]));
      }
    }
    List<Mark> marks = new ArrayList<>();
    double width = options.width() - LEFT - RIGHT;
    double y = legend(options.together() ? candidates : List.of()).draw(marks, LEFT, 0, width) + 8;
    List<List<Candidate>> panels =
        options.together() ? List.of(candidates) : candidates.stream().map(List::of).toList();
    int[] order = order(reference);
    Scale bins = new Scale(0, reference.length, Scale.around(0, reference.length, 10).step());
    Scale shares = Scale.around(0, 100 * highest, 4);
    PlotArea area = new PlotArea(LEFT, y, width, options.panelHeight(), bins, shares);
    for (List<Candidate> panel : panels) {
      if (!options.together()) {
        y += 18;
        Candidate only = panel.get(0);
        marks.add(
            Mark.Text.of(LEFT, y - 4, title(only.name(), only), 14, Anchor.START, Ink.TEXT)
                .inBold());
        y += 4;
      }
      area = new PlotArea(LEFT, y, width, options.panelHeight(), bins, shares);
      new BinPanel(marks, area, reference, order, panel).draw(options.together());
      y = area.bottom() + 30;
    }
    area.drawTitle(marks, "bins, the largest of the reference first");
    return new Drawing(options.width(), area.bottom() + 42, marks);
  }

  static String title(String name, Candidate candidate) {
    int bins = candidate.differs().length;
    return "%s: %d of %d bins differ".formatted(name, candidate.different(), bins);
  }

  /** Bins by rank, the largest of the reference first. */
  static int[] order(double[] reference) {
    return IntStream.range(0, reference.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer bin) -> -reference[bin]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static Legend legend(List<Candidate> together) {
    Legend legend = new Legend();
    List<Band> bands = Band.of(together);
    Legend.Symbol bar = (x, y) -> new Mark.Rect(x - 8, y, 16, 7, Ink.BAR);
    Legend.Symbol swatch = (x, y) -> new Mark.Rect(x - 8, y - 4, 16, 8, Ink.BAND);
    Legend.Symbol edge = (x, y) -> Mark.Path.line(x - 8, y, x + 8, y, Ink.TEXT, 1.4);
    if (bands.size() > 1) {
      legend.add(Band.reference(bands), bar, edge);
      for (int i = 0; i < bands.size(); i++) {
        // Narrower bands lie on the wider ones.
        legend.add(
            bands.get(i).name(), Collections.nCopies(i + 1, swatch).toArray(Legend.Symbol[]::new));
      }
    } else {
      legend.add(Band.ALONE, bar, swatch, edge);
    }
    if (together.isEmpty()) {
      legend.add("over-filled", (x, y) -> Symbols.triangle(x, y, 5, true, Ink.OVER));
      legend.add("under-filled", (x, y) -> Symbols.triangle(x, y, 5, false, Ink.UNDER));
      legend.add("no significant difference", (x, y) -> new Mark.Disc(x, y, 2.6, Ink.MUTED));
      return legend;
    }
    for (int i = 0; i < together.size(); i++) {
      Ink ink = Ink.series(i);
      legend.add(
          Band.title(bands, together.get(i)),
          (x, y) -> Mark.Path.line(x - 8, y, x + 8, y, ink, 1.5),
          (x, y) -> new Mark.Disc(x, y, 2.6, ink));
    }
    legend.add("over-filled", (x, y) -> Symbols.triangle(x, y, 5, true, Ink.MUTED));
    legend.add("under-filled", (x, y) -> Symbols.triangle(x, y, 5, false, Ink.MUTED));
    return legend;
  }
}
