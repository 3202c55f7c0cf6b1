package org.mixel.study;

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
 */
public record NetworkSetting(
    Recipe recipe,
    int steps,
    int batch,
    @Nullable Double learningRate,
    @Nullable Integer width,
    @Nullable Integer latent) {
  /** The name of its file, and of its row in tables. */
  String name() {
    return recipe.kind();
  }

  /** The options of its training. */
  NetworkOptions options(long seed) {
    NetworkOptions options =
        NetworkOptions.defaults(recipe).withSteps(steps).withBatch(batch).withSeed(seed);
    return learningRate == null ? options : options.withLearningRate(learningRate);
  }
}
