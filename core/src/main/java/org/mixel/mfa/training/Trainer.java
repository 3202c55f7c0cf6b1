package org.mixel.mfa.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataHash;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;

/**
 * Trains mixtures, iteration by iteration, each a {@link Pass} over the rows.
 *
 * <p>With a checkpoint file every finished iteration is saved, so that an interrupted training
 * loses at most one. The checkpoint stays until the caller has saved the model and deletes it
 * ({@link org.mixel.tensor.Checkpoint}).
 */
public final class Trainer {
  /** The name of the shrinkage in the metadata of a model of vectors. */
  static final String SHRINKAGE = "shrinkage";

  /** Floating-point operations that closing scores may take. */
  private static final double MOST_OPERATIONS = 1e12;

  private static final int LEAST_SCORED = 5_000;

  private final TrainingOptions options;
  private final ComputeDevice device;
  private @Nullable Samples validation;
  private @Nullable MixtureOfFactorAnalyzers start;
  private @Nullable Standardization standardization;
  private @Nullable Path finished;
  private @Nullable Path checkpoint;
  private boolean resume;

  private Trainer(TrainingOptions options, ComputeDevice device) {
    this.options = options;
    this.device = device;
  }

  /**
   * A trainer that computes on the CPU.
   *
   * @param options how to train
   */
  public static Trainer of(TrainingOptions options) {
    return of(options, ComputeDevice.CPU);
  }

  /**
   * @param options how to train
   * @param device where to compute
   */
  public static Trainer of(TrainingOptions options, ComputeDevice device) {
    return new Trainer(options, device);
  }

  /** Stops when these rows' likelihood falls, and returns the model that is best on them. */
  public Trainer validatedBy(Samples rows) {
    validation = rows;
    return this;
  }

  /**
   * Begins with this model instead of a first model made from the data.
   *
   * @param model of the size that the options ask for; must stay open until the training ends
   */
  public Trainer startingFrom(MixtureOfFactorAnalyzers model) {
    start = model;
    return this;
  }

  /** Trains in given units instead of those of the training rows. */
  Trainer standardizedBy(Standardization units) {
    standardization = units;
    return this;
  }

  /**
   * Trains a finished model on, with more iterations, a smaller tolerance or more patience. A
   * checkpoint, if there is one, is resumed instead. Exact EM gives the result of one training with
   * these limits, for vectors within the rounding of their units; other algorithms begin with the
   * model alone and without what they remembered.
   *
   * @param model must stay open until the training ends
   * @param file the model's, for messages
   */
  public Trainer goingOnFrom(MixtureOfFactorAnalyzers model, Path file) {
    start = model;
    finished = file;
    return this;
  }

  /**
   * Saves every iteration.
   *
   * @param file where
   * @param resume whether to resume from that file if it exists; otherwise it is replaced
   */
  public Trainer checkpointedIn(Path file, boolean resume) {
    checkpoint = file;
    this.resume = resume;
    return this;
  }

  /**
   * Trains a model, and reports to nobody.
   *
   * @return the caller closes it, and with it the model
   * @throws InputException as {@link #fit(Samples, Progress)}
   */
  public TrainingResult fit(Samples samples) {
    return fit(samples, Progress.SILENT);
  }

