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

/**
 * Exact expectation-maximization from a k-means start.
 *
 * <p>Each iteration costs little more than the matrix products of its E-step. With a checkpoint
 * file every finished iteration is saved, so that an interrupted training loses at most one; a
 * finished training leaves no checkpoint.
 */
public final class EmTrainer {
  private final EmOptions options;
  private final ComputeDevice device;
  private @Nullable Samples validation;
  private @Nullable Path checkpoint;
  private boolean resume;

  private EmTrainer(EmOptions options, ComputeDevice device) {
    this.options = options;
    this.device = device;
  }

  /**
   * @param options how to train
   * @param device where to compute
   */
  public static EmTrainer of(EmOptions options, ComputeDevice device) {
    return new EmTrainer(options, device);
  }

  /** Stops when these rows' likelihood falls, and returns the model that is best on them. */
  public EmTrainer validatedBy(Samples rows) {
    validation = rows;
    return this;
  }

  /**
   * Saves every iteration.
   *
   * @param file where
   * @param resume whether to go on from that file if it is there
   */
  public EmTrainer checkpointedIn(Path file, boolean resume) {
    checkpoint = file;
    this.resume = resume;
    return this;
  }

  /**
   * Trains a model.
   *
   * @param samples the training rows
   * @param progress hears of every iteration
   * @throws InputException if there are fewer rows than components or fewer values than factors,
   *     the validation rows have another size, a value is not finite, or the checkpoint is of
   *     another training
   */
  public TrainingResult fit(Samples samples, Progress progress) {
    check(samples);
    long start = System.nanoTime();
    Map<String, String> run = describe(samples);
    try (Batches batches = Batches.of(samples, device)) {
      State state = begin(batches, run, progress);
      boolean converged = state.converged();
      try (Progress.Stage stage =
          progress.begin("EM", (long) options.iterations() * samples.rows())) {
        stage.advance((long) state.train.size() * samples.rows());
        while (!converged && state.train.size() < options.iterations()) {
          state.iterate(batches, stage);
          if (checkpoint != null) {
            state.save(run, checkpoint);
          }
          converged = state.converged();
        }
      }
      try (MixtureOfFactorAnalyzers result = state.result()) {
        double seconds = (System.nanoTime() - start) / 1e9;
        return new TrainingResult(
            result.withMetadata(run), state.train, state.validated, converged, seconds);
      }
    }
  }

  private void check(Samples samples) {
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
    run.put("components", Integer.toString(options.components()));
    run.put("factors", Integer.toString(options.factors()));
    run.put("data", samples.name());
    run.put("data_sha256", DataHash.sha256(samples));
    run.put("data_rows", Integer.toString(samples.rows()));
    if (validation != null) {
      run.put("validation_sha256", DataHash.sha256(validation));
    }
    return run;
  }

  private State begin(Batches batches, Map<String, String> run, Progress progress) {
    if (resume && checkpoint != null && Files.exists(checkpoint)) {
      Checkpoint.Found found = Checkpoint.load(checkpoint, run, device);
      return new State(found.checkpoint(), found.model());
    }
    return new State(
        new Checkpoint(run, List.of(), List.of()),
        ClusterInitialization.of(batches, options, progress));
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
  private final class State {
    final List<Double> train;
    final List<Double> validated;
    private final Maximization maximization;
    private MixtureOfFactorAnalyzers model;
    private MixtureOfFactorAnalyzers best;

    State(Checkpoint from, MixtureOfFactorAnalyzers model) {
      this.model = model;
      train = new ArrayList<>(from.train());
      validated = new ArrayList<>(from.validation());
      maximization = options.maximization();
      best =
          !validated.isEmpty() && checkpoint != null && bestIteration() < validated.size() - 1
              ? MixtureOfFactorAnalyzers.load(best(checkpoint), device)
              : model;
    }

    void iterate(Batches batches, Progress.Stage stage) {
      MixtureOfFactorAnalyzers next;
      try (SufficientStatistics statistics = ExactExpectation.of(batches, model, stage)) {
        train.add(statistics.meanLogLikelihood());
        next = maximization.maximize(statistics);
      }
      String note = String.format(Locale.ROOT, "train %.2f", train.get(train.size() - 1));
      if (validation != null) {
        validated.add(Scoring.meanLogLikelihood(next, validation, Progress.SILENT));
        note +=
            String.format(Locale.ROOT, ", validation %.2f", validated.get(validated.size() - 1));
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
      if (validation != null && done > 0) {
        return validated.size() - 1 - bestIteration() >= options.patience();
      }
      return done > 1 && train.get(done - 1) - train.get(done - 2) < options.tolerance();
    }

    void save(Map<String, String> run, Path file) {
      if (best != model) {
        best.save(best(file));
      }
      new Checkpoint(run, train, validated).save(model, file);
    }

    /** The model to return; nothing else is kept. */
    MixtureOfFactorAnalyzers result() {
      if (model != best) {
        model.close();
      }
      return best;
    }
  }
}
