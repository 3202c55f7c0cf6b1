package org.mixel.mfa.training;

import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RowReader;

/** Exact EM: every component's responsibility for every row. */
final class EmPass implements Pass {
  private final RowReader rows;
  private final boolean missing;

  /**
   * @param samples the rows, in the units of the training
   * @param missing whether values are missing
   */
  EmPass(Samples samples, ComputeDevice device, boolean missing) {
    rows = RowReader.of(samples, device);
    this.missing = missing;
  }

  @Override
  public SufficientStatistics expect(MixtureOfFactorAnalyzers model, Progress.Stage stage) {
    return missing
        ? MissingExpectation.of(rows, model, stage)
        : ExactExpectation.of(rows, model, stage);
  }

  @Override
  public void close() {
    rows.close();
  }
}
