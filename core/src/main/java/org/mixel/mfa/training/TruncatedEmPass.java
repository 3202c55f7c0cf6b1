package org.mixel.mfa.training;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.mixel.Progress;
import org.mixel.mfa.Density;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.Batches;
import org.mixel.tensor.SafeTensors;

/**
 * One iteration of truncated EM. Before the first, E-steps alone settle the candidates: an M-step
 * on bad ones would move components that have not met their rows.
 */
final class TruncatedEmPass implements Pass {
  private static final int MOST_WARM_UP = 10;
  private static final double SETTLED = 1e-3;

  private final TruncatedExpectation expectation;
  private final Maximization maximization;
  private boolean warm;

  private TruncatedEmPass(
      TruncatedExpectation expectation, Maximization maximization, boolean warm) {
    this.expectation = expectation;
    this.maximization = maximization;
    this.warm = warm;
  }

  /** The first pass of a training. */
  static TruncatedEmPass start(
      Batches batches,
      MixtureOfFactorAnalyzers model,
      Algorithm.TruncatedEm algorithm,
      TrainingOptions options,
      Progress progress) {
    return new TruncatedEmPass(
        TruncatedExpectation.start(batches, model, algorithm, options.seed(), progress),
        options.maximization(),
        false);
  }

  /** Goes on from a {@link #state}. */
  static TruncatedEmPass resume(
      Batches batches,
      Algorithm.TruncatedEm algorithm,
      TrainingOptions options,
      SafeTensors state) {
    return new TruncatedEmPass(
        TruncatedExpectation.resume(batches, algorithm, options, state),
        options.maximization(),
        true);
  }

  @Override
  public Outcome improve(MixtureOfFactorAnalyzers model, Progress.Stage stage) {
    try (Density density = Density.of(model);
        SufficientStatistics statistics = SufficientStatistics.empty(model)) {
      if (!warm) {
        warmUp(density);
        warm = true;
      }
      double bound = expectation.step(density, statistics, stage);
      return new Outcome(maximization.maximize(statistics), bound);
    }
  }

  private void warmUp(Density density) {
    double last = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < MOST_WARM_UP; i++) {
      double bound = expectation.step(density, null, Progress.SILENT.begin("warm-up", -1));
      if (bound - last < SETTLED * Math.abs(bound)) {
        return;
      }
      last = bound;
    }
  }

  @Override
  public boolean exact() {
    return false;
  }

  @Override
  public Map<String, Tensor> state() {
    return expectation.state();
  }
}
