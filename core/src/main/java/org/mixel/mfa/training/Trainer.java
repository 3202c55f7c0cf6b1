package org.mixel.mfa.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
import org.mixel.tensor.Batches;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;

/**
 * Trains mixtures, iteration by iteration, each a {@link Pass} over the rows.
 *
 * <p>With a checkpoint file every finished iteration is saved, so that an interrupted training
 * loses at most one; a finished training leaves no checkpoint.
 */
public final class Trainer {
  private final TrainingOptions options;
  private final ComputeDevice device;
  private @Nullable Samples validation;
  private @Nullable MixtureOfFactorAnalyzers start;
  private @Nullable Path checkpoint;
  private boolean resume;

  private Trainer(TrainingOptions options, ComputeDevice device) {
    this.options = options;
    this.device = device;
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

  /**
   * Saves every iteration.
   *
   * @param file where
   * @param resume whether to go on from that file if it is there
   */
  public Trainer checkpointedIn(Path file, boolean resume) {
    checkpoint = file;
    this.resume = resume;
    return this;
  }

  /**
   * Trains a model.
   *
   * @param samples the training rows; with exact EM, values may be missing (NaN)
   * @param progress hears of every iteration
   * @throws InputException if there are fewer rows than components or fewer values than factors,
   *     the validation rows have another size, a value is infinite, or missing where the algorithm
   *     cannot do without or in every row, or the checkpoint is of another training
   */
  public TrainingResult fit(Samples samples, Progress progress) {
    check(samples);
    long began = System.nanoTime();
    Map<String, String> run = describe(samples);
    try (Batches batches = Batches.of(samples, device);
        State state = begin(batches, run, progress)) {
      boolean converged = state.converged();
      try (Progress.Stage stage =
          progress.begin("EM", (long) options.iterations() * samples.rows())) {
        stage.advance((long) state.train.size() * samples.rows());
        while (!converged && state.train.size() < options.iterations()) {
          state.iterate(stage);
          if (checkpoint != null) {
            state.save(run, checkpoint);
          }
          converged = state.converged();
        }
      }
      Double exact =
          state.pass.exact() ? null : Scoring.meanLogLikelihood(state.best, samples, progress);
      return new TrainingResult(
          state.best.withMetadata(run),
          state.train,
          state.validated,
          state.seconds,
          exact,
          converged,
          (System.nanoTime() - began) / 1e9);
    }
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

  private Map<String, String> describe(Samples samples) {
    Map<String, String> run = new TreeMap<>(options.toMetadata());
    run.put("data", samples.name());
    run.put("data_sha256", DataHash.sha256(samples));
    run.put("data_rows", Integer.toString(samples.rows()));
    if (validation != null) {
      run.put("validation_sha256", DataHash.sha256(validation));
    }
    return run;
  }

  private Pass pass(Batches batches, boolean missing, Checkpoint.Found from) {
    if (options.algorithm() instanceof Algorithm.TruncatedEm truncated) {
      return TruncatedEmPass.of(batches, truncated, options, from.state());
    }
    if (options.algorithm() instanceof Algorithm.StepwiseEm stepwise) {
      return StepwiseEmPass.of(batches, from.model(), stepwise, options, from.state());
    }
    if (options.algorithm() instanceof Algorithm.StochasticGradient gradient) {
      return from.state().tensors().isEmpty()
          ? GradientPass.start(batches, gradient, options)
          : GradientPass.resume(batches, from.model(), gradient, options, from.state());
    }
    return new EmPass(batches, missing, options.maximization());
  }

  private State begin(Batches batches, Map<String, String> run, Progress progress) {
    try (NativeScope scope = new NativeScope()) {
      Optional<MissingValues> missing = MissingValues.in(batches);
      if (missing.isPresent() && !(options.algorithm() instanceof Algorithm.ExactEm)) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s: %d values are missing (NaN), which --trainer %s cannot learn from; use --trainer"
                    + " em",
                batches.samples().name(),
                missing.get().count(),
                options.algorithm().trainer()));
      }
      Checkpoint.Found from =
          resume && checkpoint != null && Files.exists(checkpoint)
              ? Checkpoint.load(checkpoint, run, device)
              : new Checkpoint.Found(
                  new Checkpoint(run, List.of(), List.of()),
                  initialize(batches, missing, progress),
                  new SafeTensors(Map.of(), Map.of()));
      requireFits(batches.samples(), from.model());
      if (!from.checkpoint().train().isEmpty()
          && from.state().tensors().isEmpty()
          && !(options.algorithm() instanceof Algorithm.ExactEm)) {
        throw new InputException(checkpoint + ": a damaged checkpoint; train without --resume");
      }
      return new State(pass(batches, missing.isPresent(), from), from);
    }
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
   * @throws InputException as {@link #fit}
   */
  public MixtureOfFactorAnalyzers firstModel(Samples samples, Progress progress) {
    check(samples);
    try (Batches batches = Batches.of(samples, device)) {
      return initialize(batches, MissingValues.in(batches), progress);
    }
  }

  private MixtureOfFactorAnalyzers initialize(
      Batches batches, Optional<MissingValues> missing, Progress progress) {
    if (start != null) {
      return start.withMetadata(Map.of());
    }
    if (missing.isEmpty()) {
      return InitialModel.of(batches, options, progress);
    }
    try (Batches filled = Batches.of(missing.get().fill(batches.samples()), batches.device())) {
      return InitialModel.of(filled, options, progress);
    }
  }

  /** Deletes the checkpoint; to be called once the model is safe. */
  public void deleteCheckpoint() {
    if (checkpoint == null) {
      return;
    }
    try {
      Files.deleteIfExists(checkpoint);
      Files.deleteIfExists(best(checkpoint));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + checkpoint + ": " + e.getMessage(), e);
    }
  }

