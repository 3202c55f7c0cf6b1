package org.mixel.mfa.training;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mixel.InputException;

/**
 * How to train a mixture.
 *
 * @param components number of components, {@code K}
 * @param factors factors per component, {@code l}
 * @param algorithm how the model is improved
 * @param initialization where the first model comes from
 * @param maximization noise model, and the floor and prior of the noise
 * @param iterations most iterations, each a pass over the training rows
 * @param tolerance training stops when an iteration raises the mean training log-likelihood by less
 *     than this many nats per row, and does not lower it; 0 never stops it
 * @param patience with validation rows, training stops when this many iterations in a row did not
 *     raise their log-likelihood
 * @param seed fixes every random choice
 */
public record TrainingOptions(
    int components,
    int factors,
    Algorithm algorithm,
    Initialization initialization,
    Maximization maximization,
    int iterations,
    double tolerance,
    int patience,
    long seed) {
  static final String ITERATIONS = "iterations";
  static final String TOLERANCE = "tolerance";
  static final String PATIENCE = "patience";

  /**
   * @throws InputException if a number is out of its range
   */
  public TrainingOptions {
    require(components >= 1, "components must be at least 1, got " + components);
    require(factors >= 1, "factors must be at least 1, got " + factors);
    require(iterations >= 1, "iterations must be at least 1, got " + iterations);
    require(tolerance >= 0, "tolerance must be at least 0, got " + tolerance);
    require(patience >= 1, "patience must be at least 1, got " + patience);
  }

  /**
   * Exact EM from k-means, diagonal noise of variance 0.01 or more with a prior of 30 rows, at most
   * 30 iterations, and a tolerance of 0.01 nats: for pixels in [0, 1].
   */
  public static TrainingOptions defaults(int components, int factors) {
    return new TrainingOptions(
        components,
        factors,
        new Algorithm.ExactEm(),
        Initialization.KMEANS,
        new Maximization(NoiseModel.DIAGONAL, 1e-2, 30),
        30,
        1e-2,
        3,
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

  /** The same with another number of components. */
  public TrainingOptions withComponents(int components) {
    return new TrainingOptions(
        components,
        factors,
        algorithm,
        initialization,
        maximization,
        iterations,
        tolerance,
        patience,
        seed);
  }

  /** The same with another algorithm. */
  public TrainingOptions withAlgorithm(Algorithm algorithm) {
    return new TrainingOptions(
        components,
        factors,
        algorithm,
        initialization,
        maximization,
        iterations,
        tolerance,
        patience,
        seed);
  }

  /** The same with another first model. */
  public TrainingOptions withInitialization(Initialization initialization) {
    return new TrainingOptions(
        components,
        factors,
        algorithm,
        initialization,
        maximization,
        iterations,
        tolerance,
        patience,
        seed);
  }

  /** The same with another noise model. */
  public TrainingOptions withNoise(NoiseModel noise) {
    return withMaximization(
        new Maximization(noise, maximization.noiseFloor(), maximization.priorRows()));
  }

  /** The same with another floor and prior on the noise. */
  public TrainingOptions withNoiseLimits(double noiseFloor, double noisePrior) {
    return withMaximization(new Maximization(maximization.noise(), noiseFloor, noisePrior));
  }

  /** The same with other shrinkage of correlations. */
  TrainingOptions withShrinkage(double rows) {
    return withMaximization(maximization.withShrinkage(rows));
  }

  private TrainingOptions withMaximization(Maximization maximization) {
    return new TrainingOptions(
        components,
        factors,
        algorithm,
        initialization,
        maximization,
        iterations,
        tolerance,
        patience,
        seed);
  }

  /** The same with another limit on the iterations. */
  public TrainingOptions withIterations(int iterations) {
    return new TrainingOptions(
        components,
        factors,
        algorithm,
        initialization,
        maximization,
        iterations,
        tolerance,
        patience,
        seed);
  }

  /** The same with another tolerance in nats per row. */
  public TrainingOptions withTolerance(double tolerance) {
    return new TrainingOptions(
        components,
        factors,
        algorithm,
        initialization,
        maximization,
        iterations,
        tolerance,
        patience,
        seed);
  }

  /** The same with another patience. */
  public TrainingOptions withPatience(int patience) {
    return new TrainingOptions(
        components,
        factors,
        algorithm,
        initialization,
        maximization,
        iterations,
        tolerance,
        patience,
        seed);
  }

  /** The same with another seed. */
  public TrainingOptions withSeed(long seed) {
    return new TrainingOptions(
        components,
        factors,
        algorithm,
        initialization,
        maximization,
        iterations,
        tolerance,
        patience,
        seed);
  }

  /** Of what is stored with a model, all but the options that only say when training ends. */
  static Map<String, String> withoutLimits(Map<String, String> texts) {
    Map<String, String> others = new TreeMap<>(texts);
    others.keySet().removeAll(List.of(ITERATIONS, TOLERANCE, PATIENCE));
    return others;
  }

  /** What is stored with a model: every option by its name. */
  Map<String, String> toMetadata() {
    Map<String, String> texts = new TreeMap<>(algorithm.toMetadata());
    texts.put("components", Integer.toString(components));
    texts.put("factors", Integer.toString(factors));
    texts.put("trainer", algorithm.trainer());
    texts.put("init", initialization.toString());
    texts.put("noise", maximization.noise().toString());
    texts.put(ITERATIONS, Integer.toString(iterations));
    texts.put(TOLERANCE, Double.toString(tolerance));
    texts.put(PATIENCE, Integer.toString(patience));
    texts.put("noise_floor", Double.toString(maximization.noiseFloor()));
    texts.put("noise_prior", Double.toString(maximization.priorRows()));
    texts.put("seed", Long.toString(seed));
    return texts;
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new InputException(otherwise);
    }
  }
}
