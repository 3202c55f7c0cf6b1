package org.mixel.study.stage;

import org.jspecify.annotations.Nullable;
import org.mixel.neural.NetworkOptions;
import org.mixel.neural.Recipe;

/**
 * A network of a study; null stands for the recipe's own default.
 *
 * @param steps of the generator
 * @param batch rows of a step
 * @param learningRate step size of the optimisers; larger where the recipe's authors train for far
 *     longer
 * @param width channels or values of the narrowest hidden layer
 * @param latent number of latent values
 * @param average part of averaged weights that is kept at a step, 0 for none
 * @param decay whether the rate falls over the last half of the steps
 * @param repetition 0 for the first; others have seeds of their own
 */
public record NetworkSetting(
    Recipe recipe,
    int steps,
    int batch,
    @Nullable Double learningRate,
    @Nullable Integer width,
    @Nullable Integer latent,
    double average,
    boolean decay,
    int repetition) {
  private static final double AVERAGE = 0.999;

  /** A network that is trained once, in its authors' way. */
  public NetworkSetting(
      Recipe recipe,
      int steps,
      int batch,
      @Nullable Double learningRate,
      @Nullable Integer width,
      @Nullable Integer latent) {
    this(recipe, steps, batch, learningRate, width, latent, 0, false, 0);
  }

  /** The same, trained from another seed. */
  public NetworkSetting repeated(int number) {
    return new NetworkSetting(
        recipe, steps, batch, learningRate, width, latent, average, decay, number);
  }

  /** The same with averaged weights. */
  public NetworkSetting averaged() {
    return new NetworkSetting(
        recipe, steps, batch, learningRate, width, latent, AVERAGE, decay, repetition);
  }

  /** The same with a rate that falls over the last half of the steps. */
  public NetworkSetting decaying() {
    return new NetworkSetting(
        recipe, steps, batch, learningRate, width, latent, average, true, repetition);
  }

  /** The same with another setting of its kind. */
  public NetworkSetting of(Recipe other) {
    return new NetworkSetting(
        other, steps, batch, learningRate, width, latent, average, decay, repetition);
  }

  /** The same at the width of the recipe's authors. */
  public NetworkSetting atAuthorsWidth() {
    return new NetworkSetting(
        recipe, steps, batch, learningRate, null, latent, average, decay, repetition);
  }

  /** The name of its file, and of its row in tables. */
  public String name() {
    return numbered(recipe.kind(), repetition);
  }

  /** The name of a model's repetition: the first has none of its own. */
  public static String numbered(String name, int repetition) {
    return repetition == 0 ? name : name + "-" + (repetition + 1);
  }

  /** The options of its training. */
  public NetworkOptions options(long seed) {
    NetworkOptions options =
        NetworkOptions.defaults(recipe)
            .withSteps(steps)
            .withBatch(batch)
            .withAverage(average)
            .withDecay(decay)
            .withSeed(seed + repetition);
    return learningRate == null ? options : options.withLearningRate(learningRate);
  }
}
