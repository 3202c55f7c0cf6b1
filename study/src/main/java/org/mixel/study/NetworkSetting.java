package org.mixel.study;

import org.jspecify.annotations.Nullable;
import org.mixel.neural.model.ModelKind;
import org.mixel.neural.training.FeatureChoice;
import org.mixel.neural.training.NetworkOptions;

/**
 * A network of a study; null stands for the kind's own default.
 *
 * @param steps of the generator
 * @param batch rows of a step
 * @param learningRate step size of the optimisers; larger where the kind's authors train for far
 *     longer
 * @param width channels or values of the narrowest hidden layer
 * @param latent number of latent values
 */
public record NetworkSetting(
    ModelKind kind,
    int steps,
    int batch,
    @Nullable Double learningRate,
    @Nullable Integer width,
    @Nullable Integer latent) {
  /** The name of its file, and of its row in tables. */
  String name() {
    return kind.toString();
  }

  /**
   * The options of its training.
   *
   * @param features the features that a VAE-DFC compares, or null for the default
   */
  NetworkOptions options(@Nullable FeatureChoice features, long seed) {
    NetworkOptions options =
        NetworkOptions.defaults(kind).withSteps(steps).withBatch(batch).withSeed(seed);
    options = features == null ? options : options.withFeatures(features);
    return learningRate == null ? options : options.withLearningRate(learningRate);
  }
}
