package org.mixel.page;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mixel.data.Samples;
import org.mixel.evaluation.CandidateReport;
import org.mixel.evaluation.EvaluationReport;
import org.mixel.evaluation.Finding;
import org.mixel.memorization.Memorization;
import org.mixel.metric.Estimate;
import org.mixel.report.Block;
import org.mixel.report.HtmlReport;
import org.mixel.report.Report;

/**
 * The results of an evaluation, for a page: a verdict and a table for each candidate, then pictures
 * of copies and of the bins that differ.
 *
 * @param report the figures
 * @param rows the reference and the candidates, for pictures
 * @param counted the set that the candidates were compared with: the reference, or another in its
 *     place
 */
public record EvaluationPage(EvaluationReport report, List<Samples> rows, Samples counted) {
  /** Keeps its own copy of the list. */
  public EvaluationPage {
    rows = List.copyOf(rows);
  }

  /**
   * Writes the page, whole or not at all.
   *
   * @param file replaced if it exists
   * @param maker the command or program that made it
   * @throws java.io.UncheckedIOException if the disk refuses
   */
  public void write(Path file, String maker) {
    HtmlReport.write(report(maker), file);
  }

  private Report report(String maker) {
    List<Samples> tested = rows.subList(1, rows.size());
    List<Block> summary = new ArrayList<>();
    for (CandidateReport result : report.results()) {
      summary.add(new Block.Text("%s: %s.".formatted(result.candidate(), result.verdict())));
    }
    report.results().forEach(result -> summary.add(table(result.candidate(), result)));
    summary.add(new Block.Folded("The question of each figure", List.of(questions())));
    List<Report.Section> sections = new ArrayList<>();
    sections.addAll(ClassSections.of(report.results()));
    sections.addAll(GiveawaySections.of(report.results(), counted, tested));
    List<Memorization> memorized = report.memorized();
    if (!memorized.isEmpty()) {
      sections.add(CopySection.of(memorized, rows.get(0), tested));
    }
    if (report.ndb() != null) {
      List<Block> bins = new ArrayList<>();
      bins.add(NdbSections.table(report.ndb()));
      sections.add(new Report.Section("Shares of bins", bins));
      sections.addAll(NdbSections.sections(report.ndb(), counted, tested));
    }
    if (!report.notes().isEmpty()) {
      sections.add(
          new Report.Section(
              "Notes",
              report.notes().stream().map(note -> (Block) new Block.Text(note + ".")).toList()));
    }
    return new Report(
        "Compared with " + report.reference(), lead(), summary, sections, "Made by " + maker + ".");
  }

  private String lead() {
    String known =
        String.format(
            Locale.ROOT,
            "%s (%,d rows of %,d values)",
            report.reference(),
            report.rows(),
            report.dims());
    return report.compared().equals(report.reference())
        ? "Do the candidates have the distribution of %s?".formatted(known)
        : String.format(
            Locale.ROOT,
            "Do the candidates have the distribution of %s? They are compared with %,d rows of %s,"
                + " which no model has seen.",
            known,
            report.comparedRows(),
            report.compared());
  }

  /** All figures of a candidate, or of its rows of one class. */
  static Block.Table table(String title, CandidateReport result) {
    Block.Table table =
        Block.Table.of(
            String.format(
                Locale.ROOT,
                "%s, %,d rows. If equal: the range of 95%% of pairs of sets of these sizes that do"
                    + " not differ. p: how often such sets give a figure as extreme; then adjusted"
                    + " for the number of figures, as the verdict goes by it.",
                title,
                result.rows()),
            Block.Column.text("Figure"),
            Block.Column.number("Value"),
            Block.Column.number("Error"),
            Block.Column.number("If equal"),
            Block.Column.number("p"),
            Block.Column.number("Adjusted"));
    for (var named : result.findings().entrySet()) {
      Finding finding = named.getValue();
      if (finding != null) {
        Estimate figure = finding.estimate();
        table =
            table.row(
                named.getKey(),
                number("%.3g", figure.value()),
                number("%.2g", figure.error()),
                figure.ifEqual() == null ? "–" : figure.ifEqual().toString("%.3g"),
                number("%.2g", figure.p()),
                number("%.2g", finding.pAdjusted()));
        Double byNetwork = finding.more().get(Finding.NETWORK);
        if (byNetwork != null) {
          table =
              table.row(
                  named.getKey() + ", by a network",
                  number("%.3g", byNetwork),
                  number("%.2g", finding.more().get(Finding.NETWORK_ERROR)),
                  "–",
                  number("%.2g", finding.more().get(Finding.NETWORK_P)),
                  "–");
        }
      }
    }
    return table;
  }

  private Block.Table questions() {
    Block.Table table =
        Block.Table.of("", Block.Column.text("Figure"), Block.Column.text("Question"));
    for (var named : report.results().get(0).findings().entrySet()) {
      table = table.row(named.getKey(), question(named.getKey()));
    }
    return table;
  }

  private static String number(String format, @Nullable Double number) {
    return number == null ? "–" : String.format(Locale.ROOT, format, number);
  }

  private static String question(String figure) {
    return switch (figure) {
      case "js-excess" -> "How far apart are the shares of rows in the bins?";
      case "pqmass" -> "Do shares of rows differ in cells about random rows?";
      case "c2st" -> "Can a classifier tell the sets apart?";
      case "mmd" -> "Do the first three moments differ?";
      case "frechet" -> "Do means and covariances differ?";
      case "precision" -> "Do candidate rows lie off the reference?";
      case "recall" -> "Are parts of the reference left out?";
      case "density" -> "Do candidate rows lie where reference rows are dense?";
      case "coverage" -> "Is there a candidate row near each reference row?";
      case "copies" -> "Are rows of the reference repeated?";
      case "sharpness" -> "Are the images as sharp?";
      case "classifier-score" -> "Is a classifier as sure, of as many classes?";
      default -> "Which share of the bins differs?";
    };
  }
}
