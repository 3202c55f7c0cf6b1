package org.mixel.mfa.training;

import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RowReader;

/** One iteration of exact EM: an E-step over all rows, then an M-step. */
final class EmPass implements Pass {
  private final RowReader rows;
  private final boolean missing;
  private final Maximization maximization;

  /**
   * @param samples the rows, in the units of the training
   * @param missing whether values are missing
   */
  EmPass(Samples samples, ComputeDevice device, boolean missing, Maximization maximization) {
    rows = RowReader.of(samples, device);
    this.missing = missing;
    this.maximization = maximization;
  }

  @Override
  public Outcome improve(MixtureOfFactorAnalyzers model, Progress.Stage stage) {
    try (SufficientStatistics statistics =
        missing
            ? MissingExpectation.of(rows, model, stage)
            : ExactExpectation.of(rows, model, stage)) {
      Maximization.Step step = maximization.step(statistics);
      return new Outcome(step.model(), statistics.meanLogLikelihood(), step.priorGain());
    }
  }

  @Override
  public void close() {
    rows.close();
  }
}
