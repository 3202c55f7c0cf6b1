package org.mixel.mfa.training;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.mixel.Progress;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/**
 * One way to improve a model by a pass over the training rows. May remember from one pass to the
 * next what helps it; that belongs into checkpoints.
 */
interface Pass extends AutoCloseable {
  /**
   * What a pass made.
   *
   * @param model the improved model; the caller closes it
   * @param logLikelihood mean log-likelihood of the training rows before the improvement, or a
   *     bound below it or an average over the pass where the way of training knows no better
   */
  record Outcome(MixtureOfFactorAnalyzers model, double logLikelihood) {}

  /** Improves a model, which stays as it is. */
  Outcome improve(MixtureOfFactorAnalyzers model, Progress.Stage stage);

  /** Whether {@link Outcome#logLikelihood} is exact. */
  boolean exact();

  /** What the next pass depends on besides the model; the tensors stay this object's. */
  default Map<String, Tensor> state() {
    return Map.of();
  }

  @Override
  default void close() {}
}
