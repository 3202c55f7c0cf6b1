package org.mixel.mfa.training;

import java.util.Map;
import java.util.TreeMap;
import org.mixel.InputException;

/**
 * How to train a mixture by exact EM.
 *
 * @param components number of components, {@code K}
 * @param factors factors per component, {@code l}
 * @param noise diagonal or isotropic
 * @param iterations most EM iterations
 * @param tolerance training stops when an iteration raises the mean training log-likelihood by less
 *     than this many nats per row
 * @param patience with validation rows, training stops when this many iterations in a row did not
 *     raise their log-likelihood
 * @param noiseFloor least noise variance of a value, in squared units of the data
 * @param noisePrior weight in rows of the prior on a component's noise, see {@link Maximization}; 0
 *     for maximum likelihood
 * @param seed fixes every random choice
 */
public record EmOptions(
    int components,
    int factors,
    NoiseModel noise,
    int iterations,
    double tolerance,
    int patience,
    double noiseFloor,
    double noisePrior,
    long seed) {
  /**
   * @throws InputException if a number is out of its range
   */
  public EmOptions {
    require(components >= 1, "components must be at least 1, got " + components);
    require(factors >= 1, "factors must be at least 1, got " + factors);
    require(iterations >= 1, "iterations must be at least 1, got " + iterations);
    require(tolerance >= 0, "tolerance must be at least 0, got " + tolerance);
    require(patience >= 1, "patience must be at least 1, got " + patience);
    require(noiseFloor > 0, "noise floor must be positive, got " + noiseFloor);
    require(noisePrior >= 0, "noise prior must be at least 0, got " + noisePrior);
  }

  /**
   * Diagonal noise of variance 0.01 or more with a prior of 30 rows, at most 30 iterations, and a
   * tolerance of 0.01 nats: for pixels in [0, 1].
   */
  public static EmOptions defaults(int components, int factors) {
    return new EmOptions(components, factors, NoiseModel.DIAGONAL, 30, 1e-2, 3, 1e-2, 30, 0);
  }

  /** The same with another noise model. */
  public EmOptions withNoise(NoiseModel noise) {
    return new EmOptions(
        components, factors, noise, iterations, tolerance, patience, noiseFloor, noisePrior, seed);
  }

  /** The same with another limit on the iterations. */
  public EmOptions withIterations(int iterations) {
    return new EmOptions(
        components, factors, noise, iterations, tolerance, patience, noiseFloor, noisePrior, seed);
  }

  /** The same with another tolerance in nats per row. */
  public EmOptions withTolerance(double tolerance) {
    return new EmOptions(
        components, factors, noise, iterations, tolerance, patience, noiseFloor, noisePrior, seed);
  }

  /** The same with another patience. */
  public EmOptions withPatience(int patience) {
    return new EmOptions(
        components, factors, noise, iterations, tolerance, patience, noiseFloor, noisePrior, seed);
  }

  /** The same with another floor and prior on the noise. */
  public EmOptions withNoiseLimits(double noiseFloor, double noisePrior) {
    return new EmOptions(
        components, factors, noise, iterations, tolerance, patience, noiseFloor, noisePrior, seed);
  }

  /** The same with another seed. */
  public EmOptions withSeed(long seed) {
    return new EmOptions(
        components, factors, noise, iterations, tolerance, patience, noiseFloor, noisePrior, seed);
  }

  /** The M-step of these options. */
  Maximization maximization() {
    return new Maximization(noise, noiseFloor, noisePrior);
  }

  /** What is stored with a model: every option by its name. */
  Map<String, String> toMetadata() {
    Map<String, String> texts = new TreeMap<>();
    texts.put("trainer", "em");
    texts.put("init", "kmeans");
    texts.put("noise", noise.toString());
    texts.put("iterations", Integer.toString(iterations));
    texts.put("tolerance", Double.toString(tolerance));
    texts.put("patience", Integer.toString(patience));
    texts.put("noise_floor", Double.toString(noiseFloor));
    texts.put("noise_prior", Double.toString(noisePrior));
    texts.put("seed", Long.toString(seed));
    return texts;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new InputException(otherwise);
    }
  }
}