  /**
   * Trains a model.
   *
   * @param samples the training rows; with exact EM, values may be missing (NaN), with exact and
   *     truncated EM rows may have {@linkplain Samples#weightedBy weights}
   * @param progress hears of every iteration
   * @return the caller closes it, and with it the model
   * @throws InputException if there are fewer rows than components or fewer values than factors,
   *     the validation rows have another size, a value is infinite, or missing where the algorithm
   *     cannot do without or in every row, or the checkpoint or the model to go on with is of
   *     another training or leaves nothing to do
   */
  public TrainingResult fit(Samples samples, Progress progress) {
    check(samples);
    long began = System.nanoTime();
    Phases phases = new Phases(progress);
    TrainingOptions options = optionsFor(samples);
    Map<String, String> run = describe(samples, options);
    Standardization units = units(samples);
    try (TrainingState state = begin(samples, units, options, run, phases)) {
      state.begin(device);
      boolean converged = state.converged();
      if (converged && finished != null && !resumes()) {
        throw FinishedTraining.converged(finished, state.history().iterations());
      }
      int most = options.stopping().iterations();
      try (Progress.Stage stage = phases.begin("EM", (long) most * samples.rows())) {
        stage.advance((long) state.history().iterations() * samples.rows());
        while (!converged && state.history().iterations() < most) {
          state.iterate(stage);
          state.save(run);
          converged = state.converged();
        }
      }
      TrainingHistory history = state.history();
      if (samples.areVectors()) {
        run.put(SHRINKAGE, Double.toString(history.shrinkage()));
      }
      new FinishedTraining(history.iterations(), converged, history.untilBest()).addTo(run);
      TrainingState.Result result = state.result(phases);
      try (MixtureOfFactorAnalyzers found = result.model()) {
        if (result.refit() != null) {
          run.put(
              MixtureOfFactorAnalyzers.POSTERIOR_NOISE, Double.toString(history.trainingNoise()));
        }
        MixtureOfFactorAnalyzers model = units.restore(found, run);
        try {
          double exact = Scoring.meanLogLikelihood(model, scored(samples), phases);
          state.requireGain(exact);
          return new TrainingResult(
              model,
              history.train(),
              history.validation(),
              state.seconds(),
              exact,
              result.validation(),
              result.refit(),
              converged,
              phases.seconds(),
              (System.nanoTime() - began) / 1e9);
        } catch (Throwable e) {
          model.close();
          throw e;
        }
      }
    }
  }

  /** The options that apply to these rows: only images are refitted, and not by every algorithm. */
  private TrainingOptions optionsFor(Samples samples) {
    return samples.areVectors() || options.algorithm().climbsDensity()
        ? options.withRefit(Refit.NONE)
        : options;
  }

  /** The training rows, or as many of them as take some ten seconds to score. */
  private Samples scored(Samples samples) {
    double width = options.components() * (options.factors() + 2.0);
    double affordable = MOST_OPERATIONS / (2 * width * samples.dims());
    return samples.spread((int) Math.max(LEAST_SCORED, affordable));
  }

  private Standardization units(Samples samples) {
    return standardization == null ? Standardization.of(samples) : standardization;
  }

