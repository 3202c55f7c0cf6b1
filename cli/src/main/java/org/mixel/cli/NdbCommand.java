package org.mixel.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mixel.data.Coding;
import org.mixel.data.Samples;
import org.mixel.metric.Memorization;
import org.mixel.ndb.BinsExport;
import org.mixel.ndb.BinsFile;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.VoronoiBins;
import org.mixel.report.Block;
import org.mixel.report.HtmlReport;
import org.mixel.report.Report;
import org.mixel.study.CopySection;
import org.mixel.study.NdbNotes;
import org.mixel.study.NdbSections;
import org.mixel.tensor.ComputeDevice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mixel ndb}: how many Voronoi bins of a reference hold a share that differs. */
@Command(
    name = "ndb",
    header = "Test whether samples have the distribution of a reference set.",
    description = {
      "The reference is cut into K bins by k-means; in each, the candidate's share of rows is"
          + " tested against the reference's. NDB/K is the share of bins that differ: about alpha"
          + " if the distributions are equal.",
      ""
    },
    sortOptions = false)
final class NdbCommand extends Subcommand {
  @Parameters(index = "0", paramLabel = "REFERENCE", description = "The reference set.")
  private String reference;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "CANDIDATE",
      description = "The sets to test.")
  private List<String> candidates;

  @Mixin private BinningChoice binning = new BinningChoice();

  @Option(
      names = "--save-bins",
      paramLabel = "FILE",
      description = "Keep the bins for another run.")
  private @Nullable Path saveBins;

  @Option(
      names = "--bins-file",
      paramLabel = "FILE",
      description = "Use the bins of --save-bins; the reference and options must be the same.")
  private @Nullable Path binsFile;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Write a page with plots and pictures of the bins that differ.")
  private @Nullable Path page;

  @Option(
      names = "--export-bins",
      paramLabel = "DIR",
      description =
          "Write the bin of every row, and the rows of the bins that differ, to a folder.")
  private @Nullable Path exportBins;

  @Option(
      names = "--unseen",
      paramLabel = "DATA",
      description =
          "Rows from the reference's source that no model was trained on: tell whether a candidate"
              + " repeats rows of the reference.")
  private @Nullable String unseen;

  @Mixin private FeatureChoice features = new FeatureChoice();
  @Mixin private DataReading reading = new DataReading();
  @Mixin private DeviceChoice device = new DeviceChoice();

  @Override
  Answer run(Session session) {
    Ndb.Options options = binning.options(session.seed());
    if (exportBins != null) {
      BinsExport.requireEmpty(exportBins);
    }
    List<Samples> rows = new ArrayList<>();
    rows.add(reading.open(reference, session));
    candidates.forEach(each -> rows.add(reading.open(each, session)));
    if (unseen != null) {
      rows.add(reading.open(unseen, session));
    }
    noteCodings(rows, session);
    List<Samples> seen = features.of(rows, device.device(), session);
    int sets = 1 + candidates.size();
    NdbReport report = test(seen.subList(0, sets), options, session);
    List<Memorization> memorized =
        unseen == null ? List.of() : memorized(seen, report.bins().get(0), session);
    NdbNotes.of(report).forEach(note -> session.note("mixel: " + note));
    if (saveBins != null) {
      BinsFile.write(saveBins, report.bins());
    }
    if (exportBins != null) {
      BinsExport.write(
          exportBins,
          report,
          options,
          seen.subList(0, sets),
          rows.subList(0, sets),
          device.device(),
          session.progress());
    }
    if (page != null) {
      HtmlReport.write(page(report, memorized, rows.get(0), rows.subList(1, sets)), page);
    }
    TextTable table = binning.repeated() ? NdbTables.summary(report) : NdbTables.table(report);
    return Answer.of(
        document(report, memorized),
        memorized.isEmpty() ? table.toString() : table + "\n\n" + NdbTables.copies(memorized));
  }

  private static void noteCodings(List<Samples> rows, Session session) {
    Samples known = rows.get(0);
    for (Samples other : rows.subList(1, rows.size())) {
      if (known.coding().isPresent()
          && other.coding().isPresent()
          && !known.coding().equals(other.coding())) {
        boolean first = known.coding().get() == Coding.LOSSY;
        session.note(
            String.format(
                "mixel: %s was saved as JPEG or another lossy format, %s was not: bins may differ for"
                    + " that alone; compare images that were saved alike",
                first ? known.name() : other.name(), first ? other.name() : known.name()));
      }
    }
  }

  private NdbReport test(List<Samples> seen, Ndb.Options options, Session session) {
    ComputeDevice where = device.device();
    Samples known = seen.get(0);
    List<Samples> tested = seen.subList(1, seen.size());
    if (binsFile == null) {
      return Ndb.run(known, tested, options, where, session.progress());
    }
    List<VoronoiBins> placed = BinsFile.read(binsFile, known, options, session.progress());
    return Ndb.run(placed, tested, options, where, session.progress());
  }

  /** With the measure of distance that placed the bins. */
  private List<Memorization> memorized(List<Samples> seen, VoronoiBins bins, Session session) {
    int last = seen.size() - 1;
    return Memorization.of(
        seen.subList(1, last),
        seen.get(0),
        seen.get(last),
        bins.weights().orElse(null),
        Memorization.Options.defaults().withSeed(session.seed()),
        device.device(),
        session.progress());
  }

  private ObjectNode document(NdbReport report, List<Memorization> memorized) {
    ObjectNode document = report.toJson();
    if (features.text() != null) {
      ((ObjectNode) document.get("reference")).put("features", features.text());
    }
    if (unseen != null) {
      ArrayNode found = document.putArray("memorization");
      memorized.forEach(each -> found.add(each.toJson()));
    }
    return document;
  }

  private static Report page(
      NdbReport report, List<Memorization> memorized, Samples known, List<Samples> tested) {
    VoronoiBins.Options placed = report.bins().get(0).options();
    List<Block> summary = new ArrayList<>();
    summary.add(NdbSections.table(report));
    NdbNotes.of(report).forEach(note -> summary.add(new Block.Text("Note: " + note + ".")));
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
        "Made by mixel ndb: " + placed + ".");
  }
}
