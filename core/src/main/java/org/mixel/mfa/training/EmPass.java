package org.mixel.mfa.training;

import org.mixel.Progress;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.Batches;

/**
 * One iteration of exact EM: an E-step over all rows, then an M-step.
 *
 * @param missing whether values are missing
 */
record EmPass(Batches batches, boolean missing, Maximization maximization) implements Pass {
  @Override
  public Outcome improve(MixtureOfFactorAnalyzers model, Progress.Stage stage) {
    try (SufficientStatistics statistics =
        missing
            ? MissingExpectation.of(batches, model, stage)
            : ExactExpectation.of(batches, model, stage)) {
      return new Outcome(maximization.maximize(statistics), statistics.meanLogLikelihood());
    }
  }

  @Override
  public boolean exact() {
    return true;
  }
}
