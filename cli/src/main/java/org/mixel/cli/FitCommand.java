package org.mixel.cli;

import static org.mixel.InputException.require;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Interruption;
import org.mixel.OutputLock;
import org.mixel.OutputPlace;
import org.mixel.cli.RowsChoice.Rows;
import org.mixel.data.Samples;
import org.mixel.io.Weights;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.mfa.training.Checkpoints;
import org.mixel.mfa.training.ComponentSweep;
import org.mixel.mfa.training.HierarchicalTrainer;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.page.FitPage;
import org.mixel.page.ValueNotes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mixel fit}: trains a mixture. */
@Command(
    name = "fit",
    header = "Fit a mixture of factor analyzers to images or other vectors.",
    sortOptions = false)
final class FitCommand extends Subcommand {
  @Parameters(paramLabel = "DATA", description = "Training rows: a file, a folder or a set's name.")
  private String data;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "M.mfa",
      description = "Where the model goes.")
  private Path output;

  @Mixin private TrainingChoice training = new TrainingChoice();
  @Mixin private FirstModelChoice first = new FirstModelChoice();

  @Option(
      names = "--hierarchical",
      paramLabel = "ROOTS",
      description =
          "Train so many components first, at most K, then split each on the rows that it owns.")
  private @Nullable Integer roots;

  @Option(
      names = "--rows-per-component",
      paramLabel = "N",
      description =
          "Of a split root (default: as many as make about K components; needs --hierarchical).")
  private @Nullable Integer rowsPerComponent;

  @Mixin private RowsChoice held = new RowsChoice();
  @Mixin private GoingOn goingOn = new GoingOn();

  @Option(
      names = "--weights",
      paramLabel = "W.npy",
      description =
          "How many rows each row stands for: one number for each, at least 0 (with --trainer em or"
              + " truncated-em).")
  private @Nullable Path weights;

  @Option(
      names = "--mirror",
      description = "Images: train on their mirror images too, left and right exchanged.")
  private boolean mirror;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description =
          "Write a page: likelihoods of each number of components and of each iteration, and images"
              + " reconstructed.")
  private @Nullable Path report;

  @Mixin private MaskChoice mask = new MaskChoice();
  @Mixin private DataReading reading = new DataReading();
  @Mixin private DeviceChoice device = new DeviceChoice();

  /** A model and what it came from. */
  private record Trained(TrainingResult result, @Nullable List<ComponentSweep.Setting> settings) {}

  @Override
  Answer run(Session session) {
    try (FirstModelChoice.Given given = first.open(device.device())) {
      if (given != null) {
        training.takeSize(given);
        require(roots == null, given.option() + " is not for --hierarchical");
      }
      return run(given, session);
    }
  }

  private Answer run(FirstModelChoice.@Nullable Given given, Session session) {
    List<Integer> components = training.components();
    int largest = Collections.max(components);
    components.forEach(training.options(largest, false, device, session.seed())::withComponents);
    boolean sweep = components.size() > 1;
    require(roots != null || rowsPerComponent == null, "--rows-per-component needs --hierarchical");
    require(
        roots == null || !sweep, "--hierarchical takes one number of --components, not several");
    require(
        roots == null || rowsPerComponent != null || roots <= largest,
        "--hierarchical %s: roots must be at most --components, got %d; ask for fewer roots or more components"
            .formatted(roots, largest));
    require(roots == null || weights == null, "--weights is not an option of --hierarchical");
    Checkpoints checkpoints = Checkpoints.beside(output);
    requirePlaces(checkpoints);
    try (OutputLock lock = OutputLock.of(output)) {
      goingOn.requireChoice(output, checkpoints.found());
      boolean onFromModel = goesOnFromModel(checkpoints, sweep || roots != null, session);
      Samples all = trainingRows(session);
      Rows split = held.of(all, largest, reading, session);
      Rows rows = mirror ? split.mirrored() : split;
      TrainingOptions options =
          training
              .options(largest, all.areVectors(), device, session.seed())
              .withInitialization(first.ofRows());
      tellValues(rows, options, session);
      requireSpace(options, rows.train());
      if (goingOn.restart()) {
        checkpoints.delete();
      }
      boolean afresh = checkpoints.found().isEmpty();
      FitPage page = FitPage.of(options, rows.train(), rows.held(), rows.test());
      Trained trained;
      try (Interruption interruption =
          Interruption.breakingOff(() -> sayHowToGoOn(checkpoints, session))) {
        trained =
            sweep
                ? sweep(options, components, rows, checkpoints, page, session)
                : roots != null
                    ? hierarchical(options, roots, rows, checkpoints, session)
                    : plain(options, given, rows, checkpoints, onFromModel, session);
      } catch (InputException e) {
        if (afresh) {
          // Nothing can go on from what was refused.
          checkpoints.delete();
        }
        throw e;
      }
      return finish(trained, options, rows, checkpoints, page, session);
    }
  }

  private void requirePlaces(Checkpoints checkpoints) {
    Places places = new Places().reads(data);
    held.addTo(places);
    first.addTo(places);
    places
        .reads(mask.text())
        .reads(weights)
        .writesTensors(output)
        .writes(report, ".html", ".htm")
        .writes(checkpoints.single())
        .writesBeside(output, ".checkpoint.best")
        .writesInto(checkpoints.staged())
        .writesBeside(output, ".lock")
        .check();
  }

  /** The model, and the checkpoint that it replaces. */
  private void requireSpace(TrainingOptions options, Samples rows) {
    long values = (long) options.components() * (rows.dims() * (options.factors() + 2L) + 1);
    OutputPlace.requireSpace(output, 2 * values * (rows.areVectors() ? Double.BYTES : Float.BYTES));
  }

  /**
   * Whether there is a finished model to go on with, and no checkpoint.
   *
   * @param staged whether the training is one of several stages
   */
  private boolean goesOnFromModel(Checkpoints checkpoints, boolean staged, Session session) {
    Path own = staged ? checkpoints.staged() : checkpoints.single();
    Path other = staged ? checkpoints.single() : checkpoints.staged();
    List<Path> kept = checkpoints.found();
    if (!goingOn.resume() || kept.contains(own)) {
      return false;
    }
    require(
        !kept.contains(other),
        "%s: of a training in %s; use the options that it had, or drop it by --restart"
            .formatted(other, staged ? "one stage" : "several stages"));
    if (!Files.exists(output)) {
      session.note("no checkpoint of " + output + " is there yet; training begins anew");
      return false;
    }
    require(
        !staged,
        output
            + ": is there already, and a training in several stages does not go on when it is"
            + " done; --restart trains it anew");
    return true;
  }

  private void sayHowToGoOn(Checkpoints checkpoints, Session session) {
    session.part(
        checkpoints.found().isEmpty()
            ? "interrupted before an iteration was done; nothing is saved"
            : "interrupted; " + goingOn.advice());
  }

  private Answer finish(
      Trained trained,
      TrainingOptions options,
      Rows rows,
      Checkpoints checkpoints,
      FitPage page,
      Session session) {
    try (MixtureOfFactorAnalyzers model = trained.result().model()) {
      model.save(output);
      if (report != null) {
        page.write(report, trained.result(), "mixel fit", session.progress());
      }
      checkpoints.delete();
      Double tested =
          rows.test() == null
              ? null
              : Scoring.meanLogLikelihood(model, rows.test(), session.progress());
      Fitted fitted =
          Fitted.of(trained.result(), trained.settings(), options, rows, tested, output);
      return Answer.of(
          fitted, fitted.text(rows.train().rows(), trained.result().keptLogLikelihood()));
    }
  }

  private Samples trainingRows(Session session) {
    Samples read = held.dequantizedAfresh(reading.open(data, session), session.seed());
    Samples seen = mask.apply(read);
    return weights == null ? seen : Weights.apply(weights, seen);
  }

  private static void tellValues(Rows rows, TrainingOptions options, Session session) {
    double floor =
        options.refit().takesPlace()
            ? options.refit().leastFloor()
            : options.maximization().noiseFloor();
    ValueNotes.ofTraining(rows.train(), floor).forEach(session::note);
    List<Samples> others = Stream.of(rows.held(), rows.test()).filter(Objects::nonNull).toList();
    ValueNotes.ofScales(rows.all(), others).forEach(session::note);
  }

  private Trained plain(
      TrainingOptions options,
      FirstModelChoice.@Nullable Given given,
      Rows rows,
      Checkpoints checkpoints,
      boolean onFromModel,
      Session session) {
    Trainer trainer =
        Trainer.of(options, device.device()).checkpointedIn(checkpoints.single(), goingOn.resume());
    if (rows.held() != null) {
      trainer.validatedBy(rows.held());
    }
    if (given != null) {
      given.addTo(trainer);
    }
    if (!onFromModel) {
      return new Trained(trainer.fit(rows.train(), session.progress()), null);
    }
    if (options.algorithm().remembers()) {
      session.note(
          options.algorithm().trainer()
              + " kept its state in the checkpoint, which is gone; the state starts afresh");
    }
    try (MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(output, device.device())) {
      trainer.goingOnFrom(model, output);
      return new Trained(trainer.fit(rows.train(), session.progress()), null);
    }
  }

  private Trained hierarchical(
      TrainingOptions options, int roots, Rows rows, Checkpoints checkpoints, Session session) {
    HierarchicalTrainer trainer =
        HierarchicalTrainer.of(options, roots, device.device())
            .checkpointedIn(checkpoints.staged(), goingOn.resume());
    if (rowsPerComponent != null) {
      trainer.splitBy(rowsPerComponent);
    }
    if (rows.held() != null) {
      trainer.validatedBy(rows.held());
    }
    return new Trained(trainer.fit(rows.train(), session.progress()), null);
  }

  private Trained sweep(
      TrainingOptions options,
      List<Integer> components,
      Rows rows,
      Checkpoints checkpoints,
      FitPage page,
      Session session) {
    if (rows.held() == null) {
      throw new InputException(
          "several --components are judged by validation rows; give --validation DATA");
    }
    ComponentSweep sweep =
        ComponentSweep.of(options, components, device.device())
            .checkpointedIn(checkpoints.staged(), goingOn.resume());
    if (rows.test() != null) {
      sweep.testedBy(rows.test());
    }
    if (report != null) {
      sweep.shownTo(page::add);
    }
    ComponentSweep.Outcome outcome = sweep.fit(rows.train(), rows.held(), session.progress());
    return new Trained(outcome.best(), outcome.settings());
  }
}
