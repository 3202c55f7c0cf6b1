package org.mixel.mfa.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.mixel.DivergedException;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureFile;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.Checkpoint;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;

/**
 * A training on its way: the model, the best one so far, and their likelihoods in the user's units.
 * Owns the models and the pass until {@link #close()}.
 */
final class TrainingState implements AutoCloseable {
  /** How far above what is possible a likelihood in float32 may come out. */
  private static final double ROUNDING = 1e-3;

  /** Nats per value by which a training ends below its start only if it went astray. */
  private static final double FALL = 0.2;

  /** The same for the average over an iteration, on the way. */
  private static final double STEEP_FALL = 20;

  /**
   * Where a training stands when this run of it begins.
   *
   * @param history so far
   * @param model of the last iteration, or the first, in the units of the training
   * @param state what the pass remembered; empty at the beginning
   */
  record Start(TrainingHistory history, MixtureOfFactorAnalyzers model, SafeTensors state) {}

  /**
   * The rows of a training, in the user's units.
   *
   * @param units those of the models
   */
  record Rows(Samples train, @Nullable Samples validation, Standardization units) {}

  private final TrainingOptions options;
  private final Pass pass;
  private final Rows rows;
  private final @Nullable Path checkpoint;
  private final List<Double> seconds = new ArrayList<>();
  private TrainingHistory history;
  private MixtureOfFactorAnalyzers model;
  private MixtureOfFactorAnalyzers best;

  /** The one in the file beside the checkpoint, if this training wrote or read it. */
  private @Nullable MixtureOfFactorAnalyzers savedBest;

  private @Nullable Samples held;
  private double trainOffset;

  /** Those of the validation rows that judge every iteration. */
  private @Nullable Samples judges;

  private double judgesOffset;

  /** The likelihood at the start of a training that can go astray; of others nothing is asked. */
  private double first = Double.NEGATIVE_INFINITY;

  /**
   * Takes over the pass and the model; {@link #begin} does the rest.
   *
   * @param checkpoint where iterations are saved, or null
   */
  TrainingState(
      TrainingOptions options, Pass pass, Rows rows, Start from, @Nullable Path checkpoint) {
    this.options = options;
    this.pass = pass;
    this.rows = rows;
    this.checkpoint = checkpoint;
    history = from.history();
    model = from.model();
    best = model;
  }

  /** Reads the best model so far and scores the first model, as far as they are needed. */
  void begin(ComputeDevice device) {
    Samples validation = rows.validation();
    Standardization units = rows.units();
    trainOffset = units.logDensityOffset(rows.train());
    if (validation != null) {
      held = units.apply(validation);
      Samples some =
          validation.spread(
              options.algorithm().mostJudges(rows.train().rows(), options.components()));
      judges = units.apply(some);
      judgesOffset = units.logDensityOffset(some);
    }
    if (history.best() != history.iterations() - 1 && checkpoint != null) {
      best = MixtureFile.read(Checkpoint.best(checkpoint), device, units.type());
      savedBest = best;
    }
    boolean fresh = history.iterations() == 0;
    if (fresh && judges != null) {
      history = history.withFirstValidation(judge(model, judges));
    }
    if (options.algorithm().canDiverge()) {
      Samples train = units.apply(rows.train());
      first =
          fresh
              ? trainOffset + Scoring.meanLogLikelihood(model, train, Progress.SILENT)
              : history.train().get(0);
    }
  }

  private double judge(MixtureOfFactorAnalyzers judged, Samples judges) {
    return judgesOffset + Scoring.meanLogLikelihood(judged, judges, Progress.SILENT);
  }

  /** The mean log-likelihood of all validation rows; null without such rows. */
  private @Nullable Double validate(MixtureOfFactorAnalyzers judged) {
    return held == null || rows.validation() == null
        ? null
        : Double.valueOf(
            rows.units().logDensityOffset(rows.validation())
                + Scoring.meanLogLikelihood(judged, held, Progress.SILENT));
  }

  /** The likelihoods so far. */
  TrainingHistory history() {
    return history;
  }

  /** Seconds of each iteration of this run. */
  List<Double> seconds() {
    return seconds;
  }

  boolean converged() {
    return history.converged(options.stopping());
  }

  void iterate(Progress.Stage stage) {
    long began = System.nanoTime();
    Pass.Outcome outcome = pass.improve(model, options.maximization(), stage);
    seconds.add((System.nanoTime() - began) / 1e9);
    double likelihood = outcome.logLikelihood() + trainOffset;
    Double validated;
    try {
      requirePossible(likelihood);
      if (likelihood < first - STEEP_FALL * rows.train().dims()) {
        throw diverged(history.iterations() + 1, likelihood);
      }
      validated = judges == null ? null : Double.valueOf(judge(outcome.model(), judges));
    } catch (Throwable e) {
      outcome.model().close();
      throw e;
    }
    history = history.with(likelihood, validated, outcome.priorGain());
    adopt(outcome.model());
    String note = String.format(Locale.ROOT, "train %.2f", likelihood);
    if (validated != null) {
      note += String.format(Locale.ROOT, ", validation %.2f", validated);
    }
    stage.note(note + " nats");
  }

