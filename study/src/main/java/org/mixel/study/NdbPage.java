package org.mixel.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mixel.data.Samples;
import org.mixel.memorization.Memorization;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.VoronoiBins;
import org.mixel.report.Block;
import org.mixel.report.Report;

/**
 * All that an NDB evaluation found.
 *
 * @param report the tests
 * @param memorized whether candidates repeat rows of the reference, in their order; empty if that
 *     was not asked
 * @param notes what the figures can and cannot tell, in sentences without a full stop
 * @param rows the reference and the candidates, for pictures
 */
public record NdbPage(
    NdbReport report, List<Memorization> memorized, List<String> notes, List<Samples> rows) {
  /** Keeps its own copies of the lists. */
  public NdbPage {
    memorized = List.copyOf(memorized);
    notes = List.copyOf(notes);
    rows = List.copyOf(rows);
  }

  /**
   * The evaluation as a page.
   *
   * @param how the command that made it
   */
  public Report report(String how) {
    VoronoiBins.Options placed = report.bins().get(0).options();
    Samples known = rows.get(0);
    List<Samples> tested = rows.subList(1, rows.size());
    List<Block> summary = new ArrayList<>();
    if (report.summaries().get(0).seeds() > 1) {
      summary.add(NdbSections.means(report));
      summary.add(new Block.Folded("Each seed", List.of(NdbSections.table(report))));
    } else {
      summary.add(NdbSections.table(report));
    }
    notes.forEach(note -> summary.add(new Block.Text("Note: " + note + ".")));
    List<Report.Section> sections = new ArrayList<>();
    if (!memorized.isEmpty()) {
      sections.add(CopySection.of(memorized, known, tested));
    }
    sections.addAll(NdbSections.sections(report, known, tested));
    return new Report(
        "NDB against " + known.name(),
        String.format(
            Locale.ROOT,
            "In how many bins of the reference (%,d rows, counted %s) does a candidate hold"
                + " another share of its rows? NDB/K is the share of bins that differ.",
            known.rows(),
            placed.mode()),
        summary,
        sections,
        "Made by " + how + ": " + placed + ".");
  }
}
