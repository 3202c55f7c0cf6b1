package org.mixel.page;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.mixel.data.Samples;
import org.mixel.memorization.Memorization;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.VoronoiBins;
import org.mixel.report.Block;
import org.mixel.report.HtmlReport;
import org.mixel.report.Report;

/**
 * The results of an NDB evaluation, for a page:
 *
 * <pre>{@code
 * NdbReport report = Ndb.run(reference, candidates, Ndb.Options.defaults());
 * NdbPage.of(report, reference, candidates).write(Path.of("ndb.html"), "a program");
 * }</pre>
 *
 * @param report the tests
 * @param memorized whether candidates repeat rows of the reference, in their order; empty if that
 *     was not asked
 * @param notes remarks on the figures, in sentences without a full stop
 * @param rows the reference and the candidates, for pictures
 * @param counted the set whose rows were counted: the reference, or another in its place
 */
public record NdbPage(
    NdbReport report,
    List<Memorization> memorized,
    List<String> notes,
    List<Samples> rows,
    Samples counted) {
  /** Keeps its own copies of the lists. */
  public NdbPage {
    memorized = List.copyOf(memorized);
    notes = List.copyOf(notes);
    rows = List.copyOf(rows);
  }

  /**
   * An evaluation with its notes, without a look for copies, in which rows of the reference were
   * counted.
   *
   * @param candidates in the order of the report
   */
  public static NdbPage of(NdbReport report, Samples reference, List<Samples> candidates) {
    List<Samples> rows = Stream.concat(Stream.of(reference), candidates.stream()).toList();
    String advice = "compare both with unseen rows (class Memorization)";
    return new NdbPage(report, List.of(), NdbNotes.of(report, advice), rows, reference);
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

  /**
   * The evaluation as a page.
   *
   * @param maker the command or program that made it
   */
  public Report report(String maker) {
    VoronoiBins bins = report.bins().get(0);
    Samples known = rows.get(0);
    List<Samples> tested = rows.subList(1, rows.size());
    List<Block> summary = new ArrayList<>();
    if (report.summaries().get(0).seeds() > 1) {
      summary.add(NdbSections.means(report));
      summary.add(new Block.Folded("Each seed", List.of(NdbSections.table(report))));
    } else {
      summary.add(NdbSections.table(report));
    }
    if (report.results().size() > 1 && !report.joint().isEmpty()) {
      summary.add(NdbSections.joint(report));
    }
    notes.forEach(note -> summary.add(new Block.Text("Note: " + note + ".")));
    List<Report.Section> sections = new ArrayList<>();
    if (!memorized.isEmpty()) {
      sections.add(CopySection.of(memorized, known, tested));
    }
    sections.addAll(NdbSections.sections(report, counted, tested));
    return new Report(
        "NDB against " + known.name(),
        String.format(
            Locale.ROOT,
            "In how many bins of the reference (%,d rows, %s) does a candidate hold another share of"
                + " its rows? NDB/K is the share of bins that differ.",
            known.rows(),
            bins.countsOthers()
                ? String.format(
                    Locale.ROOT,
                    "%,d rows of %s are counted in its place",
                    bins.countedRows(),
                    bins.countedName())
                : NdbSections.counting(bins)),
        summary,
        sections,
        "Made by " + maker + ": " + bins.options() + ".");
  }
}
