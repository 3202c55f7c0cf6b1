package org.mixel.mfa.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;

/**
 * The likelihoods of a training so far, in nats per row.
 *
 * @param train of the training rows before each iteration's update
 * @param validation of the validation rows after each iteration's update; empty without such rows
 * @param priorGains by how much each iteration's update raised the prior on the noise ({@link
 *     Maximization.Step})
 * @param firstValidation of the validation rows under the first model; null without such rows, and
 *     where it no longer matters
 * @param shrinkage rows without correlations that every M-step adds
 * @param trainingNoise the noise floor that components are found under; 0 for that of the options
 */
record TrainingHistory(
    List<Double> train,
    List<Double> validation,
    List<Double> priorGains,
    @Nullable Double firstValidation,
    double shrinkage,
    double trainingNoise) {
  /** A fall by no more than this part of a likelihood is the rounding of float32. */
  private static final double ROUNDING = 1e-7;

  /** Of a training that has not begun. */
  static final TrainingHistory EMPTY =
      new TrainingHistory(List.of(), List.of(), List.of(), null, 0, 0);

  /** The same from a first model. */
  TrainingHistory from(FirstModel first) {
    return new TrainingHistory(
        train, validation, priorGains, firstValidation, first.shrinkage(), first.trainingNoise());
  }

  /** The same with the likelihood of the validation rows under the first model. */
  TrainingHistory withFirstValidation(double likelihood) {
    return new TrainingHistory(train, validation, priorGains, likelihood, shrinkage, trainingNoise);
  }

  /**
   * The same and one more iteration.
   *
   * @param validated null without validation rows
   */
  TrainingHistory with(double trained, @Nullable Double validated, double priorGain) {
    return new TrainingHistory(
        append(train, trained),
        validated == null ? validation : append(validation, validated),
        append(priorGains, priorGain),
        firstValidation,
        shrinkage,
        trainingNoise);
  }

  private static List<Double> append(List<Double> values, double last) {
    List<Double> longer = new ArrayList<>(values);
    longer.add(last);
    return longer;
  }

  /** Number of iterations. */
  int iterations() {
    return train.size();
  }

  /**
   * The iteration whose model is best on the validation rows, the last without such rows; -1 is the
   * first model.
   */
  int best() {
    if (validation.isEmpty()) {
      return train.size() - 1;
    }
    int best = firstValidation == null ? 0 : -1;
    for (int i = 0; i < validation.size(); i++) {
      best = validation.get(i) > validated(best) ? i : best;
    }
    return best;
  }

  /**
   * The likelihood of the validation rows under the {@link #best} model; null without such rows.
   */
  @Nullable Double kept() {
    return validation.isEmpty() ? null : Double.valueOf(validated(best()));
  }

  private double validated(int iteration) {
    return iteration < 0 && firstValidation != null ? firstValidation : validation.get(iteration);
  }

  /** The part up to the {@link #best} model. */
  TrainingHistory untilBest() {
    int end = best() + 1;
    return new TrainingHistory(
        train.subList(0, end),
        validation.isEmpty() ? validation : validation.subList(0, end),
        priorGains.subList(0, end),
        firstValidation,
        shrinkage,
        trainingNoise);
  }

  /**
   * Whether training is to stop before its last iteration. What is watched beside the validation
   * rows is the objective that the M-step climbs: likelihood and prior on the noise. A fall by more
   * than rounding is no convergence.
   */
  boolean converged(Stopping stopping) {
    int done = train.size();
    if (!validation.isEmpty() && validation.size() - 1 - best() >= stopping.patience()) {
      return true;
    }
    if (done < 2 || stopping.tolerance() == 0) {
      return false;
    }
    double gain = train.get(done - 1) - train.get(done - 2) + priorGains.get(done - 2);
    double rounding = ROUNDING * Math.max(1, Math.abs(train.get(done - 1)));
    return gain < stopping.tolerance() && gain > -rounding;
  }

  /** As text by name, to be stored. */
  Map<String, String> toTexts() {
    Map<String, String> texts = new TreeMap<>();
    texts.put("train", join(train));
    texts.put("validation", join(validation));
    if (priorGains.stream().anyMatch(gain -> gain != 0)) {
      texts.put("prior_gains", join(priorGains));
    }
    if (firstValidation != null) {
      texts.put("first_validation", firstValidation.toString());
    }
    texts.put("shrinkage", Double.toString(shrinkage));
    if (trainingNoise > 0) {
      texts.put("training_noise", Double.toString(trainingNoise));
    }
    return texts;
  }

  /**
   * From what {@link #toTexts} gave; earlier versions stored neither the gains of the prior nor the
   * likelihood of the first model.
   *
   * @param file for messages
   * @throws InputException if a number is damaged, or there are not as many of each kind
   */
  static TrainingHistory of(Path file, Map<String, String> texts) {
    try {
      List<Double> train = split(texts.getOrDefault("train", ""));
      List<Double> validation = split(texts.getOrDefault("validation", ""));
      List<Double> gains = split(texts.getOrDefault("prior_gains", ""));
      String first = texts.get("first_validation");
      if (gains.isEmpty()) {
        gains = new ArrayList<>(train);
        gains.replaceAll(each -> 0.0);
      }
      if ((!validation.isEmpty() && validation.size() != train.size())
          || gains.size() != train.size()) {
        throw new InputException(file + ": its likelihoods are damaged; begin anew");
      }
      return new TrainingHistory(
          train,
          validation,
          gains,
          first == null ? null : Double.valueOf(first),
          FinishedTraining.number(file, texts, "shrinkage", 0),
          FinishedTraining.number(file, texts, "training_noise", 0));
    } catch (NumberFormatException e) {
      throw new InputException(file + ": its likelihoods are damaged; begin anew", e);
    }
  }

  private static String join(List<Double> values) {
    return String.join(",", values.stream().map(String::valueOf).toList());
  }

  private static List<Double> split(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(Double::valueOf).toList();
  }
}
