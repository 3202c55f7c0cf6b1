package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;

/**
 * A mixture of one component is a factor analysis: on MNIST it agrees with scikit-learn's.
 *
 * <p>The golden figures are of scikit-learn 1.2.1, {@code FactorAnalysis(n_components=10,
 * random_state=0).fit(train)} and its {@code score}, on the first 10,000 training and 5,000 test
 * images dequantised as {@link Samples#dequantized} does with seeds 1 and 2.
 */
@Tag("slow")
class FactorAnalysisGoldenTest {
  private static final double TRAIN = 1183.292;
  private static final double TEST = 887.772;

  @Test
  void oneComponentAgreesWithScikitLearn() {
    TrainingResult result =
        Trainer.of(
                TrainingOptions.defaults(1, 10)
                    .withNoiseLimits(1e-9, 0)
                    .withIterations(15)
                    .withTolerance(0),
                ComputeDevice.CPU)
            .fit(pixels("mnist:train", 10_000, 1), Progress.SILENT);
    try (MixtureOfFactorAnalyzers model = result.model()) {
      int last = result.trainLogLikelihood().size() - 1;
      assertThat(result.trainLogLikelihood().get(last)).isCloseTo(TRAIN, within(0.5));
      double held =
          Scoring.meanLogLikelihood(model, pixels("mnist:test", 5_000, 2), Progress.SILENT);
      assertThat(held).isCloseTo(TEST, within(0.5));
    }
  }

  private static Samples pixels(String set, int rows, long seed) {
    try {
      Samples images = DataSource.open(set, DataOptions.defaults(), Progress.SILENT);
      return images.select(IntStream.range(0, rows).toArray()).dequantized(seed);
    } catch (InputException e) {
      Assumptions.abort("MNIST cannot be had here: " + e.getMessage());
      throw e;
    }
  }
}