  private static Path best(Path checkpoint) {
    return checkpoint.resolveSibling(checkpoint.getFileName() + ".best");
  }

  /** What changes from one iteration to the next. */
  private final class State implements AutoCloseable {
    final List<Double> train;
    final List<Double> validated;
    final List<Double> seconds = new ArrayList<>();
    private final Pass pass;
    private MixtureOfFactorAnalyzers model;
    private MixtureOfFactorAnalyzers best;

    State(Pass pass, Checkpoint.Found from) {
      this.pass = pass;
      model = from.model();
      train = new ArrayList<>(from.checkpoint().train());
      validated = new ArrayList<>(from.checkpoint().validation());
      best =
          !validated.isEmpty() && checkpoint != null && bestIteration() < validated.size() - 1
              ? MixtureOfFactorAnalyzers.load(best(checkpoint), device)
              : model;
    }

    void iterate(Progress.Stage stage) {
      long began = System.nanoTime();
      Pass.Outcome outcome = pass.improve(model, stage);
      seconds.add((System.nanoTime() - began) / 1e9);
      MixtureOfFactorAnalyzers next = outcome.model();
      train.add(outcome.logLikelihood());
      String note = String.format(Locale.ROOT, "train %.2f", outcome.logLikelihood());
      if (validation != null) {
        double score = Scoring.meanLogLikelihood(next, validation, Progress.SILENT);
        if (!Double.isFinite(score)) {
          throw new InputException(
              validation.name()
                  + ": the validation rows have no finite likelihood; look for infinite values");
        }
        validated.add(score);
        note += String.format(Locale.ROOT, ", validation %.2f", score);
      }
      stage.note(note + " nats");
      boolean better = validation == null || bestIteration() == validated.size() - 1;
      MixtureOfFactorAnalyzers oldModel = model;
      MixtureOfFactorAnalyzers oldBest = best;
      model = next;
      best = better ? next : best;
      if (oldModel != best) {
        oldModel.close();
      }
      if (oldBest != best && oldBest != oldModel) {
        oldBest.close();
      }
    }

    private int bestIteration() {
      return validated.indexOf(Collections.max(validated));
    }

    boolean converged() {
      int done = train.size();
      if (!validated.isEmpty() && validated.size() - 1 - bestIteration() >= options.patience()) {
        return true;
      }
      return done > 1 && train.get(done - 1) - train.get(done - 2) < options.tolerance();
    }

    void save(Map<String, String> run, Path file) {
      if (best != model) {
        best.save(best(file));
      }
      try (NativeScope scope = new NativeScope()) {
        new Checkpoint(run, train, validated).save(model, pass.state(), file);
      }
    }

    @Override
    public void close() {
      pass.close();
      if (model != best) {
        model.close();
      }
      best.close();
    }
  }
}
