package org.mixel.mfa.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mixel.DivergedException;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.NativeScope;

/**
 * What changes from one iteration of a training to the next: the model, the best one so far, and
 * their likelihoods, told in the user's units. Owns the models until {@link #close()}.
 */
final class TrainingState implements AutoCloseable {
  /** How far above what is possible a likelihood in float32 may come out. */
  private static final double ROUNDING = 1e-3;

  /** The part of a likelihood by which float32 lets it fall where it stands still. */
  private static final double FALL_BY_ROUNDING = 1e-7;

  /** Nats per value by which a training ends below its start only if it went astray. */
  private static final double FALL = 0.2;

  /** The same for the average over an iteration, on the way. */
  private static final double STEEP_FALL = 20;

  private final List<Double> train;
  private final List<Double> validated;
  private final List<Double> seconds = new ArrayList<>();
  private final TrainingOptions options;
  private final Pass pass;
  private final double shrinkage;
  private final Samples samples;
  private final @Nullable Samples held;
  private final @Nullable Path checkpoint;
  private final double trainOffset;
  private final double heldOffset;
  private final double highest;

  /** Where a training that can go astray began; of others nothing is asked. */
  private final double first;

  private MixtureOfFactorAnalyzers model;
  private MixtureOfFactorAnalyzers best;

  /**
   * The rows of a training, in the user's units.
   *
   * @param units those of the models
   */
  record Rows(Samples train, @Nullable Samples validation, Standardization units) {}

  /**
   * @param from where the training stands
   * @param best the best model so far, or null if it is the present one
   * @param checkpoint where iterations are saved, or null
   */
  TrainingState(
      TrainingOptions options,
      Pass pass,
      Rows rows,
      Checkpoint.Found from,
      @Nullable MixtureOfFactorAnalyzers best,
      @Nullable Path checkpoint) {
    this.options = options;
    this.pass = pass;
    shrinkage = from.checkpoint().shrinkage();
    this.checkpoint = checkpoint;
    samples = rows.train();
    Standardization units = rows.units();
    Samples validation = rows.validation();
    held = validation == null ? null : units.apply(validation);
    trainOffset = units.logDensityOffset(samples);
    heldOffset = validation == null ? 0 : units.logDensityOffset(validation);
    highest = trainOffset + options.maximization().highestLogDensity(samples.dims());
    model = from.model();
    first = first(from, units);
    train = new ArrayList<>(from.checkpoint().train());
    validated = new ArrayList<>(from.checkpoint().validation());
    this.best = best == null ? model : best;
  }

  /** Mean log-likelihoods of the training rows so far, in nats. */
  List<Double> train() {
    return train;
  }

  /** Mean log-likelihoods of the validation rows so far, in nats. */
  List<Double> validated() {
    return validated;
  }

  /** What each iteration took. */
  List<Double> seconds() {
    return seconds;
  }

  double shrinkage() {
    return shrinkage;
  }

  /** The best model so far, in the units of the training. */
  MixtureOfFactorAnalyzers best() {
    return best;
  }

  void iterate(Progress.Stage stage) {
    long began = System.nanoTime();
    Pass.Outcome outcome = pass.improve(model, stage);
    seconds.add((System.nanoTime() - began) / 1e9);
    MixtureOfFactorAnalyzers next = outcome.model();
    double likelihood = outcome.logLikelihood() + trainOffset;
    try {
      requirePossible(likelihood);
      train.add(likelihood);
      if (likelihood < first - STEEP_FALL * samples.dims()) {
        throw diverged(likelihood);
      }
      if (held != null) {
        validated.add(heldOffset + Scoring.meanLogLikelihood(next, held, Progress.SILENT));
      }
    } catch (RuntimeException e) {
      next.close();
      throw e;
    }
    String note = String.format(Locale.ROOT, "train %.2f", likelihood);
    if (held != null) {
      note += String.format(Locale.ROOT, ", validation %.2f", validated.get(validated.size() - 1));
    }
    stage.note(note + " nats");
    boolean better = held == null || bestIteration() == validated.size() - 1;
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

  private double first(Checkpoint.Found from, Standardization units) {
    if (!(options.algorithm() instanceof Algorithm.StochasticGradient)) {
      return Double.NEGATIVE_INFINITY;
    }
    return from.checkpoint().train().isEmpty()
        ? trainOffset
            + Scoring.meanLogLikelihood(from.model(), units.apply(samples), Progress.SILENT)
        : from.checkpoint().train().get(0);
  }

  /**
   * Refuses the result of a training that ends below its start.
   *
   * @param exact mean log-likelihood of the training rows under the best model, in nats
   */
  void requireGain(double exact) {
    if (exact < first - FALL * samples.dims()) {
      throw diverged(exact);
    }
  }

  private DivergedException diverged(double likelihood) {
    return new DivergedException(
        String.format(
            Locale.ROOT,
            "%s diverged: after %d iterations the mean log-likelihood is %.6g nats, at the start"
                + " it was %.6g; lower --learning-rate",
            options.algorithm().trainer(),
            train.size(),
            likelihood,
            first));
  }

  /** A density above what the noise floor allows, or none at all, is an error of computation. */
  private void requirePossible(double likelihood) {
    if (!Double.isFinite(likelihood)) {
      throw new InputException(
          samples.name()
              + ": the log-likelihood is not finite: the values are too far apart to compute with;"
              + " divide them by their range");
    }
    if (likelihood > highest + ROUNDING * Math.max(1, Math.abs(highest))) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: the mean log-likelihood came out at %.6g nats, but the noise floor allows at most"
                  + " %.6g: the values are too far apart to compute with; divide them by their"
                  + " range",
              samples.name(),
              likelihood,
              highest));
    }
  }

  /** The iteration of the best model. */
  int kept() {
    return validated.isEmpty() ? train.size() - 1 : bestIteration();
  }

  private int bestIteration() {
    return best(validated);
  }

  /** The iteration of the highest of validation likelihoods. */
  static int best(List<Double> validated) {
    return validated.indexOf(Collections.max(validated));
  }

  boolean converged() {
    int done = train.size();
    if (!validated.isEmpty()
        && validated.size() - 1 - bestIteration() >= options.stopping().patience()) {
      return true;
    }
    if (done < 2 || options.stopping().tolerance() == 0) {
      return false;
    }
    // A likelihood that falls by more than rounding has not converged.
    double gain = train.get(done - 1) - train.get(done - 2);
    double rounding = FALL_BY_ROUNDING * Math.max(1, Math.abs(train.get(done - 1)));
    return gain < options.stopping().tolerance() && gain > -rounding;
  }

  /** Saves the iteration, where there is a place for it. */
  void save(Map<String, String> run) {
    if (checkpoint == null) {
      return;
    }
    if (best != model) {
      best.save(Checkpoints.best(checkpoint));
    }
    try (NativeScope scope = new NativeScope()) {
      new Checkpoint(run, train, validated, shrinkage).save(model, pass.state(), checkpoint);
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
