package org.mixel.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.mixel.data.Samples;
import org.mixel.figure.ProportionPlot;
import org.mixel.ndb.Clustering;
import org.mixel.ndb.JointTest;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.NdbSummary;
import org.mixel.ndb.VoronoiBins;
import org.mixel.report.Block;
import org.mixel.report.Report;

/** An NDB evaluation as the blocks and sections of a report. */
public final class NdbSections {
  private NdbSections() {}

  /**
   * The table of results, one row for each candidate, number of bins and seed.
   *
   * @param report at least one result
   */
  public static Block.Table table(NdbReport report) {
    Block.Table table =
        Block.Table.of(
            "The size of the difference: the Jensen-Shannon divergence (JS, nats) less its mean for"
                + " equal sets, about 0 if the sets are equal, with a 95% confidence interval. NDB:"
                + " bins that differ, and how many still do by p-values adjusted for the number of"
                + " bins (Holm; Benjamini and Hochberg, BH); it grows with the number of rows."
                + " NDB/K and JS stand beside the range of 95% of equal sets. The p-values are of"
                + " all bins at once: by the chi-square distribution, and by random permutations"
                + " of the rows.",
            Block.Column.text("Candidate"),
            Block.Column.number("Rows", "%,d"),
            Block.Column.number("of reference", "%,d"),
            Block.Column.number("Bins"),
            Block.Column.number("JS excess", "%.4f"),
            Block.Column.number("95% interval"),
            Block.Column.number("NDB/K", "%.3f"),
            Block.Column.number("if equal"),
            Block.Column.number("NDB"),
            Block.Column.number("Holm"),
            Block.Column.number("BH"),
            Block.Column.number("JS", "%.4f"),
            Block.Column.number("if equal"),
            Block.Column.number("p", "%.2g"),
            Block.Column.number("permutation p", "%.3f"));
    for (NdbResult result : report.results()) {
      table =
          table.row(
              result.candidate(),
              result.rows(),
              result.referenceRows(),
              result.bins(),
              result.excess().value(),
              result.excess().interval().toString("%.4f"),
              result.ndbOverK(),
              result.expectedNdbOverKBand().toString("%.2f"),
              result.ndb(),
              result.differentByHolm().size(),
              result.differentByBenjaminiHochberg().size(),
              result.js(),
              result.expected().jsBand().toString("%.4f"),
              result.chiSquareP(),
              result.expected().p());
    }
    return table;
  }

  /** One p-value for all sets of bins, one row for each candidate. */
  static Block.Table joint(NdbReport report) {
    Block.Table table =
        Block.Table.of(
            "One p-value for all "
                + report.bins().size()
                + " sets of bins: how often random permutations of the rows, the same for all sets,"
                + " give as small a p-value in any of them; beside it adjusted for the number of"
                + " candidates (Holm).",
            Block.Column.text("Candidate"),
            Block.Column.number("p of all at once", "%.3f"),
            Block.Column.number("Holm", "%.3f"));
    for (JointTest test : report.joint()) {
      table = table.row(test.candidate(), test.p(), test.pHolm());
    }
    return table;
  }

  /** Means and deviations over the seeds, one row for each candidate and number of bins. */
  static Block.Table means(NdbReport report) {
    Block.Table table =
        Block.Table.of(
            "Means and standard deviations over the bins of "
                + report.summaries().get(0).seeds()
                + " seeds, beside the means of equal sets.",
            Block.Column.text("Candidate"),
            Block.Column.number("Rows", "%,d"),
            Block.Column.number("of reference", "%,d"),
            Block.Column.number("Bins"),
            Block.Column.number("JS excess"),
            Block.Column.number("NDB/K"),
            Block.Column.number("if equal", "%.3f"),
            Block.Column.number("JS"),
            Block.Column.number("if equal", "%.4f"));
    for (NdbSummary each : report.summaries()) {
      table =
          table.row(
              each.candidate(),
              each.rows(),
              each.referenceRows(),
              each.bins(),
              String.format(Locale.ROOT, "%.4f ± %.4f", each.jsExcess(), each.jsExcessDeviation()),
              String.format(Locale.ROOT, "%.3f ± %.3f", each.ndbOverK(), each.ndbOverKDeviation()),
              each.expectedNdbOverK(),
              String.format(Locale.ROOT, "%.4f ± %.4f", each.js(), each.jsDeviation()),
              each.expectedJs());
    }
    return table;
  }

