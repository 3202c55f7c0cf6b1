package org.mixel.cli;

import java.util.List;
import java.util.Locale;
import org.mixel.memorization.Memorization;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.NdbSummary;

/** An NDB evaluation as text. */
final class NdbTables {
  private NdbTables() {}

  /** One line for each result. */
  static TextTable table(NdbReport report) {
    TextTable table =
        TextTable.of(
            "candidate",
            "rows",
            "bins",
            "NDB",
            "Holm",
            "NDB/K",
            "if equal",
            "JS",
            "if equal",
            "p",
            "permutation p");
    for (NdbResult result : report.results()) {
      table.row(
          result.candidate(),
          Integer.toString(result.rows()),
          Integer.toString(result.bins()),
          Integer.toString(result.ndb()),
          Integer.toString(result.differentByHolm().size()),
          format("%.3f", result.ndbOverK()),
          result.expectedNdbOverKBand().toString("%.2f"),
          format("%.4f", result.js()),
          result.expected().jsBand().toString("%.4f"),
          format("%.2g", result.chiSquareP()),
          format("%.3f", result.expected().p()));
    }
    return table;
  }

  /** Whether candidates repeat rows of the reference. */
  static TextTable copies(List<Memorization> memorized) {
    TextTable table =
        TextTable.of(
            "candidate",
            "rows",
            "distance to reference",
            "of unseen",
            "too near",
            "if fresh",
            "copied",
            "verdict");
    for (Memorization each : memorized) {
      table.row(
          each.candidate(),
          Integer.toString(each.rows()),
          format("%.3f", each.medianDistance()),
          format("%.3f", each.unseenMedianDistance()),
          format("%.3f", each.tooNear()),
          format("%.3f", each.expectedTooNear()),
          format("%.2f", each.copied()),
          each.verdict());
    }
    return table;
  }

  /** Means and deviations over the seeds. */
  static TextTable summary(NdbReport report) {
    TextTable table =
        TextTable.of(
            "candidate", "bins", "seeds", "NDB/K", "sd", "if equal", "JS", "sd", "if equal");
    for (NdbSummary each : report.summaries()) {
      table.row(
          each.candidate(),
          Integer.toString(each.bins()),
          Integer.toString(each.seeds()),
          format("%.3f", each.ndbOverK()),
          format("%.3f", each.ndbOverKDeviation()),
          format("%.3f", each.expectedNdbOverK()),
          format("%.4f", each.js()),
          format("%.4f", each.jsDeviation()),
          format("%.4f", each.expectedJs()));
    }
    return table;
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
