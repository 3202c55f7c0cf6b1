package org.mixel.mfa.training;

import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.Batches;
import org.mixel.tensor.RowBlocks;

/** One iteration of exact EM: an E-step over all rows, then an M-step. */
final class EmPass implements Pass {
  private final Batches batches;
  private final Maximization maximization;
  private final @Nullable RowBlocks blocks;

  /**
   * @param missing whether values are missing
   */
  EmPass(Batches batches, boolean missing, Maximization maximization) {
    this.batches = batches;
    this.maximization = maximization;
    blocks = missing ? null : RowBlocks.of(batches.samples(), batches.device());
  }

  @Override
  public Outcome improve(MixtureOfFactorAnalyzers model, Progress.Stage stage) {
    try (SufficientStatistics statistics =
        blocks == null
            ? MissingExpectation.of(batches, model, stage)
            : ExactExpectation.of(blocks, model, stage)) {
      return new Outcome(maximization.maximize(statistics), statistics.meanLogLikelihood());
    }
  }

  @Override
  public boolean exact() {
    return true;
  }

  @Override
  public void close() {
    if (blocks != null) {
      blocks.close();
    }
  }
}
