package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/** Every way to train climbs, replays, and goes on after an interruption as if there was none. */
class AlgorithmsTest {
  @TempDir Path folder;

  static Stream<Algorithm> algorithms() {
    return Stream.of(
        new Algorithm.ExactEm(),
        new Algorithm.TruncatedEm(3, 4),
        new Algorithm.StepwiseEm(150, 0.7),
        new Algorithm.StochasticGradient(100, 2e-3));
  }

  private static TrainingOptions options(Algorithm algorithm) {
    return Lines.options().withAlgorithm(algorithm);
  }

  private static TrainingResult fit(TrainingOptions options, Samples samples) {
    return Trainer.of(options, ComputeDevice.CPU).fit(samples, Progress.SILENT);
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void theModelGetsBetter(Algorithm algorithm) {
    Samples samples = Lines.rows(1500, 2);
    TrainingResult result = fit(options(algorithm), samples);
    List<Double> train = result.trainLogLikelihood();
    assertThat(train.get(train.size() - 1)).isGreaterThan(train.get(0));
    try (MixtureOfFactorAnalyzers model = result.model();
        MixtureOfFactorAnalyzers first =
            InitialModel.of(samples, ComputeDevice.CPU, options(algorithm), Progress.SILENT)
                .model()) {
      double before = Scoring.meanLogLikelihood(first, samples, Progress.SILENT);
      double after = Scoring.meanLogLikelihood(model, samples, Progress.SILENT);
      assertThat(after).isGreaterThan(before + 0.05);
      assertThat(result.exactLogLikelihood()).isCloseTo(after, within(1e-6));
      assertThat(model.metadata()).containsEntry("trainer", algorithm.trainer());
    }
  }

  /** A row that is left over from the batches must not count as much as a batch. */
  @Test
  void batchesOfAPassAreEven() {
    TrainingOptions options = options(new Algorithm.StepwiseEm(150, 0.7)).withIterations(1);
    try (TrainingResult result = fit(options, Lines.rows(901, 2))) {
      // The last of seven batches of 150 would give its one row a weight of 8^-0.7 = 0.23.
      assertThat(Arrays.stream(result.model().weights()).max().orElseThrow()).isLessThan(0.2);
    }
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void theSameSeedReplaysOnOneThreadAndOnTwo(Algorithm algorithm) {
    Samples samples = Lines.images(800, 3);
    int threads = torch.get_num_threads();
    double[] last = new double[2];
    try {
      for (int number = 1; number <= 2; number++) {
        torch.set_num_threads(number);
        TrainingResult first = fit(options(algorithm), samples);
        TrainingResult second = fit(options(algorithm), samples);
        assertThat(second.trainLogLikelihood()).isEqualTo(first.trainLogLikelihood());
        assertThat(Tensors.floats(second.model().means()))
            .isEqualTo(Tensors.floats(first.model().means()));
        last[number - 1] = first.trainLogLikelihood().get(first.trainLogLikelihood().size() - 1);
        first.model().close();
        second.model().close();
      }
    } finally {
      torch.set_num_threads(threads);
    }
    assertThat(last[1]).isCloseTo(last[0], within(1e-2));
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void aResumedTrainingGivesTheSameResult(Algorithm algorithm) {
    Samples samples = Lines.images(600, 4);
    Path checkpoint = folder.resolve("m.mfa.checkpoint");
    TrainingResult whole = fit(options(algorithm), samples);
    Trainer interrupted =
        Trainer.of(options(algorithm), ComputeDevice.CPU).checkpointedIn(checkpoint, true);
    assertThatThrownBy(() -> interrupted.fit(samples, new InterruptedProgress(3)))
        .hasMessage("interrupted");
    TrainingResult resumed =
        Trainer.of(options(algorithm), ComputeDevice.CPU)
            .checkpointedIn(checkpoint, true)
            .fit(samples, Progress.SILENT);
    assertThat(resumed.trainLogLikelihood()).isEqualTo(whole.trainLogLikelihood());
    assertThat(Tensors.floats(resumed.model().loadings()))
        .isEqualTo(Tensors.floats(whole.model().loadings()));
  }

  @Test
  void truncatedEmEndsWhereExactEmDoes() {
    Samples samples = Lines.rows(2000, 5);
    TrainingResult exact = fit(options(new Algorithm.ExactEm()).withIterations(20), samples);
    TrainingResult truncated =
        fit(options(new Algorithm.TruncatedEm(3, 5)).withIterations(20), samples);
    double reached = Scoring.meanLogLikelihood(exact.model(), samples, Progress.SILENT);
    assertThat(truncated.exactLogLikelihood()).isCloseTo(reached, within(0.05));
    // What is summed over the candidates only can be no more than what is summed over all.
    assertThat(truncated.trainLogLikelihood().get(19)).isLessThanOrEqualTo(reached + 0.05);
  }

  /** Fewer components than a group looks at, and more neighbours than there are components. */
  @Test
  void truncatedEmTrainsAnyNumberOfComponents() {
    Samples samples = Lines.images(400, 7);
    for (int components = 2; components <= 20; components++) {
      for (long seed = 0; seed < 2; seed++) {
        int neighbours = seed == 0 ? 15 : 25;
        TrainingOptions options =
            TrainingOptions.defaults(components, 1)
                .withAlgorithm(new Algorithm.TruncatedEm(3, neighbours))
                .withIterations(3)
                .withTolerance(0)
                .withSeed(seed);
        TrainingResult result = fit(options, samples);
        assertThat(result.exactLogLikelihood()).isFinite();
        result.model().close();
      }
    }
  }

  /** With as many candidates as components nothing is left out. */
  @Test
  void truncatedStatisticsOfAllComponentsAreExact() {
    Samples samples = Lines.rows(700, 6);
    Algorithm.TruncatedEm everything = new Algorithm.TruncatedEm(Lines.CLUSTERS, Lines.CLUSTERS);
    try (MixtureOfFactorAnalyzers model =
            InitialModel.of(samples, ComputeDevice.CPU, options(everything), Progress.SILENT)
                .model();
        Pass exact = new EmPass(samples, ComputeDevice.CPU, false);
        Pass truncated =
            TruncatedEmPass.of(
                samples,
                ComputeDevice.CPU,
                everything,
                options(everything),
                new SafeTensors(Map.of(), Map.of()))) {
      Maximization maximization = options(everything).maximization();
      Pass.Outcome one = exact.improve(model, maximization, Progress.SILENT.begin("", -1));
      Pass.Outcome other = truncated.improve(model, maximization, Progress.SILENT.begin("", -1));
      assertThat(other.logLikelihood()).isCloseTo(one.logLikelihood(), within(1e-4));
      assertClose(other.model().means(), one.model().means());
      assertClose(other.model().loadings(), one.model().loadings());
      assertClose(other.model().noiseVariance(), one.model().noiseVariance());
      one.model().close();
      other.model().close();
    }
  }

  private static void assertClose(Tensor actual, Tensor expected) {
    float[] a = Tensors.floats(actual);
    float[] e = Tensors.floats(expected);
    for (int i = 0; i < e.length; i++) {
      assertThat(a[i]).isCloseTo(e[i], within(2e-4f));
    }
  }
}
