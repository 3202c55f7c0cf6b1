package org.mixel.mfa.training;

import static org.mixel.InputException.require;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mixel.data.Samples;

/**
 * How to train a mixture.
 *
 * @param components number of components, {@code K}
 * @param factors factors per component, {@code l}
 * @param algorithm how the model is improved
 * @param initialization where the first model comes from
 * @param maximization noise model, and the floor and prior of the noise
 * @param refit of loadings and noise, when components are found
 * @param stopping when the training ends
 * @param seed fixes every random choice
 */
public record TrainingOptions(
    int components,
    int factors,
    Algorithm algorithm,
    Initialization initialization,
    Maximization maximization,
    Refit refit,
    Stopping stopping,
    long seed) {
  static final String ITERATIONS = "iterations";
  static final String TOLERANCE = "tolerance";
  static final String PATIENCE = "patience";

  /**
   * @throws org.mixel.InputException if a number is out of its range
   */
  public TrainingOptions {
    require(components >= 1, "components must be at least 1, got " + components);
    require(factors >= 1, "factors must be at least 1, got " + factors);
  }

  /**
   * Exact EM from k-means, under a noise that suits the rows, at most 30 iterations, a tolerance of
   * 0.01 nats; then a refit of loadings and noise: for pixels in [0, 1].
   */
  public static TrainingOptions defaults(int components, int factors) {
    return new TrainingOptions(
        components,
        factors,
        new Algorithm.ExactEm(),
        Initialization.KMEANS,
        new Maximization(NoiseModel.DIAGONAL, 1e-2, 30),
        Refit.defaults(),
        Stopping.defaults(),
        0);
  }

  /**
   * For vectors, whose columns are standardised, so that the noise is relative to each column's
   * variance: exact EM from k-means, diagonal noise of 0.01 or more without a prior, at most 100
   * iterations, and a tolerance of 0.001 nats.
   */
  public static TrainingOptions forVectors(int components, int factors) {
    return defaults(components, factors)
        .withNoiseLimits(1e-2, 0)
        .withIterations(100)
        .withTolerance(1e-3);
  }

  /**
   * The defaults for a set of rows: those for pixels or for vectors, and exact EM for few
   * components, truncated EM for many.
   */
  public static TrainingOptions forRows(Samples samples, int components, int factors) {
    Algorithm algorithm = Algorithm.bestFor(components);
    return samples.areVectors()
        ? forVectors(components, factors).withAlgorithm(algorithm.forVectors())
        : defaults(components, factors).withAlgorithm(algorithm);
  }

  /** The same with another number of components. */
  public TrainingOptions withComponents(int components) {
    return new TrainingOptions(
        components, factors, algorithm, initialization, maximization, refit, stopping, seed);
  }

  /** The same with another algorithm. */
  public TrainingOptions withAlgorithm(Algorithm algorithm) {
    return new TrainingOptions(
        components, factors, algorithm, initialization, maximization, refit, stopping, seed);
  }

  /** The same with another first model. */
  public TrainingOptions withInitialization(Initialization initialization) {
    return new TrainingOptions(
        components, factors, algorithm, initialization, maximization, refit, stopping, seed);
  }

  /**
   * Plain EM with another floor and prior on the noise, which is the density's from the beginning;
   * without a refit.
   */
  public TrainingOptions withNoiseLimits(double noiseFloor, double noisePrior) {
    return withMaximization(new Maximization(maximization.noise(), noiseFloor, noisePrior))
        .withRefit(Refit.NONE);
  }

  /** The same with the shrinkage and the noise floor that a training began with. */
  TrainingOptions under(TrainingHistory begun) {
    Maximization shrunk = maximization.withShrinkage(begun.shrinkage());
    return withMaximization(
        begun.trainingNoise() > 0 ? shrunk.withNoiseFloor(begun.trainingNoise()) : shrunk);
  }

  /** The same with another M-step. */
  public TrainingOptions withMaximization(Maximization maximization) {
    return new TrainingOptions(
        components, factors, algorithm, initialization, maximization, refit, stopping, seed);
  }

  /** The same with another refit. */
  public TrainingOptions withRefit(Refit refit) {
    return new TrainingOptions(
        components, factors, algorithm, initialization, maximization, refit, stopping, seed);
  }

  /** The same with another end. */
  public TrainingOptions withStopping(Stopping stopping) {
    return new TrainingOptions(
        components, factors, algorithm, initialization, maximization, refit, stopping, seed);
  }

  /** The same with another limit on the iterations. */
  public TrainingOptions withIterations(int most) {
    return withStopping(stopping.withIterations(most));
  }

  /** The same with another tolerance in nats per row. */
  public TrainingOptions withTolerance(double nats) {
    return withStopping(stopping.withTolerance(nats));
  }

  /** The same with another patience. */
  public TrainingOptions withPatience(int count) {
    return withStopping(stopping.withPatience(count));
  }

  /** The same with another seed. */
  public TrainingOptions withSeed(long seed) {
    return new TrainingOptions(
        components, factors, algorithm, initialization, maximization, refit, stopping, seed);
  }

  /** Metadata without the options that only say when training ends. */
  static Map<String, String> withoutLimits(Map<String, String> texts) {
    Map<String, String> others = new TreeMap<>(texts);
    others.keySet().removeAll(List.of(ITERATIONS, TOLERANCE, PATIENCE));
    return others;
  }

  /** Every option by its name, as stored with a model. */
  Map<String, String> toMetadata() {
    Map<String, String> texts = new TreeMap<>(algorithm.toMetadata());
    texts.putAll(refit.toMetadata());
    texts.put("components", Integer.toString(components));
    texts.put("factors", Integer.toString(factors));
    texts.put("trainer", algorithm.trainer());
    texts.put("init", initialization.toString());
    texts.put("noise", maximization.noise().toString());
    texts.put(ITERATIONS, Integer.toString(stopping.iterations()));
    texts.put(TOLERANCE, Double.toString(stopping.tolerance()));
    texts.put(PATIENCE, Integer.toString(stopping.patience()));
    texts.put("noise_floor", Double.toString(maximization.noiseFloor()));
    texts.put("noise_prior", Double.toString(maximization.priorRows()));
    texts.put("seed", Long.toString(seed));
    return texts;
  }

  /** All options in one line, as studies keep it beside their models: it must not change. */
  @Override
  public String toString() {
    return ("TrainingOptions[components=%s, factors=%s, algorithm=%s, initialization=%s,"
            + " maximization=%s, iterations=%s, tolerance=%s, patience=%s, seed=%s%s]")
        .formatted(
            components,
            factors,
            algorithm,
            initialization,
            maximization,
            stopping.iterations(),
            stopping.tolerance(),
            stopping.patience(),
            seed,
            refit.equals(Refit.defaults()) ? "" : ", refit=" + refit);
  }
}
