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
 * @param seed fixes the first weights, the order of the rows and all noise
 */
public record NetworkOptions(
    int steps, int batch, double learningRate, int criticSteps, long seed) {
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
  }

  /**
   * @throws InputException that names the option
   */
  static void requireAtLeast(String option, int value, int least) {
    require(value >= least, "`%s` must be at least %d, got %d".formatted(option, least, value));
  }

  /** The settings of the recipe's authors, for 10,000 steps. */
  public static NetworkOptions defaults(Recipe recipe) {
    Recipe.Defaults defaults = recipe.defaults();
    return new NetworkOptions(
        STEPS, defaults.batch(), defaults.learningRate(), defaults.criticSteps(), 0);
  }

  /** The same with another number of steps. */
  public NetworkOptions withSteps(int count) {
    return new NetworkOptions(count, batch, learningRate, criticSteps, seed);
  }

  /** The same with another number of rows to a step. */
  public NetworkOptions withBatch(int rows) {
    return new NetworkOptions(steps, rows, learningRate, criticSteps, seed);
  }

  /** The same with another step size. */
  public NetworkOptions withLearningRate(double rate) {
    return new NetworkOptions(steps, batch, rate, criticSteps, seed);
  }

  /** The same with another number of steps of the critic. */
  public NetworkOptions withCriticSteps(int count) {
    return new NetworkOptions(steps, batch, learningRate, count, seed);
  }

  /** The same with another seed. */
  public NetworkOptions withSeed(long number) {
    return new NetworkOptions(steps, batch, learningRate, criticSteps, number);
  }

  /**
   * The options as text, to be stored with a model; without the number of steps, which may grow.
   */
  Map<String, String> toMetadata() {
    Map<String, String> texts = new TreeMap<>();
    texts.put("batch", Integer.toString(batch));
    texts.put("learning_rate", Double.toString(learningRate));
    texts.put("seed", Long.toString(seed));
    if (criticSteps > 0) {
      texts.put("critic_steps", Integer.toString(criticSteps));
    }
    return texts;
  }
}
