package org.mixel.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mixel.data.Samples;
import org.mixel.memorization.Memorization;
import org.mixel.ndb.BinsFile;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.VoronoiBins;
import org.mixel.page.NdbNotes;
import org.mixel.page.NdbPage;
import org.mixel.page.ValueNotes;
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
  /** Rows drawn from a model, as in the paper. */
  private static final int DRAWN = 20_000;

  @Parameters(index = "0", paramLabel = "REFERENCE", description = "The reference set.")
  private String reference;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "CANDIDATE",
      description =
          "The sets to test; of a model (.mfa, or one that mixel train made) 20,000 rows are"
              + " drawn, or as many as --candidate-rows says.")
  private List<String> candidates;

  @Mixin private BinningChoice binning = new BinningChoice();

  @Option(
      names = "--bins-file",
      paramLabel = "FILE",
      description = "Use the bins of --save-bins; the reference and options must be the same.")
  private @Nullable Path binsFile;

  @Option(
      names = "--counted",
      paramLabel = "DATA",
      description =
          "Count these rows, from the reference's source and unknown to every model, instead of"
              + " REFERENCE's; REFERENCE then only places the bins, with all its rows.")
  private @Nullable String counted;

  @Option(
      names = "--unseen",
      paramLabel = "DATA",
      description =
          "Rows from the reference's source that no model was trained on: tell whether a candidate"
              + " repeats rows of the reference.")
  private @Nullable String unseen;

  @Mixin private FeatureChoice features = new FeatureChoice();
  @Mixin private PixelRounding rounding = new PixelRounding();
  @Mixin private DataReading reading = new DataReading();
  @Mixin private DeviceChoice device = new DeviceChoice();
  @Mixin private NdbOutputs outputs = new NdbOutputs();

  @Override
  Answer run(Session session) {
    Ndb.Options options = binning.options(session.seed());
    requirePlaces();
    List<Samples> given = new ArrayList<>();
    given.add(reading.open(reference, session));
    ComputeDevice where = device.device();
    int drawn = Math.min(DRAWN, options.candidateRows());
    candidates.forEach(each -> given.add(reading.openOrDraw(each, drawn, where, session)));
    if (counted != null) {
      given.add(reading.open(counted, session));
    }
    int sets = given.size();
    if (unseen != null) {
      given.add(reading.open(unseen, session));
    }
    List<Samples> rows = rounding.of(given, features.stored());
    List<Samples> seen = features.of(rows, where, session);
    if (unseen != null) {
      Ndb.requireUsable("unseen set", seen.get(sets), seen.get(0));
    }
    NdbReport report = test(seen.subList(0, sets), options, session);
    List<Memorization> memorized =
        unseen == null ? List.of() : memorized(seen, report.bins().get(0), session);
    List<String> notes = new ArrayList<>(NdbNotes.ofCodings(rows));
    if (!features.stored()) {
      notes.addAll(ValueNotes.ofScales(given.get(0), given.subList(1, given.size())));
    }
    rounding.note(given).ifPresent(notes::add);
    NdbNotes.of(report, advice()).forEach(note -> notes.add(session.spelled(note)));
    notes.forEach(session::note);
    int tested = 1 + candidates.size();
    Samples other = rows.get(counted == null ? 0 : tested);
    NdbPage results = new NdbPage(report, memorized, notes, rows.subList(0, tested), other);
    outputs.write(
        results, options, seen.subList(0, sets), rows.subList(0, sets), device.device(), session);
    List<TextTable> tables = new ArrayList<>();
    tables.add(binning.repeated() ? NdbTables.summary(report) : NdbTables.table(report));
    NdbTables.joint(report).ifPresent(tables::add);
    if (!memorized.isEmpty()) {
      tables.add(NdbTables.copies(memorized));
    }
    return Answer.of(
        document(results, given),
        tables.stream().map(TextTable::toString).collect(Collectors.joining("\n\n")));
  }

  private void requirePlaces() {
    Places places = new Places().reads(reference).reads(counted).reads(unseen).reads(binsFile);
    candidates.forEach(places::reads);
    features.addTo(places);
    outputs.addTo(places);
    places.check();
  }

  /** Advice where a candidate may share rows with the reference. */
  private String advice() {
    if (counted != null) {
      return "count rows that no candidate holds";
    }
    return unseen == null
        ? "compare both with unseen rows (--unseen DATA)"
        : "its verdict is in the table of copies";
  }

  private NdbReport test(List<Samples> seen, Ndb.Options options, Session session) {
    ComputeDevice where = device.device();
    Samples known = seen.get(0);
    List<Samples> tested = seen.subList(1, 1 + candidates.size());
    Samples other = counted == null ? null : seen.get(1 + candidates.size());
    if (binsFile == null) {
      return Ndb.run(known, other, tested, options, where, session.progress());
    }
    List<VoronoiBins> placed = BinsFile.read(binsFile, known, other, options, session.progress());
    return Ndb.run(placed, tested, options, where, session.progress());
  }

  /** With the measure of distance that placed the bins. */
  private List<Memorization> memorized(List<Samples> seen, VoronoiBins bins, Session session) {
    int last = seen.size() - 1;
    return Memorization.of(
        seen.subList(1, 1 + candidates.size()),
        seen.get(0),
        seen.get(last),
        bins.weights().orElse(null),
        Memorization.Options.defaults().withSeed(session.seed()),
        device.device(),
        session.progress());
  }

  private ObjectNode document(NdbPage results, List<Samples> given) {
    ObjectNode document = results.report().toJson();
    rounding.describe(given, document);
    if (features.text() != null) {
      ((ObjectNode) document.get("reference")).put("features", features.text());
    }
    if (unseen != null) {
      ArrayNode memorized = document.putArray("memorization");
      results.memorized().forEach(each -> memorized.add(each.toJson()));
    }
    results.notes().forEach(document.putArray("notes")::add);
    return document;
  }
}
