package org.mixel.cli;

import static org.mixel.InputException.require;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Interruption;
import org.mixel.OutputLock;
import org.mixel.OutputPlace;
import org.mixel.data.RowSize;
import org.mixel.data.Samples;
import org.mixel.io.Weights;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.mfa.training.Checkpoints;
import org.mixel.mfa.training.ComponentSweep;
import org.mixel.mfa.training.HierarchicalTrainer;
import org.mixel.mfa.training.Holdout;
import org.mixel.mfa.training.Maximization;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.study.ValueNotes;
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

  @Option(
      names = "--validation",
      paramLabel = "DATA|none",
      description =
          "Rows to stop on; the model that is best on them is kept (default: a tenth of the rows, at"
              + " most 5,000, if there are 1,000; a fiftieth if there are fewer than 20 for each"
              + " component).")
  private @Nullable String validation;

  @Option(
      names = "--test",
      paramLabel = "DATA",
      description = "Rows to score the model on when it is done.")
  private @Nullable String test;

  @Option(
      names = "--dequantize",
      description =
          "8-bit images: train on (x + u) / 256 with u uniform in [0, 1), drawn anew for each pass;"
              + " for likelihoods that score --bits-per-dim compares.")
  private boolean dequantize;

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

  @Mixin private MaskChoice mask = new MaskChoice();
  @Mixin private DataReading reading = new DataReading();
  @Mixin private DeviceChoice device = new DeviceChoice();

  private record Fitted(
      int components,
      int factors,
      int rows,
      int validationRows,
      int dims,
      String trainer,
      long seed,
      List<Double> trainLogLikelihood,
      List<Double> validationLogLikelihood,
      List<Double> iterationSeconds,
      double exactLogLikelihood,
      @Nullable Double testLogLikelihood,
      @Nullable Density density,
      @Nullable List<ComponentSweep.Setting> settings,
      boolean converged,
      Map<String, Double> phases,
      double seconds,
      String model) {}

  /** The noise that components were found under, and the floor and prior that the refit chose. */
  private record Density(double trainingNoise, double noiseFloor, double noisePrior) {
    static @Nullable Density of(TrainingResult result) {
      Maximization refit = result.refit();
      return refit == null
          ? null
          : new Density(result.model().posteriorNoise(), refit.noiseFloor(), refit.priorRows());
    }
  }

  /** The rows to train on, to validate with and to test with. */
  private record Rows(Samples all, Samples train, @Nullable Samples held, @Nullable Samples test) {}

  /** A model and what it came from. */
  private record Trained(TrainingResult result, @Nullable List<ComponentSweep.Setting> settings) {}

  @Override
  Answer run(Session session) {
    List<Integer> components = training.components();
    int largest = Collections.max(components);
    components.forEach(training.options(largest, false, session.seed())::withComponents);
    boolean sweep = components.size() > 1;
    require(roots != null || rowsPerComponent == null, "--rows-per-component needs --hierarchical");
    require(
        roots == null || !sweep, "--hierarchical takes one number of --components, not several");
    require(
        roots == null || rowsPerComponent != null || roots <= largest,
        "--hierarchical "
            + roots
            + ": roots must be at most --components, got "
            + largest
            + "; ask for fewer roots or more components");
    Checkpoints checkpoints = Checkpoints.beside(output);
    require(roots == null || weights == null, "--weights is not an option of --hierarchical");
    requirePlaces(checkpoints);
    try (OutputLock lock = OutputLock.of(output)) {
      goingOn.requireChoice(output, checkpoints.found());
      boolean onFromModel = goesOnFromModel(checkpoints, sweep || roots != null, session);
      Rows rows = rows(largest, session);
      TrainingOptions options = training.options(largest, rows.all().areVectors(), session.seed());
      tellValues(rows, options, session);
      requireSpace(options, rows.train());
      if (goingOn.restart()) {
        checkpoints.delete();
      }
      Trained trained;
      try (Interruption interruption =
          Interruption.breakingOff(() -> sayHowToGoOn(checkpoints, session))) {
        trained =
            sweep
                ? sweep(options, components, rows, checkpoints, session)
                : roots != null
                    ? hierarchical(options, roots, rows, checkpoints, session)
                    : plain(options, rows, checkpoints, onFromModel, session);
      }
      return finish(trained, options, rows, checkpoints, session);
    }
  }

  private void requirePlaces(Checkpoints checkpoints) {
    new Places()
        .reads(data)
        .reads(validation)
        .reads(test)
        .reads(mask.text())
        .reads(weights)
        .writesTensors(output)
        .writes(checkpoints.single())
        .writes(beside(".checkpoint.best"))
        .writesInto(checkpoints.staged())
        .writes(beside(".lock"))
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
        other
            + ": of a training in "
            + (staged ? "one stage" : "several stages")
            + "; use the options that it had, or drop it by --restart");
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
      Session session) {
    TrainingResult result = trained.result();
    try (MixtureOfFactorAnalyzers model = result.model()) {
      model.save(output);
      checkpoints.delete();
      Double tested =
          rows.test() == null
              ? null
              : Scoring.meanLogLikelihood(model, rows.test(), session.progress());
      Fitted fitted =
          new Fitted(
              model.components(),
              model.factors(),
              rows.all().rows(),
              rows.held() == null ? 0 : rows.held().rows(),
              model.dims(),
              options.algorithm().trainer(),
              session.seed(),
              result.trainLogLikelihood(),
              result.validationLogLikelihood(),
              result.iterationSeconds(),
              result.exactLogLikelihood(),
              tested,
              Density.of(result),
              trained.settings(),
              result.converged(),
              result.phases(),
              result.seconds(),
              output.toString());
      return Answer.of(fitted, describe(fitted, rows.train().rows(), result.keptLogLikelihood()));
    }
  }

  private Rows rows(int components, Session session) {
    Samples read = reading.open(data, session);
    Samples seen = mask.apply(dequantize ? read.dequantizedAfresh(session.seed()) : read);
    Samples all = weights == null ? seen : Weights.apply(weights, seen);
    Samples tested = test == null ? null : judges(test, session);
    requireSameSize("--test", tested, all);
    if (validation == null) {
      Optional<Holdout> parts = Holdout.of(all, components, session.seed());
      parts.ifPresent(
          held ->
              session.note(
                  "%,d random rows are held out for validation; --validation none trains on all"
                      .formatted(held.validation().rows())));
      Samples train = parts.map(Holdout::train).orElse(all);
      return new Rows(
          all,
          mirror ? train.mirrored() : train,
          parts.map(Holdout::validation).orElse(null),
          tested);
    }
    Samples held = validation.equals("none") ? null : judges(validation, session);
    requireSameSize("--validation", held, all);
    return new Rows(all, mirror ? all.mirrored() : all, held, tested);
  }

  /** Rows to judge models on, dequantised once if the training rows are in each pass. */
  private Samples judges(String text, Session session) {
    Samples samples = reading.open(text, session);
    return dequantize ? samples.dequantized(session.seed()) : samples;
  }

  private static void requireSameSize(String option, @Nullable Samples set, Samples all) {
    if (set != null && set.dims() != all.dims()) {
      RowSize its = RowSize.of(set);
      RowSize wanted = RowSize.of(all);
      throw new InputException(
          "%s %s: its rows have %s, those of %s %s%s"
              .formatted(option, set.name(), its, all.name(), wanted, its.remedy(wanted)));
    }
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
      Rows rows,
      Checkpoints checkpoints,
      boolean onFromModel,
      Session session) {
    Trainer trainer =
        Trainer.of(options, device.device()).checkpointedIn(checkpoints.single(), goingOn.resume());
    if (rows.held() != null) {
      trainer.validatedBy(rows.held());
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
    int share =
        rowsPerComponent != null
            ? rowsPerComponent
            : Math.max(1, rows.train().rows() / options.components());
    HierarchicalTrainer trainer =
        HierarchicalTrainer.of(options, roots, share, device.device())
            .checkpointedIn(checkpoints.staged(), goingOn.resume());
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
    ComponentSweep.Outcome outcome = sweep.fit(rows.train(), rows.held(), session.progress());
    return new Trained(outcome.best(), outcome.settings());
  }

  private Path beside(String ending) {
    return output.resolveSibling(output.getFileName() + ending);
  }

  private static String describe(Fitted fitted, int trainedOn, @Nullable Double kept) {
    String text =
        ("%s: %d components x %d factors, %,d rows of %d values%n"
                + "%s: %d iterations in %.1f s, %s; train %.2f nats per row")
            .formatted(
                fitted.model(),
                fitted.components(),
                fitted.factors(),
                trainedOn,
                fitted.dims(),
                fitted.trainer(),
                fitted.trainLogLikelihood().size(),
                fitted.seconds(),
                fitted.converged() ? "converged" : "stopped at the limit of iterations",
                fitted.exactLogLikelihood());
    if (kept != null) {
      text += ", validation %.2f (kept)".formatted(kept);
    }
    if (fitted.testLogLikelihood() != null) {
      text += ", test %.2f".formatted(fitted.testLogLikelihood());
    }
    return fitted.settings() == null ? text : table(fitted.settings()) + "\n" + text;
  }

  private static TextTable table(List<ComponentSweep.Setting> settings) {
    TextTable table =
        TextTable.of(
            "components",
            "train %.2f",
            "validation %.2f",
            "test %.2f",
            "BIC %.4e",
            "iterations",
            "seconds %.1f");
    for (ComponentSweep.Setting setting : settings) {
      table.row(
          setting.components(),
          setting.trainLogLikelihood(),
          setting.validationLogLikelihood(),
          setting.testLogLikelihood(),
          setting.bic(),
          setting.iterations(),
          setting.seconds());
    }
    return table;
  }
}
