package org.mixel.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.mixel.evaluation.CandidateReport;
import org.mixel.evaluation.ClassReport;
import org.mixel.evaluation.ClassReport.Production;
import org.mixel.figure.ClassBars;
import org.mixel.report.Block;
import org.mixel.report.Report;

/** The classes of each candidate as sections of a report. */
final class ClassSections {
  private ClassSections() {}

  /** A section for each candidate with classes: bars, a table, and the figures of each class. */
  static List<Report.Section> of(List<CandidateReport> results) {
    return results.stream()
        .filter(result -> !result.classes().isEmpty())
        .map(ClassSections::section)
        .toList();
  }

  private static Report.Section section(CandidateReport result) {
    List<ClassBars.Shares> shares =
        result.classes().stream()
            .map(
                each ->
                    new ClassBars.Shares(
                        String.valueOf(each.label()),
                        each.share().referenceProportion(),
                        each.share().candidateProportion(),
                        each.production() != Production.ALIKE))
            .toList();
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Block.Picture(
            ClassBars.of(shares),
            "Shares of " + shares.size() + " classes of the reference and of " + result.candidate(),
            "The share of rows of each class: of the reference above, of "
                + result.candidate()
                + " below. Coloured where they differ by Fisher's test, adjusted for the number of"
                + " tests (Holm)."));
    blocks.add(table(result));
    List<Block> figures =
        result.classes().stream()
            .filter(each -> each.figures() != null)
            .map(each -> (Block) figures(each))
            .toList();
    if (!figures.isEmpty()) {
      blocks.add(new Block.Folded("All figures of each class", figures));
    }
    return new Report.Section("Classes of " + result.candidate(), blocks);
  }

  private static Block.Table figures(ClassReport each) {
    return EvaluationPage.table("Class " + each.label(), Objects.requireNonNull(each.figures()));
  }

  private static Block.Table table(CandidateReport result) {
    Block.Table table =
        Block.Table.of(
            "Rows of each class, and which figures of these rows alone show a difference: each"
                + " class is tested by itself.",
            Block.Column.text("Class"),
            Block.Column.number("Rows", "%,d"),
            Block.Column.number("of reference", "%,d"),
            Block.Column.number("p (Holm)", "%.2g"),
            Block.Column.text("Made"),
            Block.Column.text("Figures that differ"));
    for (ClassReport each : result.classes()) {
      CandidateReport figures = each.figures();
      table =
          table.row(
              String.format(Locale.ROOT, "%d", each.label()),
              each.rows(),
              each.referenceRows(),
              each.pHolm(),
              each.production(),
              figures == null
                  ? "too few rows"
                  : figures.different().isEmpty() ? "–" : String.join(", ", figures.different()));
    }
    return table;
  }
}
