package org.mixel.mfa.training;

import static org.mixel.InputException.require;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;

/**
 * The last steps of a training of images. Components are found under a noise that is as large as
 * what the factors leave out: rows then belong to a component by the directions in which images
 * vary most. Such noise is no density of pixels. So loadings and noise are refitted to the found
 * components: the loadings get the variance that the rows have along them ({@link
 * FactorVariances}), the noise the rest, under a low floor; then the noise alone follows EM for a
 * few steps. Weights and means stay.
 *
 * <p>Each list holds choices; validation rows take the best of them, and without such rows the
 * first is taken.
 *
 * @param trainingNoise the noise floor while components are found; 0 for {@link ResidualSpectrum}'s
 * @param floors noise floors of the density; none for no refit
 * @param priors weights of the prior on the noise of the density, in rows per component
 */
public record Refit(double trainingNoise, List<Double> floors, List<Double> priors) {
  /** Loadings and noise stay what training ends with. */
  public static final Refit NONE = new Refit(0, List.of(), List.of());

  /** EM steps of the noise alone. */
  private static final int STEPS = 2;

  /** Rows enough to tell two choices apart. */
  private static final int MOST_JUDGES = 2_000;

  /**
   * @throws org.mixel.InputException if a number is out of its range
   */
  public Refit {
    floors = List.copyOf(floors);
    priors = List.copyOf(priors);
    if (trainingNoise != 0) {
      Maximization.requireFloor("`trainingNoise`", trainingNoise);
    }
    floors.forEach(each -> Maximization.requireFloor("noise floor", each));
    priors.forEach(Maximization::requirePrior);
    require(floors.isEmpty() == priors.isEmpty(), "a refit needs floors and priors");
  }

  /** The choices for pixels in [0, 1]. */
  public static Refit defaults() {
    return new Refit(0, List.of(1e-4, 1e-5, 1e-3, 1e-2), List.of(3.0, 1.0, 10.0, 30.0, 100.0));
  }

  /** The same with another noise while components are found. */
  public Refit withTrainingNoise(double variance) {
    return new Refit(variance, floors, priors);
  }

  /** The same with one floor. */
  public Refit withFloor(double floor) {
    return new Refit(trainingNoise, List.of(floor), priors);
  }

  /** The same with one prior on the noise. */
  public Refit withPrior(double rows) {
    return new Refit(trainingNoise, floors, List.of(rows));
  }

  /** Whether there is one. */
  public boolean takesPlace() {
    return !floors.isEmpty();
  }

  /** The noise floor of the density that is at least possible. */
  public double leastFloor() {
    return Collections.min(floors);
  }

  /** The options by name, as stored with a model. */
  Map<String, String> toMetadata() {
    Map<String, String> texts = new TreeMap<>();
    if (takesPlace()) {
      texts.put("training_noise", Double.toString(trainingNoise));
      texts.put("refit_floors", join(floors));
      texts.put("refit_priors", join(priors));
    }
    return texts;
  }

  private static String join(List<Double> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /**
   * A refitted model.
   *
   * @param model the caller closes it
   * @param noise noise model, floor and prior that were chosen
   */
  record Refitted(MixtureOfFactorAnalyzers model, Maximization noise) {}

  /**
   * Refits a model, which stays as it is.
   *
   * @param pass gives the statistics of the training rows
   * @param noise diagonal or isotropic
   * @param validation rows to choose by, in the units of the training; or null
   */
  Refitted refit(
      MixtureOfFactorAnalyzers model,
      Pass pass,
      NoiseModel noise,
      @Nullable Samples validation,
      Progress progress) {
    Samples judges = validation == null ? null : validation.spread(MOST_JUDGES);
    try (Progress.Stage stage = progress.begin("loadings and noise", -1)) {
      // Under the highest floor: what loadings leave of the moments may be nothing at all.
      Maximization first = new Maximization(noise, Collections.max(floors), priors.get(0));
      MixtureOfFactorAnalyzers present;
      try (SufficientStatistics statistics = pass.expect(model, stage)) {
        present = FactorVariances.refit(statistics, first);
      }
      Maximization chosen = first;
      for (int step = 0; step < STEPS; step++) {
        try (MixtureOfFactorAnalyzers before = present;
            SufficientStatistics statistics = pass.expect(before, stage)) {
          chosen = step == 0 ? choose(statistics, noise, judges) : chosen;
          present = chosen.noiseAlone(statistics);
        }
      }
      return new Refitted(present, chosen);
    }
  }

  /** The best floor under the first prior, then the best prior under that floor. */
  private Maximization choose(
      SufficientStatistics statistics, NoiseModel noise, @Nullable Samples judges) {
    double prior = priors.get(0);
    double floor =
        best(floors, each -> new Maximization(noise, each, prior).noiseAlone(statistics), judges);
    double rows =
        best(priors, each -> new Maximization(noise, floor, each).noiseAlone(statistics), judges);
    return new Maximization(noise, floor, rows);
  }

  /** The value whose model is best on some rows; without rows the first. */
  private static double best(
      List<Double> values,
      Function<Double, MixtureOfFactorAnalyzers> models,
      @Nullable Samples judges) {
    double best = values.get(0);
    double highest = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      if (judges != null && values.size() > 1) {
        try (MixtureOfFactorAnalyzers model = models.apply(value)) {
          double likelihood = Scoring.meanLogLikelihood(model, judges, Progress.SILENT);
          best = likelihood > highest ? value : best;
          highest = Math.max(highest, likelihood);
        }
      }
    }
    return best;
  }
}