  /**
   * One section for each number of bins with the proportions of all candidates, one for each
   * candidate with the bins that differ, and for image data one with the bins themselves. Where
   * bins were placed under several seeds, those of the first are shown.
   *
   * @param counted the set whose rows were counted, for pictures of bins
   * @param candidates the candidates' rows, in the order of the report
   */
  public static List<Report.Section> sections(
      NdbReport report, Samples counted, List<Samples> candidates) {
    long seed = report.bins().get(0).options().seed();
    List<VoronoiBins> shown =
        report.bins().stream().filter(bins -> bins.options().seed() == seed).toList();
    List<Report.Section> sections = new ArrayList<>();
    for (VoronoiBins bins : shown) {
      List<NdbResult> results =
          report.results().stream().filter(r -> report.binsOf(r) == bins).toList();
      String heading =
          shown.size() == 1 ? "Bin proportions" : "Bin proportions, " + bins.bins() + " bins";
      sections.add(Report.Section.of(heading, proportions(bins, results)));
    }
    for (Samples candidate : candidates) {
      List<Block> blocks = new ArrayList<>();
      for (NdbResult result : report.results()) {
        VoronoiBins bins = report.binsOf(result);
        if (result.candidate().equals(candidate.name()) && shown.contains(bins)) {
          blocks.addAll(BinBlocks.differing(bins, result, counted, candidate));
        }
      }
      if (!blocks.isEmpty()) {
        String heading = "Bins that " + candidate.name() + " over-fills and under-fills";
        sections.add(new Report.Section(heading, blocks));
      }
    }
    if (counted.shape().isPresent()) {
      List<Block> extremes = new ArrayList<>();
      for (VoronoiBins bins : shown) {
        extremes.add(
            new Block.Folded(
                "The largest and the smallest of %d bins".formatted(bins.bins()),
                List.copyOf(BinBlocks.extremes(bins, counted))));
      }
      sections.add(new Report.Section("The bins", extremes));
    }
    return sections;
  }

  /** The proportions of one set of bins, of the reference and of all candidates. */
  public static Block.Picture proportions(VoronoiBins bins, List<NdbResult> results) {
    // The most rows: with equal parts, candidates of several sizes count several parts.
    NdbResult first =
        results.stream().max(Comparator.comparingInt(NdbResult::referenceRows)).orElseThrow();
    return new Block.Picture(
        ProportionPlot.of(
            first.referenceProportions(), results.stream().map(NdbSections::plotted).toList()),
        "Share of the reference and of each candidate in each of " + bins.bins() + " bins",
        String.format(
            Locale.ROOT,
            "Share of the rows in each of %d bins of %s (%s, seed %d, %,d rows counted),"
                + " largest bin first. A band is one standard error of the difference to each side;"
                + " candidates of different sizes have one each. Triangles mark bins that differ at"
                + " alpha %s, and point up where a candidate has too many. On a screen the slider,"
                + " or Ctrl and the wheel, zooms; the legend hides and shows.",
            bins.bins(),
            bins.referenceName(),
            counting(bins),
            bins.options().seed(),
            first.referenceRows(),
            first.alpha()));
  }

  /** Which rows are counted, in a few words. */
  static String counting(VoronoiBins bins) {
    if (bins.countsOthers()) {
      return "counting " + bins.countedName();
    }
    return bins.options().clustering() == Clustering.RANDOM
        ? "counting all but the centres"
        : "counted " + bins.options().mode();
  }

  private static ProportionPlot.Candidate plotted(NdbResult result) {
    double[] z = result.tests().stream().mapToDouble(test -> test.z()).toArray();
    boolean[] differs = new boolean[z.length];
    for (int bin : result.different()) {
      differs[bin] = true;
    }
    return new ProportionPlot.Candidate(
        result.candidate(),
        result.rows(),
        result.proportions(),
        result.standardErrors(),
        z,
        differs);
  }
}
