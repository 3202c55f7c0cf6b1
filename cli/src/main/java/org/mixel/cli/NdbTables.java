package org.mixel.cli;

import java.util.List;
import java.util.Optional;
import org.mixel.memorization.Memorization;
import org.mixel.ndb.JointTest;
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
            "of reference",
            "bins",
            "JS excess %.4f",
            "95% interval",
            "NDB/K %.3f",
            "if equal",
            "NDB",
            "Holm",
            "JS %.4f",
            "if equal",
            "p %.2g",
            "permutation p %.3f");
    for (NdbResult result : report.results()) {
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
          result.js(),
          result.expected().jsBand().toString("%.4f"),
          result.chiSquareP(),
          result.expected().p());
    }
    return table;
  }

  /** One p-value of each candidate for all sets of bins; nothing where there is but one result. */
  static Optional<TextTable> joint(NdbReport report) {
    if (report.results().size() < 2) {
      return Optional.empty();
    }
    TextTable table =
        TextTable.of("candidate", "sets of bins", "p of all at once %.3f", "p (Holm) %.3f");
    for (JointTest test : report.joint()) {
      table.row(test.candidate(), report.bins().size(), test.p(), test.pHolm());
    }
    return Optional.of(table);
  }

  /** Whether candidates repeat rows of the reference. */
  static TextTable copies(List<Memorization> memorized) {
    TextTable table =
        TextTable.of(
            "candidate",
            "rows",
            "distance to reference %.3f",
            "of unseen %.3f",
            "too near %.3f",
            "if fresh %.3f",
            "copied %.2f",
            "verdict");
    for (Memorization each : memorized) {
      table.row(
          each.candidate(),
          each.rows(),
          each.medianDistance(),
          each.unseenMedianDistance(),
          each.tooNear(),
          each.expectedTooNear(),
          each.copied(),
          each.verdict());
    }
    return table;
  }

  /** Means and deviations over the seeds. */
  static TextTable summary(NdbReport report) {
    TextTable table =
        TextTable.of(
            "candidate",
            "rows",
            "of reference",
            "bins",
            "seeds",
            "JS excess %.4f",
            "sd %.4f",
            "NDB/K %.3f",
            "sd %.3f",
            "if equal %.3f",
            "JS %.4f",
            "sd %.4f",
            "if equal %.4f");
    for (NdbSummary each : report.summaries()) {
      table.row(
          each.candidate(),
          each.rows(),
          each.referenceRows(),
          each.bins(),
          each.seeds(),
          each.jsExcess(),
          each.jsExcessDeviation(),
          each.ndbOverK(),
          each.ndbOverKDeviation(),
          each.expectedNdbOverK(),
          each.js(),
          each.jsDeviation(),
          each.expectedJs());
    }
    return table;
  }
}
