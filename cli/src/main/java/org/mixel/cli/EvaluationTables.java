package org.mixel.cli;

import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mixel.evaluation.CandidateReport;
import org.mixel.evaluation.ClassReport;
import org.mixel.evaluation.EvaluationReport;
import org.mixel.evaluation.Finding;
import org.mixel.metric.Estimate;
import org.mixel.stat.Interval;

/** An evaluation as text. */
final class EvaluationTables {
  private EvaluationTables() {}

  /** A small table for each candidate, with its verdict below. */
  static String text(EvaluationReport report) {
    return report.results().stream()
        .map(
            result ->
                String.format(
                    Locale.ROOT,
                    "%s: %,d rows against %,d of %s\n%s\n%s%s",
                    result.candidate(),
                    result.rows(),
                    result.comparedRows(),
                    report.compared(),
                    table(result),
                    result.verdict(),
                    result.classes().isEmpty() ? "" : "\n" + classes(result)))
        .collect(Collectors.joining("\n\n"));
  }

  private static TextTable table(CandidateReport result) {
    TextTable table =
        TextTable.of("figure", "value %.3g", "error %.2g", "if equal", "p %.2g", "adjusted %.2g");
    result
        .findings()
        .forEach(
            (name, finding) -> {
              if (finding != null) {
                Estimate figure = finding.estimate();
                table.row(
                    name,
                    figure.value(),
                    figure.error(),
                    ifEqual(figure.ifEqual()),
                    figure.p(),
                    finding.pAdjusted());
                Double byNetwork = finding.more().get(Finding.NETWORK);
                if (byNetwork != null) {
                  table.row(
                      name + " by a network",
                      byNetwork,
                      finding.more().get(Finding.NETWORK_ERROR),
                      "",
                      finding.more().get(Finding.NETWORK_P),
                      null);
                }
              }
            });
    return table;
  }

  private static TextTable classes(CandidateReport result) {
    TextTable table =
        TextTable.of(
            "class",
            "rows",
            "of reference",
            "share %.3f",
            "of reference %.3f",
            "p (Holm) %.2g",
            "made",
            "figures that differ");
    for (ClassReport each : result.classes()) {
      CandidateReport figures = each.figures();
      table.row(
          each.label(),
          each.rows(),
          each.referenceRows(),
          each.share().candidateProportion(),
          each.share().referenceProportion(),
          each.pHolm(),
          each.production(),
          figures == null ? "too few rows" : String.join(", ", figures.different()));
    }
    return table;
  }

  private static String ifEqual(@Nullable Interval interval) {
    return interval == null ? "" : interval.toString("%.3g");
  }
}
