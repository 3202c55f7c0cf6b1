package org.mixel.neural.training;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.mixel.InputException;
import org.mixel.neural.model.ModelKind;

/**
 * How networks are trained.
 *
 * @param steps of the generator, or of the auto-encoder
 * @param batch rows of a step
 * @param learningRate step size of the optimisers
 * @param criticSteps of the critic for each of the generator; 0 where there is no critic
 * @param gamma the diversity ratio of BEGAN
 * @param features of VAE-DFC
 * @param seed fixes all of it
 */
public record NetworkOptions(
    int steps,
    int batch,
    double learningRate,
    int criticSteps,
    double gamma,
    FeatureChoice features,
    long seed) {
  /** Enough for small images; the papers train ten times as long. */
  private static final int STEPS = 10_000;

  /** Between the bounds of Berthelot et al. 2017, figure 3. */
  private static final double GAMMA = 0.5;

  /**
   * @throws InputException if a number is out of its range
   */
  public NetworkOptions {
    requireAtLeast("steps", steps, 1);
    requireAtLeast("batch", batch, 1);
    requireAtLeast("critic-steps", criticSteps, 0);
    if (!(learningRate > 0 && learningRate < 1)) {
      throw new InputException("learning-rate must be above 0 and below 1, got " + learningRate);
    }
    if (!(gamma > 0 && gamma <= 1)) {
      throw new InputException("gamma must be above 0 and at most 1, got " + gamma);
    }
  }

  private static void requireAtLeast(String name, int value, int least) {
    if (value < least) {
      throw new InputException(name + " must be at least " + least + ", got " + value);
    }
  }

  /** The settings of the kind's authors, for 10,000 steps. */
  public static NetworkOptions defaults(ModelKind kind) {
    ModelKind.Defaults defaults = kind.defaults();
    return new NetworkOptions(
        STEPS,
        defaults.batch(),
        defaults.learningRate(),
        defaults.criticSteps(),
        GAMMA,
        new FeatureChoice.Random(),
        0);
  }

  /** The same with another number of steps. */
  public NetworkOptions withSteps(int count) {
    return new NetworkOptions(count, batch, learningRate, criticSteps, gamma, features, seed);
  }

  /** The same with another number of rows to a step. */
  public NetworkOptions withBatch(int rows) {
    return new NetworkOptions(steps, rows, learningRate, criticSteps, gamma, features, seed);
  }

  /** The same with another step size. */
  public NetworkOptions withLearningRate(double rate) {
    return new NetworkOptions(steps, batch, rate, criticSteps, gamma, features, seed);
  }

  /** The same with another number of steps of the critic. */
  public NetworkOptions withCriticSteps(int count) {
    return new NetworkOptions(steps, batch, learningRate, count, gamma, features, seed);
  }

  /** The same with another diversity ratio. */
  public NetworkOptions withGamma(double ratio) {
    return new NetworkOptions(steps, batch, learningRate, criticSteps, ratio, features, seed);
  }

  /** The same with other features. */
  public NetworkOptions withFeatures(FeatureChoice choice) {
    return new NetworkOptions(steps, batch, learningRate, criticSteps, gamma, choice, seed);
  }

  /** The same with another seed. */
  public NetworkOptions withSeed(long number) {
    return new NetworkOptions(steps, batch, learningRate, criticSteps, gamma, features, number);
  }

  /** As text, to be stored with a model; without the number of steps, which may grow. */
  Map<String, String> toMetadata(ModelKind kind) {
    Map<String, String> texts = new TreeMap<>();
    texts.put("batch", Integer.toString(batch));
    texts.put("learning_rate", String.format(Locale.ROOT, "%s", learningRate));
    texts.put("seed", Long.toString(seed));
    if (criticSteps > 0) {
      texts.put("critic_steps", Integer.toString(criticSteps));
    }
    if (kind == ModelKind.BEGAN) {
      texts.put("gamma", String.format(Locale.ROOT, "%s", gamma));
    }
    if (kind == ModelKind.VAE_DFC) {
      texts.put("features", features.toString());
    }
    return texts;
  }
}
