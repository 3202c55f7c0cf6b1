package org.mixel.mfa.training;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.Density;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.SafeTensors;

/**
 * Truncated EM. Before the first iteration, E-steps alone settle the candidates ({@link
 * BlockTruncation#settle}).
 */
final class TruncatedEmPass implements Pass {
  private final Samples samples;
  private final ComputeDevice device;
  private final Algorithm.TruncatedEm algorithm;
  private final TrainingOptions options;
  private @Nullable TruncatedExpectation expectation;

  private TruncatedEmPass(
      Samples samples,
      ComputeDevice device,
      Algorithm.TruncatedEm algorithm,
      TrainingOptions options,
      @Nullable TruncatedExpectation expectation) {
    this.samples = samples;
    this.device = device;
    this.algorithm = algorithm;
    this.options = options;
    this.expectation = expectation;
  }

  /**
   * @param state empty for the first pass of a training, or what {@link #state} gave
   * @throws org.mixel.InputException if the state is of another training, or damaged
   */
  static TruncatedEmPass of(
      Samples samples,
      ComputeDevice device,
      Algorithm.TruncatedEm algorithm,
      TrainingOptions options,
      SafeTensors state) {
    return new TruncatedEmPass(
        samples,
        device,
        algorithm,
        options,
        state.tensors().isEmpty()
            ? null
            : TruncatedExpectation.resume(samples, device, algorithm, options, state));
  }

  @Override
  public SufficientStatistics expect(MixtureOfFactorAnalyzers model, Progress.Stage stage) {
    try (Density density = Density.of(model)) {
      if (expectation == null) {
        expectation =
            TruncatedExpectation.start(samples, device, density, algorithm, options.seed());
        warmUp(expectation, density);
      }
      TruncatedExpectation started = expectation;
      return SufficientStatistics.gather(
          model, statistics -> started.step(density, statistics, stage));
    }
  }

  private static void warmUp(TruncatedExpectation expectation, Density density) {
    BlockTruncation.settle(
        () -> expectation.step(density, null, Progress.SILENT.begin("warm-up", -1)));
  }

  @Override
  public Map<String, Tensor> state() {
    return expectation == null ? Map.of() : expectation.state();
  }

  @Override
  public void close() {
    if (expectation != null) {
      expectation.close();
    }
  }
}
