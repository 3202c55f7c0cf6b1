package org.mixel.mfa.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureFile;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;

/**
 * How a training begins: with a first model made of the rows, a given one, a finished one, or where
 * a checkpoint left it.
 *
 * @param options that apply to the rows
 * @param from what the caller gave to begin from
 * @param samples the training rows, in the user's units
 * @param units of the training
 */
record Beginning(
    TrainingOptions options,
    ComputeDevice device,
    From from,
    Samples samples,
    @Nullable Samples validation,
    Standardization units) {
  /**
   * The models and rows to begin from.
   *
   * @param start a model to begin with
   * @param oldRows how many rows it goes on standing for
   * @param finished the model of a finished training to continue
   * @param file of the finished model
   * @param checkpoint where iterations are saved
   * @param resume whether to begin where the checkpoint ends
   */
  record From(
      @Nullable MixtureOfFactorAnalyzers start,
      double oldRows,
      @Nullable MixtureOfFactorAnalyzers finished,
      @Nullable Path file,
      @Nullable Path checkpoint,
      boolean resume) {
    /** Nothing but the rows. */
    static final From ROWS = new From(null, 0, null, null, null, false);

    From withStart(MixtureOfFactorAnalyzers model, double rows) {
      return new From(model, rows, finished, file, checkpoint, resume);
    }

    From withFinished(MixtureOfFactorAnalyzers model, Path its) {
      return new From(start, oldRows, model, its, checkpoint, resume);
    }

    From withCheckpoint(Path other, boolean resumed) {
      return new From(start, oldRows, finished, file, other, resumed);
    }

    /** Describes the model to begin with. */
    void addTo(Map<String, String> run) {
      if (start != null) {
        run.put("init", "model");
        run.put("init_sha256", MixtureFile.sha256(start));
        if (oldRows > 0) {
          run.put("old_rows", Double.toString(oldRows));
        }
      }
    }

    private boolean resumes() {
      return resume && checkpoint != null && Files.exists(checkpoint);
    }
  }

  /**
   * The training as it stands at the beginning; the caller closes it.
   *
   * @param run describes the training
   * @throws InputException if the rows, the model or the checkpoint do not suit
   */
  TrainingState state(Map<String, String> run, Progress progress) {
    Samples rows = units.apply(samples);
    try (NativeScope scope = new NativeScope()) {
      Optional<MissingValues> missing = MissingValues.in(rows, device);
      if (missing.isPresent() && !options.algorithm().allowsMissing()) {
        throw new InputException(
            "%s: %d values are missing (NaN), which `trainer` %s cannot learn from; use `trainer` em"
                .formatted(rows.name(), missing.get().count(), options.algorithm().trainer()));
      }
      TrainingState.Start begun =
          from.resumes() && from.checkpoint() != null
              ? TrainingState.load(from.checkpoint(), run, device, units)
              : first(rows, missing, run, progress);
      try {
        requireFits(rows, begun.model());
        requireRemembered(begun);
        TrainingOptions under = options.under(begun.history());
        return new TrainingState(
            under,
            pass(rows, missing.isPresent(), under, begun),
            new TrainingState.Rows(samples, validation, units),
            begun,
            from.checkpoint());
      } catch (Throwable e) {
        begun.model().close();
        throw e;
      }
    }
  }

  private Pass pass(
      Samples rows, boolean missing, TrainingOptions under, TrainingState.Start begun) {
    Pass.Setting setting =
        new Pass.Setting(rows, device, missing, under, begun.model(), begun.state());
    Pass pass = FreshNoisePass.of(options.algorithm(), setting, begun.history().iterations());
    return from.start() == null || from.oldRows() == 0
        ? pass
        : new OldRows(units.apply(from.start()), from.oldRows()).with(pass);
  }

  private void requireRemembered(TrainingState.Start begun) {
    if (from.finished() == null
        && begun.history().iterations() > 0
        && begun.state().tensors().isEmpty()
        && options.algorithm().remembers()) {
      throw new InputException(from.checkpoint() + ": a damaged checkpoint; begin anew");
    }
  }

  /**
   * @throws InputException if a finished training is to continue that has nothing left to do
   */
  void requireOpenEnd(TrainingHistory history, boolean converged) {
    if (converged && from.file() != null && !from.resumes()) {
      throw FinishedTraining.converged(from.file(), history.iterations());
    }
  }

  private TrainingState.Start first(
      Samples rows, Optional<MissingValues> missing, Map<String, String> run, Progress progress) {
    TrainingHistory done =
        from.finished() == null || from.file() == null
            ? TrainingHistory.EMPTY
            : FinishedTraining.toGoOn(from.file(), from.finished().metadata(), run, options)
                .history();
    FirstModel first = firstModel(rows, missing, progress);
    return new TrainingState.Start(
        done.from(first), first.model(), new SafeTensors(Map.of(), Map.of()));
  }

  private void requireFits(Samples rows, MixtureOfFactorAnalyzers model) {
    if (model.components() != options.components()
        || model.factors() != options.factors()
        || model.dims() != rows.dims()) {
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
              rows.dims()));
    }
  }

  /** The first model, in the units of the training; the caller closes it. */
  FirstModel firstModel(Progress progress) {
    Samples rows = units.apply(samples);
    return firstModel(rows, MissingValues.in(rows, device), progress);
  }

  private FirstModel firstModel(Samples all, Optional<MissingValues> missing, Progress progress) {
    MixtureOfFactorAnalyzers given = from.finished() == null ? from.start() : from.finished();
    if (given != null) {
      requireFits(all, given);
      return begun(given, all, progress);
    }
    FirstModel.Maker maker =
        (rows, seed, stages) -> {
          TrainingOptions seeded = options.withSeed(seed);
          Samples complete = missing.isEmpty() ? rows : missing.get().fill(rows);
          return InitialModel.of(complete, device, seeded, stages);
        };
    return units.ofVectors()
        ? Trials.best(all, units, device, missing.isPresent(), options, maker, progress)
        : maker.make(all, options.seed(), progress);
  }

  /** A given model, under the noise that it was found under or that suits the rows. */
  private FirstModel begun(MixtureOfFactorAnalyzers given, Samples rows, Progress progress) {
    Path file = from.file() == null ? Path.of("the model to start from") : from.file();
    double shrinkage =
        units.ofVectors()
            ? FinishedTraining.number(file, given.metadata(), Trainer.SHRINKAGE, 0)
            : 0;
    try (MixtureOfFactorAnalyzers posterior = given.forPosteriors()) {
      MixtureOfFactorAnalyzers first = units.apply(posterior);
      double noise = posterior.posteriorNoise();
      return !options.refit().takesPlace() || noise > 0
          ? new FirstModel(first, shrinkage, noise)
          : InitialModel.under(first, rows, device, options, progress);
    }
  }
}
