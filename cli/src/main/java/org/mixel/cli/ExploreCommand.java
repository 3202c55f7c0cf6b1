package org.mixel.cli;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.data.named.NamedSets;
import org.mixel.explorer.Exploration;
import org.mixel.explorer.Explorer;
import org.mixel.io.Labels;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.page.ValueNotes;
import org.mixel.tensor.ComputeDevice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mixel explore}: the page over a mixture. */
@Command(
    name = "explore",
    header = "Look at a mixture in the browser: components, completions, likelihoods, bins.",
    description = {
      "Serves a page to this machine alone and prints its address, which holds a secret token. Ends"
          + " with Ctrl-C.",
      ""
    },
    sortOptions = false)
final class ExploreCommand extends Subcommand {
  /** Rows drawn of a candidate that is a model, as mixel ndb does. */
  private static final int DRAWN = 20_000;

  @Mixin private ModelFile model = new ModelFile();

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description = "Rows to look at: a file, a folder or a set's name.")
  private @Nullable String data;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "The class of every row of --data, an IDX file or a .npy of integers (default: those of a"
              + " named set).")
  private @Nullable Path labels;

  @Option(
      names = "--candidate",
      arity = "1..*",
      paramLabel = "DATA",
      description =
          "Sets whose NDB against --data is shown; of a model (.mfa, or one that mixel train made)"
              + " 20,000 rows are drawn.")
  private List<String> candidates = List.of();

  @Option(
      names = "--evaluation",
      paramLabel = "FILE.json",
      description = "What mixel evaluate --json printed of the candidates, to be shown beside.")
  private @Nullable Path evaluation;

  @Option(
      names = "--port",
      paramLabel = "P",
      description = "Where to listen (default: any port that is free).")
  private int port;

  @Option(names = "--no-browser", description = "Print the address only; open no browser.")
  private boolean noBrowser;

  @Mixin private DataReading reading = new DataReading();

  private @Nullable MixtureOfFactorAnalyzers mixture;
  private @Nullable Explorer explorer;

  /** What takes a moment to find out, told when the page is there. */
  private Runnable remarks = () -> {};

  @Override
  Answer run(Session session) {
    Places places = new Places().reads(model.file()).reads(data).reads(labels).reads(evaluation);
    candidates.forEach(places::reads);
    places.check();
    require(data != null || labels == null, "--labels are those of --data; give it, too");
    require(
        data != null || candidates.isEmpty(), "--candidate is compared with --data; give it, too");
    // While the model waits for the engine to be loaded.
    CompletableFuture<@Nullable Rows> rows = CompletableFuture.supplyAsync(() -> rows(session));
    mixture = model.open(ComputeDevice.CPU);
    explorer = Explorer.open(exploration(mixture, rows.join(), session), port);
    String address = explorer.address().toString();
    if (!noBrowser && !Browser.open(explorer.addressForOnce())) {
      session.note("no browser was found; open the address in one");
    }
    return Answer.of(Map.of("url", address), address);
  }

  /** Rows to look at, and their classes if they are known. */
  private record Rows(Samples samples, int @Nullable [] labels) {}

  private @Nullable Rows rows(Session session) {
    if (data == null) {
      return null;
    }
    Samples samples = reading.open(data, session).named(data);
    return new Rows(samples, labels(data, samples, session));
  }

  private Exploration exploration(
      MixtureOfFactorAnalyzers mixture, @Nullable Rows rows, Session session) {
    Exploration exploration =
        Exploration.of(model.file().toString(), mixture)
            .withSeed(session.seed())
            .withReading(reading.options().words())
            .withEvaluation(evaluation == null ? null : Json.read(evaluation));
    require(
        evaluation == null || !candidates.isEmpty(),
        "--evaluation is shown beside the bins of --candidate; give one, too");
    if (rows == null) {
      return exploration;
    }
    exploration = exploration.withData(rows.samples(), rows.labels());
    List<Samples> sets = new ArrayList<>();
    for (String each : candidates) {
      sets.add(reading.openOrDraw(each, DRAWN, ComputeDevice.CPU, session).named(each));
    }
    remarks =
        () -> {
          ValueNotes.ofModel(mixture, rows.samples()).ifPresent(session::note);
          ValueNotes.ofScales(rows.samples(), sets).forEach(session::note);
        };
    return exploration.withCandidates(sets);
  }

  private int @Nullable [] labels(String name, Samples rows, Session session) {
    if (labels != null) {
      return Labels.of(name, labels, rows.rows(), session.progress());
    }
    if (!NamedSets.isName(name)) {
      return null;
    }
    try {
      return Labels.of(name, null, rows.rows(), session.progress());
    } catch (InputException e) {
      session.note("no classes are shown: " + e.getMessage());
      return null;
    }
  }

  @Override
  void goOn() throws InterruptedException {
    try (MixtureOfFactorAnalyzers open = mixture;
        Explorer serving = explorer) {
      remarks.run();
      new CountDownLatch(1).await();
    }
  }
}