  void check(Samples samples) {
    if (samples.rows() < options.components()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: %d components need at least as many rows, got %d; use fewer components",
              samples.name(),
              options.components(),
              samples.rows()));
    }
    if (samples.weights().isPresent()) {
      checkWeights(samples);
    }
    if (samples.dims() < options.factors()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: %d factors need at least as many values per row, got %d; use fewer factors",
              samples.name(),
              options.factors(),
              samples.dims()));
    }
    if (validation != null && validation.dims() != samples.dims()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: validation rows have %d values, but the training rows have %d",
              validation.name(),
              validation.dims(),
              samples.dims()));
    }
  }

  private void checkWeights(Samples samples) {
    if (!options.algorithm().allowsWeights()) {
      throw new InputException(
          "`trainer` %s cannot learn from rows with weights; use em or truncated-em"
              .formatted(options.algorithm().trainer()));
    }
    double total = RowWeights.of(samples).total();
    if (total < options.components()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: the weights of the rows sum to %.6g, less than one row for each of %d components;"
                  + " multiply them by a number",
              samples.name(),
              total,
              options.components()));
    }
  }

  private Map<String, String> describe(Samples samples, TrainingOptions options) {
    Map<String, String> run = new TreeMap<>(options.toMetadata());
    run.put("data", samples.name());
    run.put("data_sha256", DataHash.sha256(samples));
    run.put("data_rows", Integer.toString(samples.rows()));
    samples.weights().ifPresent(own -> run.put("weights_sha256", DataHash.sha256(own)));
    if (validation != null) {
      run.put("validation_sha256", DataHash.sha256(validation));
      validation
          .weights()
          .ifPresent(own -> run.put("validation_weights_sha256", DataHash.sha256(own)));
    }
    return run;
  }

  private TrainingState begin(
      Samples samples,
      Standardization units,
      TrainingOptions options,
      Map<String, String> run,
      Progress progress) {
    Samples rows = units.apply(samples);
    try (NativeScope scope = new NativeScope()) {
      Optional<MissingValues> missing = MissingValues.in(rows, device);
      if (missing.isPresent() && !options.algorithm().allowsMissing()) {
        throw new InputException(
            "%s: %d values are missing (NaN), which `trainer` %s cannot learn from; use `trainer` em"
                .formatted(rows.name(), missing.get().count(), options.algorithm().trainer()));
      }
      TrainingState.Start from =
          checkpoint != null && resumes()
              ? TrainingState.load(checkpoint, run, device, units)
              : first(rows, units, options, missing, run, progress);
      try {
        TrainingHistory done = from.history();
        requireFits(rows, from.model());
        if (finished == null
            && done.iterations() > 0
            && from.state().tensors().isEmpty()
            && options.algorithm().remembers()) {
          throw new InputException(checkpoint + ": a damaged checkpoint; begin anew");
        }
        Pass pass =
            FreshNoisePass.of(
                options.algorithm(),
                new Pass.Setting(
                    rows,
                    device,
                    missing.isPresent(),
                    options.under(done),
                    from.model(),
                    from.state()),
                done.iterations());
        return new TrainingState(
            options.under(done),
            pass,
            new TrainingState.Rows(samples, validation, units),
            from,
            checkpoint);
      } catch (Throwable e) {
        from.model().close();
        throw e;
      }
    }
  }

  private TrainingState.Start first(
      Samples rows,
      Standardization units,
      TrainingOptions options,
      Optional<MissingValues> missing,
      Map<String, String> run,
      Progress progress) {
    TrainingHistory done = history(run);
    FirstModel first = initialize(rows, units, options, missing, progress);
    return new TrainingState.Start(
        done.from(first), first.model(), new SafeTensors(Map.of(), Map.of()));
  }

  private boolean resumes() {
    return resume && checkpoint != null && Files.exists(checkpoint);
  }

  /** The history of the finished training to go on with, or none. */
  private TrainingHistory history(Map<String, String> run) {
    return finished == null || start == null
        ? TrainingHistory.EMPTY
        : FinishedTraining.toGoOn(finished, start.metadata(), run, options).history();
  }

  private void requireFits(Samples samples, MixtureOfFactorAnalyzers model) {
    if (model.components() != options.components()
        || model.factors() != options.factors()
        || model.dims() != samples.dims()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "the model to go on from has %d components x %d factors over %d values, but %d x %d"
                  + " over %d are asked for",
              model.components(),
              model.factors(),
              model.dims(),
              options.components(),
              options.factors(),
              samples.dims()));
    }
  }

  /**
   * Only makes the first model, from which several trainings may {@linkplain #startingFrom start}.
   *
   * @throws InputException as {@link #fit(Samples, Progress)}
   */
  public MixtureOfFactorAnalyzers firstModel(Samples samples, Progress progress) {
    check(samples);
    Standardization units = units(samples);
    Samples rows = units.apply(samples);
    FirstModel first =
        initialize(rows, units, optionsFor(samples), MissingValues.in(rows, device), progress);
    try (MixtureOfFactorAnalyzers model = first.model()) {
      return units.restore(
          model,
          units.ofVectors() ? Map.of(SHRINKAGE, Double.toString(first.shrinkage())) : Map.of());
    }
  }

  private FirstModel initialize(
      Samples all,
      Standardization units,
      TrainingOptions options,
      Optional<MissingValues> missing,
      Progress progress) {
    if (start != null) {
      Path file = finished == null ? Path.of("the model to start from") : finished;
      double shrinkage =
          units.ofVectors() ? FinishedTraining.number(file, start.metadata(), SHRINKAGE, 0) : 0;
      return begun(start, shrinkage, all, units, options, progress);
    }
    FirstModel.Maker first =
        (rows, seed, stages) -> {
          TrainingOptions seeded = options.withSeed(seed);
          Samples complete = missing.isEmpty() ? rows : missing.get().fill(rows);
          return InitialModel.of(complete, device, seeded, stages);
        };
    return units.ofVectors()
        ? Trials.best(all, device, missing.isPresent(), options, first, progress)
        : first.make(all, options.seed(), progress);
  }

  /** A given model, under the noise that it was found under or that suits the rows. */
  private FirstModel begun(
      MixtureOfFactorAnalyzers model,
      double shrinkage,
      Samples rows,
      Standardization units,
      TrainingOptions options,
      Progress progress) {
    try (MixtureOfFactorAnalyzers posterior = model.forPosteriors()) {
      MixtureOfFactorAnalyzers first = units.apply(posterior);
      double noise = posterior.posteriorNoise();
      return !options.refit().takesPlace() || noise > 0
          ? new FirstModel(first, shrinkage, noise)
          : InitialModel.under(first, rows, device, options, progress);
    }
  }
}
