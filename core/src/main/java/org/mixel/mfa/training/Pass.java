package org.mixel.mfa.training;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.SafeTensors;

/**
 * One way to improve a model by a pass over the training rows. May keep state from one pass to the
 * next, which is part of a checkpoint.
 */
public interface Pass extends AutoCloseable {
  /**
   * The beginning of the passes of a training.
   *
   * @param rows the training rows, in the units of the training
   * @param device where to compute
   * @param missing whether values are missing (NaN)
   * @param options of the training
   * @param model of the last iteration, or the first
   * @param state what earlier passes remembered, as {@link #state} gave it; empty if nothing
   */
  record Setting(
      Samples rows,
      ComputeDevice device,
      boolean missing,
      TrainingOptions options,
      MixtureOfFactorAnalyzers model,
      SafeTensors state) {}

  /**
   * The result of a pass.
   *
   * @param model the improved model; the caller closes it
   * @param logLikelihood mean log-likelihood of the training rows before the improvement, or a
   *     bound below it or an average over the pass where the way of training knows no better
   * @param priorGain by how much the improvement raised the prior on the noise, in nats per row; 0
   *     where the way of training does not climb it
   */
  record Outcome(MixtureOfFactorAnalyzers model, double logLikelihood, double priorGain) {}

  /**
   * The E-step: the statistics of all rows under a model.
   *
   * @return the caller closes them
   */
  SufficientStatistics expect(MixtureOfFactorAnalyzers model, Progress.Stage stage);

  /**
   * Improves a model, which stays as it is.
   *
   * @param maximization noise model, floor and prior of this pass
   */
  default Outcome improve(
      MixtureOfFactorAnalyzers model, Maximization maximization, Progress.Stage stage) {
    try (SufficientStatistics statistics = expect(model, stage)) {
      Maximization.Step step = maximization.step(statistics);
      return new Outcome(step.model(), statistics.meanLogLikelihood(), step.priorGain());
    }
  }

  /**
   * The state that the next pass depends on besides the model; the tensors stay this object's or
   * belong to the current scope.
   */
  default Map<String, Tensor> state() {
    return Map.of();
  }

  @Override
  default void close() {}
}
