package org.mixel.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.figure.Bin;
import org.mixel.figure.BinFigure;
import org.mixel.figure.Drawing;
import org.mixel.figure.ProportionPlot;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.VoronoiBins;
import org.mixel.report.Block;
import org.mixel.report.Report;

/** An NDB evaluation as the blocks and sections of a report. */
public final class NdbSections {
  private static final int BINS_SHOWN = 4;
  private static final int MEMBERS_SHOWN = 8;

  private NdbSections() {}

  /**
   * The table of results, one row for each candidate and number of bins.
   *
   * @param report at least one result
   */
  public static Block.Table table(NdbReport report) {
    Block.Table table =
        Block.Table.of(
            "NDB/K is the share of bins that differ; beside it what equal sets would give.",
            Block.Column.text("Candidate"),
            Block.Column.number("Rows"),
            Block.Column.number("Bins"),
            Block.Column.number("NDB/K"),
            Block.Column.number("if equal"),
            Block.Column.number("JS (nats)"),
            Block.Column.number("if equal"),
            Block.Column.number("chi-square p"));
    for (NdbResult result : report.results()) {
      table =
          table.row(
              result.candidate(),
              String.format(Locale.ROOT, "%,d", result.rows()),
              Integer.toString(result.bins()),
              number("%.3f", result.ndbOverK()),
              number("%.3f", result.expectedNdbOverK()),
              number("%.4f", result.js()),
              number("%.4f", result.expectedJs()),
              number("%.2g", result.chiSquareP()));
    }
    return table;
  }

  /**
   * One section for each set of bins with the proportions of all candidates, and for image data one
   * for each candidate with its most over- and under-filled bins.
   *
   * @param reference the reference rows, for pictures of bins
   * @param candidates the candidates' rows, in the order of the report
   */
  public static List<Report.Section> sections(
      NdbReport report, Samples reference, List<Samples> candidates) {
    List<Report.Section> sections = new ArrayList<>();
    for (VoronoiBins bins : report.bins()) {
      List<NdbResult> results =
          report.results().stream().filter(r -> report.binsOf(r) == bins).toList();
      String heading =
          report.bins().size() == 1
              ? "Bin proportions"
              : "Bin proportions, " + bins.bins() + " bins, seed " + bins.options().seed();
      sections.add(Report.Section.of(heading, proportions(bins, results)));
    }
    reference
        .shape()
        .ifPresent(
            shape -> {
              VoronoiBins bins = report.bins().get(0);
              for (NdbResult result : report.results()) {
                Samples candidate =
                    candidates.stream()
                        .filter(c -> c.name().equals(result.candidate()))
                        .findFirst()
                        .orElseThrow();
                if (report.binsOf(result) == bins && hasDifferent(result)) {
                  sections.add(bins(bins, result, reference, candidate, shape));
                }
              }
            });
    return sections;
  }

  private static Block proportions(VoronoiBins bins, List<NdbResult> results) {
    NdbResult first = results.get(0);
    Drawing plot =
        ProportionPlot.of(
            first.referenceProportions(),
            results.stream().map(NdbSections::plotted).toList(),
            ProportionPlot.Options.defaults());
    return new Block.Picture(
        plot,
        "Share of the reference and of each candidate in each of " + bins.bins() + " bins",
        String.format(
            Locale.ROOT,
            "Share of the rows in each of %d bins of %s (%s reference, %,d rows counted), largest"
                + " bin first. The band is one standard error of the difference to each side;"
                + " marked bins differ at alpha %s.",
            bins.bins(),
            bins.referenceName(),
            bins.options().mode(),
            first.referenceRows(),
            first.alpha()));
  }

  private static ProportionPlot.Candidate plotted(NdbResult result) {
    double[] z = result.tests().stream().mapToDouble(test -> test.z()).toArray();
    boolean[] differs = new boolean[z.length];
    for (int bin : result.different()) {
      differs[bin] = true;
    }
    return new ProportionPlot.Candidate(
        result.candidate(), result.proportions(), result.standardErrors(), z, differs);
  }

  private static boolean hasDifferent(NdbResult result) {
    return result.ndb() > 0;
  }

  private static Report.Section bins(
      VoronoiBins bins, NdbResult result, Samples reference, Samples candidate, ImageShape shape) {
    BinFigure.Options options = BinFigure.Options.defaults(shape).withMembers(MEMBERS_SHOWN);
    List<Block> blocks = new ArrayList<>();
    for (boolean over : new boolean[] {true, false}) {
      List<Bin> shown =
          (over ? result.overfilled(BINS_SHOWN) : result.underfilled(BINS_SHOWN))
              .stream().map(bin -> picture(bin, bins, result, reference, candidate)).toList();
      if (!shown.isEmpty()) {
        blocks.add(
            new Block.Picture(
                BinFigure.compare(shown, bins.referenceName(), result.candidate(), shape, options),
                (over ? "Over" : "Under") + "-filled bins of " + result.candidate(),
                (over
                        ? "Too many: the bins in which " + result.candidate() + " has most to spare"
                        : "Too few: the bins in which " + result.candidate() + " falls short most")
                    + ". The bin's centre is framed, then real members, then the candidate's."));
      }
    }
    return new Report.Section(
        "What " + result.candidate() + " has too much and too little of", blocks);
  }

  private static Bin picture(
      int bin, VoronoiBins bins, NdbResult result, Samples reference, Samples candidate) {
    var test = result.tests().get(bin);
    return new Bin(
        bin,
        test.referenceProportion(),
        test.candidateProportion(),
        test.z(),
        bins.center(bin),
        rows(reference, bins.members().of(bin)),
        rows(candidate, result.members().of(bin)));
  }

  private static List<float[]> rows(Samples samples, int[] members) {
    return Arrays.stream(members)
        .limit(MEMBERS_SHOWN)
        .mapToObj(samples::row)
        .collect(Collectors.toList());
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
  }
}
