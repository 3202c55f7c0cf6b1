package org.mixel.mfa.training;

import org.mixel.Progress;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.Batches;

/** One iteration of exact EM: an E-step over all rows, then an M-step. */
record EmPass(Batches batches, Maximization maximization) implements Pass {
  @Override
  public Outcome improve(MixtureOfFactorAnalyzers model, Progress.Stage stage) {
    try (SufficientStatistics statistics = ExactExpectation.of(batches, model, stage)) {
      return new Outcome(maximization.maximize(statistics), statistics.meanLogLikelihood());
    }
  }

  @Override
  public boolean exact() {
    return true;
  }
}
