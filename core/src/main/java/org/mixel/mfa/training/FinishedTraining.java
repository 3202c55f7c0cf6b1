package org.mixel.mfa.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mixel.InputException;

/**
 * How a training ended, as its model tells in its metadata: enough to train on.
 *
 * <p>The model is that of the best iteration on the validation rows, which need not be the last;
 * training goes on from there, and comes by the iterations after it once more.
 *
 * @param iterations how many there were in all
 * @param converged whether it ended by itself
 * @param train the training log-likelihoods up to the model's iteration
 * @param validation the validation log-likelihoods up to it
 */
record FinishedTraining(
    int iterations, boolean converged, List<Double> train, List<Double> validation) {
  private static final String PREFIX = "finished_";
  private static final String ITERATIONS = PREFIX + "iterations";
  private static final String CONVERGED = PREFIX + "converged";
  private static final String TRAIN = PREFIX + "train";
  private static final String VALIDATION = PREFIX + "validation";

  /**
   * @param best the model's iteration, from 0
   */
  static FinishedTraining of(
      List<Double> train, List<Double> validation, int best, boolean converged) {
    return new FinishedTraining(
        train.size(),
        converged,
        train.subList(0, best + 1),
        validation.isEmpty() ? validation : validation.subList(0, best + 1));
  }

  /** Adds this to what is stored with a model. */
  void addTo(Map<String, String> texts) {
    texts.put(ITERATIONS, Integer.toString(iterations));
    texts.put(CONVERGED, Boolean.toString(converged));
    texts.put(TRAIN, Checkpoint.join(train));
    texts.put(VALIDATION, Checkpoint.join(validation));
  }

  /** Takes out what {@link #addTo} added, for a model that is made of others. */
  static void removeFrom(Map<String, String> texts) {
    texts.keySet().removeIf(name -> name.startsWith(PREFIX));
  }

  /**
   * What a model tells, if it is of a training that can go on under these options.
   *
   * @param file the model's, for messages
   * @param metadata of the model
   * @param run what the training that goes on is of
   * @throws InputException if the model is of another training, has had its iterations, or has
   *     converged by the same limits
   */
  static FinishedTraining toGoOn(
      Path file, Map<String, String> metadata, Map<String, String> run, TrainingOptions options) {
    Map<String, String> texts = new TreeMap<>(metadata);
    FinishedTraining found = read(file, texts);
    removeFrom(texts);
    texts.remove(Trainer.SHRINKAGE);
    SameTraining.require(
        file, TrainingOptions.withoutLimits(texts), TrainingOptions.withoutLimits(run));
    double tolerance = number(file, texts, TrainingOptions.TOLERANCE, 0);
    double patience = number(file, texts, TrainingOptions.PATIENCE, 1);
    if (found.converged
        && options.stopping().tolerance() >= tolerance
        && options.stopping().patience() <= patience) {
      throw converged(file, found.iterations);
    }
    if (options.stopping().iterations() <= found.iterations) {
      throw new InputException(
          "%s: has had %d iterations, and %d are asked for; ask for more to train on"
              .formatted(file, found.iterations, options.stopping().iterations()));
    }
    return found;
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

  /** What to throw if there is nothing to go on with. */
  static InputException converged(Path file, int iterations) {
    return new InputException(
        "%s: converged after %d iterations; ask for a smaller tolerance or more patience to train on"
            .formatted(file, iterations));
  }

  private static FinishedTraining read(Path file, Map<String, String> texts) {
    try {
      List<Double> train = Checkpoint.split(texts.getOrDefault(TRAIN, ""));
      FinishedTraining found =
          new FinishedTraining(
              Integer.parseInt(texts.getOrDefault(ITERATIONS, "0")),
              Boolean.parseBoolean(texts.get(CONVERGED)),
              train,
              Checkpoint.split(texts.getOrDefault(VALIDATION, "")));
      int validated = found.validation.size();
      if (train.isEmpty()
          || found.iterations < train.size()
          || (validated > 0 && validated != train.size())) {
        throw new InputException(
            file + ": does not tell how its training ended, so it cannot go on; train it anew");
      }
      return found;
    } catch (NumberFormatException e) {
      throw new InputException(file + ": damaged metadata; train it anew", e);
    }
  }

  /** As a checkpoint after the model's iteration. */
  Checkpoint toCheckpoint(Map<String, String> run) {
    return new Checkpoint(run, new ArrayList<>(train), new ArrayList<>(validation), 0);
  }
}
