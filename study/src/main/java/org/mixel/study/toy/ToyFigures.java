package org.mixel.study.toy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.ReferenceMode;
import org.mixel.report.Block;

/**
 * NDB of candidates on one number of bins, in both reference modes.
 *
 * @param heldOut the candidates' results in held-out mode
 * @param paper those in paper mode, in the same order
 */
record ToyFigures(NdbReport heldOut, NdbReport paper) {
  ToyFigures(Map<ReferenceMode, NdbReport> judged) {
    this(
        Objects.requireNonNull(judged.get(ReferenceMode.HELD_OUT)),
        Objects.requireNonNull(judged.get(ReferenceMode.PAPER)));
  }

  /** One row for each candidate. */
  Block.Table table() {
    Block.Table table =
        Block.Table.of(
            format(
                "Share of the %d bins that differ (NDB/K) and Jensen-Shannon divergence (JS, nats):"
                    + " of bins that one half of the data placed and the other half counts"
                    + " (held-out), beside what 95%% of equal sets would give, and of bins counted"
                    + " on the rows that placed them (paper).",
                heldOut.bins().get(0).bins()),
            Block.Column.text("Model"),
            Block.Column.number("Samples", "%,d"),
            Block.Column.number("held-out NDB/K", "%.3f"),
            Block.Column.number("if equal"),
            Block.Column.number("held-out JS", "%.4f"),
            Block.Column.number("if equal"),
            Block.Column.number("paper NDB/K", "%.3f"),
            Block.Column.number("paper JS", "%.4f"));
    for (int i = 0; i < heldOut.results().size(); i++) {
      NdbResult held = heldOut.results().get(i);
      NdbResult same = paper.results().get(i);
      table =
          table.row(
              held.candidate(),
              held.rows(),
              held.ndbOverK(),
              held.expectedNdbOverKBand().toString("%.2f"),
              held.js(),
              held.expected().jsBand().toString("%.4f"),
              same.ndbOverK(),
              same.js());
    }
    return table;
  }

  /** How many bins differ, and which most. */
  static String sentence(NdbResult result) {
    return format("%d of %d bins differ.", result.ndb(), result.bins())
        + shares(" The one most over-filled", result, result.overfilled(1))
        + shares(" The one most under-filled", result, result.underfilled(1));
  }

  private static String shares(String subject, NdbResult result, List<Integer> bins) {
    if (bins.isEmpty()) {
      return "";
    }
    double[] reference = result.referenceProportions();
    double share = reference[bins.get(0)];
    long larger = Arrays.stream(reference).filter(other -> other > share).count();
    return format(
        "%s, number %d, holds %.1f %% of the samples and %.1f %% of the data.",
        subject, larger + 1, 100 * result.proportions()[bins.get(0)], 100 * share);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
