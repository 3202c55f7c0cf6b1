package org.mixel.cli;

import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mixel.evaluation.CandidateReport;
import org.mixel.evaluation.EvaluationReport;
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
                    "%s: %,d rows against %,d of %s\n%s\n%s",
                    result.candidate(),
                    result.rows(),
                    result.comparedRows(),
                    report.compared(),
                    table(result),
                    result.verdict()))
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
              }
            });
    return table;
  }

  private static String ifEqual(@Nullable Interval interval) {
    return interval == null ? "" : interval.toString("%.3g");
  }
}