  /**
   * The result of the training so far.
   *
   * @param model the best one, refitted if the options say so, in the units of the training; the
   *     caller closes it
   * @param validation mean log-likelihood of the validation rows under it; null without such rows
   * @param refit the choice of the refit; null without one
   */
  record Result(
      MixtureOfFactorAnalyzers model, @Nullable Double validation, @Nullable Maximization refit) {}

  /** Ends the training. */
  Result result(Progress progress) {
    if (!options.refit().takesPlace()) {
      boolean allJudge = held == null || judges == null || judges.rows() == held.rows();
      return new Result(
          best.withMetadata(Map.of()), allJudge ? history.kept() : validate(best), null);
    }
    Refit.Refitted refitted =
        options.refit().refit(best, pass, options.maximization().noise(), judges, progress);
    try {
      return new Result(refitted.model(), validate(refitted.model()), refitted.noise());
    } catch (Throwable e) {
      refitted.model().close();
      throw e;
    }
  }

  /** Makes the next model the present one and closes what is no longer needed. */
  private void adopt(MixtureOfFactorAnalyzers next) {
    MixtureOfFactorAnalyzers oldModel = model;
    MixtureOfFactorAnalyzers oldBest = best;
    model = next;
    best = history.best() == history.iterations() - 1 ? next : best;
    if (oldModel != best) {
      oldModel.close();
    }
    if (oldBest != best && oldBest != oldModel) {
      oldBest.close();
    }
  }

  /**
   * Refuses the result of a training that ends below its start.
   *
   * @param exact mean log-likelihood of the training rows under the best model, in nats
   */
  void requireGain(double exact) {
    if (exact < first - FALL * rows.train().dims()) {
      throw diverged(history.iterations(), exact);
    }
  }

  private DivergedException diverged(int iterations, double likelihood) {
    return new DivergedException(
        String.format(
            Locale.ROOT,
            "%s diverged: after %d iterations the mean log-likelihood is %.6g nats, at the start"
                + " it was %.6g; lower `learningRate`",
            options.algorithm().trainer(),
            iterations,
            likelihood,
            first));
  }

  /** A density above what the noise floor allows, or none at all, is an error of computation. */
  private void requirePossible(double likelihood) {
    String name = rows.train().name();
    if (!Double.isFinite(likelihood)) {
      throw new InputException(
          name
              + ": the log-likelihood is not finite: the values are too far apart to compute with;"
              + " divide them by their range");
    }
    double highest = trainOffset + options.maximization().highestLogDensity(rows.train().dims());
    if (likelihood > highest + ROUNDING * Math.max(1, Math.abs(highest))) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: the mean log-likelihood came out at %.6g nats, but the noise floor allows at most"
                  + " %.6g: the values are too far apart to compute with; divide them by their"
                  + " range",
              name,
              likelihood,
              highest));
    }
  }

  /**
   * Saves the iteration, where there is a place for it.
   *
   * @param run the options and data of the training
   */
  void save(Map<String, String> run) {
    if (checkpoint == null) {
      return;
    }
    if (best != model && best != savedBest) {
      best.save(Checkpoint.best(checkpoint));
      savedBest = best;
    }
    try (NativeScope scope = new NativeScope()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>(pass.state());
      tensors.putAll(MixtureFile.tensors(model));
      new Checkpoint(MixtureFile.texts(model, run), history.toTexts(), tensors).save(checkpoint);
    }
  }

  /**
   * Reads what {@link #save} wrote; the pass' state belongs to the current scope.
   *
   * @param run the options and data of the training to resume
   * @return the caller closes the model
   * @throws InputException if the file is damaged, no checkpoint, or of another training
   */
  static Start load(
      Path file, Map<String, String> run, ComputeDevice device, Standardization units) {
    Checkpoint stored = Checkpoint.load(file);
    Map<String, Tensor> state = new LinkedHashMap<>(stored.tensors());
    MixtureOfFactorAnalyzers model =
        MixtureFile.of(file, new SafeTensors(stored.tensors(), stored.run()), device, units.type());
    try {
      if (!stored.position().keySet().containsAll(List.of("train", "validation"))) {
        throw new InputException(file + ": a model, but no checkpoint; move it, or begin anew");
      }
      Checkpoint.requireSameRun(
          file,
          TrainingOptions.withoutLimits(model.metadata()),
          TrainingOptions.withoutLimits(run));
      TrainingHistory history = TrainingHistory.of(file, stored.position());
      if (history.iterations() == 0) {
        throw new InputException(file + ": a damaged checkpoint; begin anew");
      }
      state.keySet().removeAll(MixtureFile.tensors(model).keySet());
      return new Start(history, model, new SafeTensors(state, Map.of()));
    } catch (Throwable e) {
      model.close();
      throw e;
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
