package org.mixel.figure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.mixel.figure.Mark.Anchor;

/**
 * How reference and candidates spread over bins (paper, Fig. 2, 14, 15). Bins stand in the order of
 * their reference proportion, the largest first; around it lies a band of one standard error of the
 * difference under equality, one for each size of candidates. Bins that differ significantly carry
 * a triangle that points up where the candidate has too many samples and down where it has too few;
 * the others a small dot.
 */
public final class ProportionPlot {
  /** Height of the data of one panel, in CSS pixels. */
  static final double PANEL = 190;

  private static final double WIDTH = 960;
  private static final double LEFT = 64;
  private static final double RIGHT = 14;

  /** The legend's name of the reference and its band if there is one band. */
  private static final String ALONE = "reference ± standard error of the difference";

  final double[] reference;
  final List<Candidate> candidates;

  /** Bins by rank, the largest of the reference first. */
  final int[] order;

  /** One for each size of candidates, that of the smallest first: it is the widest. */
  final List<Band> bands;

  private ProportionPlot(double[] reference, List<Candidate> candidates) {
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("no candidate to plot");
    }
    for (Candidate candidate : candidates) {
      if (candidate.proportions().length != reference.length) {
        throw new IllegalArgumentException(
            "%s has %d bins, the reference %d"
                .formatted(candidate.name(), candidate.proportions().length, reference.length));
      }
    }
    this.reference = reference;
    this.candidates = candidates;
    order = order(reference);
    bands = bands(candidates);
  }

  /**
   * One candidate; the arrays are not copied.
   *
   * @param name its name in the plot
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

    String title(String shown) {
      long different = IntStream.range(0, differs.length).filter(bin -> differs[bin]).count();
      return "%s: %d of %d bins differ".formatted(shown, different, differs.length);
    }
  }

  /**
   * The band about the reference in which the proportions of candidates of one size are expected.
   *
   * @param errors standard error of the difference in each bin, the largest of these candidates'
   *     (they differ a little, by the candidate's rows in the bin)
   * @param name its name in legends
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Band(double[] errors, String name) {}

  /**
   * The plot for a page: all candidates over one another, to be zoomed and asked about each bin. A
   * candidate alone shows by colour which bins are over- and under-filled; several have a colour
   * each.
   *
   * @param reference share of the reference rows in each of the {@code K} bins
   * @param candidates at least one, over the same bins
   * @throws IllegalArgumentException if there is no candidate, or one has another number of bins
   */
  public static Chart of(double[] reference, List<Candidate> candidates) {
    ProportionPlot plot = new ProportionPlot(reference, candidates);
    return new ProportionChart(plot).over(plot.draw(candidates.size() > 1));
  }

  /** The plot as a drawing with a panel for each candidate, all to one scale; see {@link #of}. */
  public static Drawing apart(double[] reference, List<Candidate> candidates) {
    return new ProportionPlot(reference, candidates).draw(false);
  }

  private Drawing draw(boolean together) {
    List<Mark> marks = new ArrayList<>();
    double width = WIDTH - LEFT - RIGHT;
    double y = legend(together).draw(marks, LEFT, 0, width) + 8;
    Scale ranks = new Scale(0, reference.length, Scale.around(0, reference.length, 10).step());
    Scale shares = Scale.around(0, 100 * highest(), 4);
    PlotArea area = new PlotArea(LEFT, y, width, PANEL, ranks, shares);
    if (together) {
      new ProportionPanel(marks, area, this).draw(true);
    }
    for (Candidate each : together ? List.<Candidate>of() : candidates) {
      String title = each.title(each.name());
      marks.add(Mark.Text.of(LEFT, y + 14, title, 14, Anchor.START, Ink.TEXT).inBold());
      area = new PlotArea(LEFT, y + 22, width, PANEL, ranks, shares);
      new ProportionPanel(marks, area, new ProportionPlot(reference, List.of(each))).draw(false);
      y = area.bottom() + 30;
    }
    area.drawTitle(marks, "bins, the largest of the reference first");
    return new Drawing(WIDTH, area.bottom() + 42, marks);
  }

  private double highest() {
    double highest = 0;
    for (Candidate candidate : candidates) {
      for (int bin = 0; bin < reference.length; bin++) {
        double band = reference[bin] + candidate.standardErrors()[bin];
        highest = Math.max(highest, Math.max(band, candidate.proportions()[bin]));
      }
    }
    return highest;
  }

  /** Bins by rank, the largest of the reference first. */
  static int[] order(double[] reference) {
    return IntStream.range(0, reference.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer bin) -> -reference[bin]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static List<Band> bands(List<Candidate> candidates) {
    TreeMap<Integer, double[]> sizes = new TreeMap<>();
    for (Candidate each : candidates) {
      sizes.merge(
          each.rows(),
          each.standardErrors(),
          (a, b) -> IntStream.range(0, a.length).mapToDouble(k -> Math.max(a[k], b[k])).toArray());
    }
    List<Band> bands = new ArrayList<>();
    sizes.forEach(
        (rows, errors) ->
            bands.add(
                new Band(
                    errors,
                    sizes.size() == 1
                        ? ALONE
                        : String.format(Locale.ROOT, "± standard error, %,d rows", rows))));
    return bands;
  }

  /** The legend's name of the reference. */
  String referenceName() {
    return bands.size() == 1 ? ALONE : "reference";
  }

  /** The legend's name of a candidate. */
  String title(Candidate candidate) {
    return candidate.title(
        bands.size() == 1
            ? candidate.name()
            : String.format(Locale.ROOT, "%s (%,d rows)", candidate.name(), candidate.rows()));
  }

  private Legend legend(boolean together) {
    Legend legend = new Legend();
    Legend.Symbol bar = (x, y) -> new Mark.Rect(x - 8, y, 16, 7, Ink.BAR);
    Legend.Symbol swatch = (x, y) -> new Mark.Rect(x - 8, y - 4, 16, 8, Ink.BAND);
    Legend.Symbol edge = (x, y) -> Mark.Path.line(x - 8, y, x + 8, y, Ink.TEXT, 1.4);
    if (together && bands.size() > 1) {
      legend.add(referenceName(), bar, edge);
      for (int i = 0; i < bands.size(); i++) {
        // Narrower bands lie on the wider ones.
        legend.add(
            bands.get(i).name(), Collections.nCopies(i + 1, swatch).toArray(Legend.Symbol[]::new));
      }
    } else {
      legend.add(ALONE, bar, swatch, edge);
    }
    for (int i = 0; together && i < candidates.size(); i++) {
      Ink ink = Ink.series(i);
      legend.add(
          title(candidates.get(i)),
          (x, y) -> Mark.Path.line(x - 8, y, x + 8, y, ink, 1.5),
          (x, y) -> new Mark.Disc(x, y, 2.6, ink));
    }
    Ink over = together ? Ink.MUTED : Ink.OVER;
    Ink under = together ? Ink.MUTED : Ink.UNDER;
    legend.add("over-filled", (x, y) -> Mark.Path.triangle(x, y, 5, true, over));
    legend.add("under-filled", (x, y) -> Mark.Path.triangle(x, y, 5, false, under));
    if (!together) {
      legend.add("no significant difference", (x, y) -> new Mark.Disc(x, y, 2.6, Ink.MUTED));
    }
    return legend;
  }
}
