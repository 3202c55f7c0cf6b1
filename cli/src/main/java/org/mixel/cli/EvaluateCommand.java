package org.mixel.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mixel.data.Samples;
import org.mixel.evaluation.ComparedSets;
import org.mixel.evaluation.Evaluation;
import org.mixel.evaluation.EvaluationReport;
import org.mixel.evaluation.Measure;
import org.mixel.evaluation.SetLabels;
import org.mixel.page.EvaluationPage;
import org.mixel.page.NdbNotes;
import org.mixel.page.ValueNotes;
import org.mixel.tensor.ComputeDevice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mixel evaluate}: all figures of two sets, each beside what equal sets would give. */
@Command(
    name = "evaluate",
    header = "Compare samples with a reference set by all figures.",
    description = {
      "Bins, kernels, Frechet distance, precision and recall, copies and sharpness: each figure"
          + " with its error, what equal sets of these sizes would give, and a p-value. A line for"
          + " each candidate says which of them show a difference.",
      ""
    },
    sortOptions = false)
final class EvaluateCommand extends Subcommand {
  private static final Evaluation.Options DEFAULTS = Evaluation.Options.defaults();

  /** Rows drawn from a model. */
  private static final int DRAWN = 20_000;

  @Parameters(index = "0", paramLabel = "REFERENCE", description = "The reference set.")
  private String reference;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "CANDIDATE",
      description =
          "The sets to judge; of a model (.mfa, or one that mixel train made) 20,000 rows are"
              + " drawn.")
  private List<String> candidates;

  @Option(
      names = "--metrics",
      split = ",",
      paramLabel = "LIST",
      description =
          "The figures, such as ndb,frechet,recall (default: all that apply). There are ndb,"
              + " js-excess, pqmass, c2st, mmd, frechet, precision, recall, density, coverage,"
              + " copies, sharpness, classifier-score.")
  private @Nullable List<String> metrics;

  @Option(
      names = "--counted",
      paramLabel = "DATA",
      description =
          "Compare the candidates with these rows, from the reference's source and unknown to every"
              + " model; REFERENCE then only places bins and is searched for copies.")
  private @Nullable String counted;

  @Option(
      names = "--unseen",
      paramLabel = "DATA",
      description =
          "Rows from the reference's source that no model was trained on: tell whether a candidate"
              + " repeats rows of the reference (default: those of --counted).")
  private @Nullable String unseen;

  @Option(
      names = "--bins",
      split = ",",
      paramLabel = "K",
      description = "Numbers of NDB's bins (default: 100).")
  private List<Integer> bins = DEFAULTS.bins();

  @Option(
      names = "--neighbours",
      paramLabel = "N",
      description =
          "The balls of precision, recall, density and coverage reach to this neighbour"
              + " (default: 5).")
  private int neighbours = DEFAULTS.neighbours();

  @Option(
      names = "--classifier",
      paramLabel = "NET.pt",
      description =
          "Report the Inception Score, too, by this TorchScript network that gives logits of"
              + " classes (a program, so take only what you trust).")
  private @Nullable Path classifier;

  @Option(
      names = "--equal-rows",
      description = "Compare as many rows of both sets: a random part of the larger.")
  private boolean equalRows;

  @Mixin private FeatureChoice features = new FeatureChoice();
  @Mixin private ClassChoice classes = new ClassChoice();
  @Mixin private PixelRounding rounding = new PixelRounding();
  @Mixin private DataReading reading = new DataReading();
  @Mixin private DeviceChoice device = new DeviceChoice();

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Write a page with the figures, and pictures of the bins that differ.")
  private @Nullable Path page;

  @Override
  Answer run(Session session) {
    Evaluation.Options options =
        DEFAULTS
            .withBins(bins)
            .withNeighbours(neighbours)
            .withEqualRows(equalRows)
            .withClassifier(classifier)
            .withSeed(session.seed())
            .withMeasures(metrics == null ? Set.of() : Measure.of(metrics, bins));
    requirePlaces();
    ComputeDevice where = device.device();
    List<Samples> given = new ArrayList<>();
    given.add(reading.open(reference, session));
    candidates.forEach(each -> given.add(reading.openOrDraw(each, DRAWN, where, session)));
    int tested = given.size();
    if (counted != null) {
      given.add(reading.open(counted, session));
    }
    if (unseen != null) {
      given.add(reading.open(unseen, session));
    }
    List<Samples> rows = rounding.of(given, features.stored());
    int compared = counted == null ? tested : tested + 1;
    Optional<SetLabels> labels = classes.of(rows.subList(0, compared), session);
    ComparedSets sets = sets(features.of(rows, where, session), rows.subList(0, tested));
    EvaluationReport found =
        labels.isPresent()
            ? Evaluation.run(sets, labels.get(), options, where, session.progress())
            : Evaluation.run(sets, options, where, session.progress());
    EvaluationReport report = found.withNotes(notes(found, given, rows, session));
    report.notes().forEach(session::note);
    if (page != null) {
      Samples looked = rows.get(counted == null ? 0 : tested);
      new EvaluationPage(report, rows.subList(0, tested), looked)
          .write(page, "mixel evaluate --seed " + session.seed());
    }
    return Answer.of(document(report, given), EvaluationTables.text(report));
  }

  private void requirePlaces() {
    Places places = new Places().reads(reference).reads(counted).reads(unseen).reads(classifier);
    candidates.forEach(places::reads);
    features.addTo(places);
    classes.addTo(places);
    places.writes(page, ".html", ".htm").check();
  }

  private ComparedSets sets(List<Samples> seen, List<Samples> images) {
    int tested = images.size();
    return new ComparedSets(
        seen.get(0),
        seen.subList(1, tested),
        counted == null ? null : seen.get(tested),
        unseen == null ? null : seen.get(seen.size() - 1),
        images);
  }

  private List<String> notes(
      EvaluationReport found, List<Samples> given, List<Samples> rows, Session session) {
    List<String> notes = new ArrayList<>(NdbNotes.ofCodings(rows));
    if (!features.stored()) {
      notes.addAll(ValueNotes.ofScales(given.get(0), given.subList(1, given.size())));
    }
    rounding.note(given).ifPresent(notes::add);
    if (found.ndb() != null) {
      String advice = "compare both with rows that no model has seen (`unseen`)";
      notes.addAll(NdbNotes.of(found.ndb(), advice));
    }
    notes.addAll(found.notes());
    return notes.stream().map(session::spelled).toList();
  }

  private ObjectNode document(EvaluationReport report, List<Samples> given) {
    ObjectNode document = report.toJson();
    rounding.describe(given, document);
    if (features.text() != null) {
      ((ObjectNode) document.get("reference")).put("features", features.text());
    }
    return document;
  }
}
