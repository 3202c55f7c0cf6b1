package org.mixel.neural;

import static org.mixel.InputException.require;

import java.util.Map;
import java.util.TreeMap;
import org.mixel.InputException;

/**
 * How long and by which steps networks are trained.
 *
 * @param steps of the generator, or of the auto-encoder
 * @param batch rows of a step
 * @param learningRate step size of the optimisers
 * @param criticSteps critic steps for each generator step; 0 where there is no critic
 * @param average the part of the generator's averaged weights that is kept at a step, in [0, 1):
 *     samples are drawn with these ({@link AveragedWeights}); 0 for the last weights
 * @param decay whether the learning rate falls linearly to zero over the last half of the steps
 * @param seed fixes the first weights, the order of the rows and all noise
 */
public record NetworkOptions(
    int steps,
    int batch,
    double learningRate,
    int criticSteps,
    double average,
    boolean decay,
    long seed) {
  /** The key of the batch in the metadata. */
  static final String BATCH = "batch";

  /** Enough for small images; the papers train ten times as long. */
  private static final int STEPS = 10_000;

  /**
   * @throws InputException if a number is out of its range
   */
  public NetworkOptions {
    requireAtLeast("steps", steps, 1);
    requireAtLeast("batch", batch, 1);
    requireAtLeast("criticSteps", criticSteps, 0);
    require(
        learningRate > 0 && learningRate < 1,
        "`learningRate` must be above 0 and below 1, got " + learningRate);
    require(
        average >= 0 && average < 1, "`average` must be at least 0 and below 1, got " + average);
  }

  /**
   * @throws InputException that names the option
   */
  static void requireAtLeast(String option, int value, int least) {
    require(value >= least, "`%s` must be at least %d, got %d".formatted(option, least, value));
  }

  /** The settings of the recipe's authors, for 10,000 steps; no average, no decay. */
  public static NetworkOptions defaults(Recipe recipe) {
    Recipe.Defaults defaults = recipe.defaults();
    return new NetworkOptions(
        STEPS, defaults.batch(), defaults.learningRate(), defaults.criticSteps(), 0, false, 0);
  }

  /** The same with another number of steps. */
  public NetworkOptions withSteps(int count) {
    return new NetworkOptions(count, batch, learningRate, criticSteps, average, decay, seed);
  }

  /** The same with another number of rows to a step. */
  public NetworkOptions withBatch(int rows) {
    return new NetworkOptions(steps, rows, learningRate, criticSteps, average, decay, seed);
  }

  /** The same with another step size. */
  public NetworkOptions withLearningRate(double rate) {
    return new NetworkOptions(steps, batch, rate, criticSteps, average, decay, seed);
  }

  /** The same with another number of steps of the critic. */
  public NetworkOptions withCriticSteps(int count) {
    return new NetworkOptions(steps, batch, learningRate, count, average, decay, seed);
  }

  /** The same with weights averaged so. */
  public NetworkOptions withAverage(double kept) {
    return new NetworkOptions(steps, batch, learningRate, criticSteps, kept, decay, seed);
  }

  /** The same with a rate that falls, or stays. */
  public NetworkOptions withDecay(boolean falls) {
    return new NetworkOptions(steps, batch, learningRate, criticSteps, average, falls, seed);
  }

  /** The same with another seed. */
  public NetworkOptions withSeed(long number) {
    return new NetworkOptions(steps, batch, learningRate, criticSteps, average, decay, number);
  }

  /**
   * The factor of the learning rate.
   *
   * @param done how many steps are done, fewer than all
   */
  double rate(long done) {
    return decay ? Math.min(1, 2.0 * (steps - done) / steps) : 1;
  }

  /**
   * The options as text, to be stored with a model; without the number of steps, which may grow.
   */
  Map<String, String> toMetadata() {
    Map<String, String> texts = new TreeMap<>();
    texts.put(BATCH, Integer.toString(batch));
    texts.put("learning_rate", Double.toString(learningRate));
    texts.put("seed", Long.toString(seed));
    if (criticSteps > 0) {
      texts.put("critic_steps", Integer.toString(criticSteps));
    }
    if (average > 0) {
      texts.put("average", Double.toString(average));
    }
    if (decay) {
      texts.put("decay", "true");
    }
    return texts;
  }
}
