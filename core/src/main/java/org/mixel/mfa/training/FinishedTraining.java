package org.mixel.mfa.training;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mixel.InputException;
import org.mixel.mfa.Familiarity;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.Checkpoint;

/**
 * How a training ended, in the metadata of its model: enough to train on.
 *
 * <p>The model is the best one on the validation rows, which need not be the last; training
 * continues from there and repeats the iterations after it.
 *
 * @param iterations how many there were in all
 * @param converged whether it ended by itself
 * @param history of the iterations up to the model's
 */
record FinishedTraining(int iterations, boolean converged, TrainingHistory history) {
  private static final String PREFIX = "finished_";
  private static final String ITERATIONS = PREFIX + "iterations";
  private static final String CONVERGED = PREFIX + "converged";

  /** Adds this to the metadata of a model. */
  void addTo(Map<String, String> texts) {
    texts.put(ITERATIONS, Integer.toString(iterations));
    texts.put(CONVERGED, Boolean.toString(converged));
    history.toTexts().forEach((name, value) -> texts.put(PREFIX + name, value));
    // The shrinkage is stored for vectors alone, and the first model is scored again if it matters.
    texts.remove(PREFIX + "shrinkage");
    texts.remove(PREFIX + "first_validation");
  }

  /** Removes what {@link #addTo} added, for a model that is made of others. */
  static void removeFrom(Map<String, String> texts) {
    texts.keySet().removeIf(name -> name.startsWith(PREFIX));
  }

  /**
   * Reads how the training of a model ended, if it can continue under these options.
   *
   * @param file the model's, for messages
   * @param metadata of the model
   * @param run the options and data of the training to continue
   * @throws InputException if the model is of another training, has had its iterations, or has
   *     converged by the same limits
   */
  static FinishedTraining toGoOn(
      Path file, Map<String, String> metadata, Map<String, String> run, TrainingOptions options) {
    FinishedTraining ended = read(file, metadata);
    Map<String, String> texts = new TreeMap<>(metadata);
    removeFrom(texts);
    texts
        .keySet()
        .removeAll(
            List.of(
                Trainer.SHRINKAGE,
                Trainer.LEARNED_ROWS,
                MixtureOfFactorAnalyzers.POSTERIOR_NOISE,
                Familiarity.NAME));
    Checkpoint.requireSameRun(
        file, TrainingOptions.withoutLimits(texts), TrainingOptions.withoutLimits(run));
    Stopping stopping = options.stopping();
    double tolerance = number(file, texts, TrainingOptions.TOLERANCE, 0);
    double patience = number(file, texts, TrainingOptions.PATIENCE, 1);
    if (ended.converged && stopping.tolerance() >= tolerance && stopping.patience() <= patience) {
      throw converged(file, ended.iterations);
    }
    if (stopping.iterations() <= ended.iterations) {
      throw new InputException(
          "%s: has had %d iterations, and %d are asked for; ask for more to train on"
              .formatted(file, ended.iterations, stopping.iterations()));
    }
    return ended;
  }

  /**
   * A number of a model's metadata.
   *
   * @param otherwise its value where there is none
   * @throws InputException if it is not a finite number of at least 0
   */
  static double number(Path file, Map<String, String> metadata, String name, double otherwise) {
    String text = metadata.get(name);
    try {
      double value = text == null ? otherwise : Double.parseDouble(text);
      if (value >= 0 && Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new InputException(file + ": damaged metadata: " + name + " is " + text, e);
    }
    throw new InputException(file + ": damaged metadata: " + name + " is " + text);
  }

  /** The error of a training that has nothing left to do. */
  static InputException converged(Path file, int iterations) {
    return new InputException(
        "%s: converged after %d iterations; ask for a smaller tolerance or more patience to train on"
            .formatted(file, iterations));
  }

  private static FinishedTraining read(Path file, Map<String, String> metadata) {
    Map<String, String> texts = new TreeMap<>();
    metadata.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX)) {
            texts.put(name.substring(PREFIX.length()), value);
          }
        });
    int iterations = (int) number(file, metadata, ITERATIONS, 0);
    TrainingHistory history = TrainingHistory.of(file, texts);
    if (!texts.containsKey("train") || iterations < Math.max(1, history.iterations())) {
      throw new InputException(
          file + ": does not tell how its training ended, so it cannot go on; train it anew");
    }
    return new FinishedTraining(iterations, Boolean.parseBoolean(metadata.get(CONVERGED)), history);
  }
}
