package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mixel.DivergedException;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Reconstruction;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/** Every way to train climbs, replays, and goes on after an interruption as if there was none. */
class AlgorithmsTest {
  private static final int DIMS = 12;
  private static final int CLUSTERS = 20;

  @TempDir Path folder;

  static Stream<Algorithm> algorithms() {
    return Stream.of(
        new Algorithm.ExactEm(),
        new Algorithm.TruncatedEm(3, 4),
        new Algorithm.StepwiseEm(150, 0.7),
        new Algorithm.StochasticGradient(100, 2e-3));
  }

  /** Rows about many lines in space. */
  private static Samples rows(int count, long seed) {
    Random places = new Random(1);
    float[][] centers = new float[CLUSTERS][DIMS];
    float[][] directions = new float[CLUSTERS][DIMS];
    for (int k = 0; k < CLUSTERS; k++) {
      for (int j = 0; j < DIMS; j++) {
        centers[k][j] = places.nextFloat();
        directions[k][j] = 0.2f * (float) places.nextGaussian();
      }
    }
    Random random = new Random(seed);
    float[] values = new float[count * DIMS];
    for (int i = 0; i < count; i++) {
      int k = random.nextInt(CLUSTERS);
      float z = (float) random.nextGaussian();
      for (int j = 0; j < DIMS; j++) {
        values[i * DIMS + j] =
            centers[k][j] + z * directions[k][j] + 0.05f * (float) random.nextGaussian();
      }
    }
    return StoredSamples.ofFloats("lines", DIMS, null, values);
  }

  private static TrainingOptions options(Algorithm algorithm) {
    return TrainingOptions.defaults(CLUSTERS, 1)
        .withAlgorithm(algorithm)
        .withNoiseLimits(1e-4, 1)
        .withTolerance(0)
        .withIterations(5);
  }

  private static TrainingResult fit(TrainingOptions options, Samples samples) {
    return Trainer.of(options, ComputeDevice.CPU).fit(samples, Progress.SILENT);
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void theModelGetsBetter(Algorithm algorithm) {
    Samples samples = rows(1500, 2);
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
    try (TrainingResult result = fit(options, rows(901, 2))) {
      // The last of seven batches of 150 would give its one row a weight of 8^-0.7 = 0.23.
      assertThat(Arrays.stream(result.model().weights()).max().orElseThrow()).isLessThan(0.2);
    }
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void theSameSeedReplaysOnOneThreadAndOnTwo(Algorithm algorithm) {
    Samples samples = images(800, 3);
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
    Samples samples = images(600, 4);
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

  /** Stops when an iteration has ended so many times. */
  private static final class InterruptedProgress implements Progress {
    private int left;

    InterruptedProgress(int iterations) {
      left = iterations;
    }

    @Override
    public Stage begin(String name, long steps) {
      return new Stage() {
        @Override
        public void advance(long by) {}

        @Override
        public void note(String text) {
          if (--left == 0) {
            throw new IllegalStateException("interrupted");
          }
        }

        @Override
        public void close() {}
      };
    }
  }

  @Test
  void truncatedEmEndsWhereExactEmDoes() {
    Samples samples = rows(2000, 5);
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
    Samples samples = images(400, 7);
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

  /** The same rows as pixels, which are trained as they are. */
  private static Samples images(int count, long seed) {
    Samples vectors = rows(count, seed);
    float[] values = new float[count * DIMS];
    for (int i = 0; i < count; i++) {
      System.arraycopy(vectors.row(i), 0, values, i * DIMS, DIMS);
    }
    return StoredSamples.ofFloats("images", DIMS, new ImageShape(1, 1, DIMS), values);
  }

  @Test
  void thoseAroundAGroupAreAsManyAsAskedFor() {
    float[] means = new float[17 * 2];
    for (int i = 0; i < means.length; i++) {
      means[i] = i * i % 13;
    }
    for (long seed = 0; seed < 200; seed++) {
      for (int width : new int[] {4, 9, 17, 48}) {
        int[] around =
            Neighbourhoods.ofMeans(Tensors.of(means, 17, 2), 3)
                .around(new int[] {5, 2}, new int[] {2, 7}, width, new SplittableRandom(seed));
        assertThat(around).startsWith(5, 2).hasSize(Math.min(width, 17)).doesNotHaveDuplicates();
      }
    }
  }

  /** With as many candidates as components nothing is left out. */
  @Test
  void truncatedStatisticsOfAllComponentsAreExact() {
    Samples samples = rows(700, 6);
    Algorithm.TruncatedEm everything = new Algorithm.TruncatedEm(CLUSTERS, CLUSTERS);
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

  private static Tensor[] leaves(MixtureOfFactorAnalyzers model, ScalarType type) {
    return Stream.of(
            model.logWeights(),
            model.means(),
            model.loadings(),
            model.noiseVariance().to(type).sqrt())
        .map(each -> each.to(type).clone().detach().requires_grad_(true))
        .toArray(Tensor[]::new);
  }

  /** The mean of {@code -log p(x)} by dense covariances. */
  private static Tensor dense(Tensor rows, Tensor[] parameters) {
    Tensor covariance =
        torch
            .bmm(parameters[2].transpose(1, 2), parameters[2])
            .add(torch.diag_embed(parameters[3].square()));
    Tensor root = torch.linalg_cholesky(covariance);
    Tensor centred = rows.unsqueeze(0).sub(parameters[1].unsqueeze(1)).transpose(1, 2);
    Tensor distance = torch.linalg_solve_triangular(root, centred, false).square().sum(1);
    Tensor logDeterminant = root.diagonal(0, 1, 2).log().sum(1).mul(new Scalar(2));
    Tensor joint =
        distance
            .add(logDeterminant.unsqueeze(1))
            .add(new Scalar(DIMS * Math.log(2 * Math.PI)))
            .mul(new Scalar(-0.5))
            .add(parameters[0].log_softmax(0, null).unsqueeze(1));
    return torch.logsumexp(joint, 0).mean().neg();
  }

  @Test
  void theGradientIsThatOfTheDenseDensity() {
    Samples samples = rows(300, 7);
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model =
            InitialModel.of(
                    samples, ComputeDevice.CPU, options(new Algorithm.ExactEm()), Progress.SILENT)
                .model();
        RowReader rows = RowReader.of(samples, model.device(), model.type())) {
      Tensor x = rows.rows(0, 300).to(ScalarType.Float);
      Tensor[] single = leaves(model, ScalarType.Float);
      Tensor shift = single[1].detach().mean(0).neg();
      Tensor loss = GradientPass.negativeLogLikelihood(x.add(shift), shift, single);
      Tensor[] exact = leaves(model, ScalarType.Double);
      Tensor expected = dense(x.to(ScalarType.Double), exact);
      assertThat(loss.item().toDouble()).isCloseTo(expected.item().toDouble(), within(1e-3));
      loss.backward();
      expected.backward();
      for (int i = 0; i < single.length; i++) {
        double[] found = Tensors.doubles(single[i].grad());
        double[] wanted = Tensors.doubles(exact[i].grad());
        double most = exact[i].grad().abs().max().item().toDouble();
        for (int j = 0; j < wanted.length; j++) {
          assertThat(found[j]).isCloseTo(wanted[j], within(2e-4 * most));
        }
      }
    }
  }

  /** Adam's first step is as long as the learning rate, whatever the gradient. */
  @Test
  void stepsAreThoseOfTheNoisesDeviation() {
    Samples samples = rows(300, 13);
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers first =
            InitialModel.of(
                    samples, ComputeDevice.CPU, options(new Algorithm.ExactEm()), Progress.SILENT)
                .model();
        MixtureOfFactorAnalyzers wide =
            first.with(
                first.loadings(), first.noiseVariance().mul(new Scalar(0)).add(new Scalar(0.09)))) {
      assertThat(deviations(wide, samples, 0.01, 1e-9))
          .usingComparatorWithPrecision(1e-4f)
          .containsOnly(0.29f);
      assertThat(deviations(wide, samples, 0.5, 1e-9))
          .usingComparatorWithPrecision(1e-6f)
          .containsOnly(1e-3f);
      assertThat(deviations(wide, samples, 0.5, 1e-2))
          .usingComparatorWithPrecision(1e-5f)
          .containsOnly(0.1f);
    }
  }

  private static float[] deviations(
      MixtureOfFactorAnalyzers model, Samples samples, double learningRate, double floor) {
    Algorithm one = new Algorithm.StochasticGradient(samples.rows(), learningRate);
    try (NativeScope scope = new NativeScope();
        Pass pass = one.begin(setting(one, model, samples, Map.of()));
        MixtureOfFactorAnalyzers next =
            pass.improve(
                    model,
                    new Maximization(NoiseModel.DIAGONAL, floor, 0),
                    Progress.SILENT.begin("", -1))
                .model()) {
      return Tensors.floats(next.noiseVariance().sqrt());
    }
  }

  private static Pass.Setting setting(
      Algorithm algorithm,
      MixtureOfFactorAnalyzers model,
      Samples samples,
      Map<String, Tensor> state) {
    return new Pass.Setting(
        samples,
        ComputeDevice.CPU,
        false,
        options(algorithm),
        model,
        new SafeTensors(state, Map.of()));
  }

  @Test
  void stateOfStepsOverTheNoisesLogarithmIsRefused() {
    Samples samples = rows(300, 14);
    Algorithm gradient = Algorithm.StochasticGradient.defaults();
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model =
            InitialModel.of(samples, ComputeDevice.CPU, options(gradient), Progress.SILENT)
                .model()) {
      Map<String, Tensor> state = Map.of("epoch", Tensors.of(new long[] {1}, 1));
      assertThatThrownBy(() -> gradient.begin(setting(gradient, model, samples, state)))
          .isInstanceOf(InputException.class)
          .hasMessage(
              "the checkpoint is of an earlier version, in which sgd learned the logarithm of the"
                  + " noise; begin anew");
    }
  }

  @Test
  void tooLargeStepsAreNamed() {
    assertThatThrownBy(
            () -> fit(options(new Algorithm.StochasticGradient(100, 1e30)), rows(300, 8)))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("lower `learningRate`");
    assertThatThrownBy(
            () -> fit(options(new Algorithm.StochasticGradient(100, 1000)), images(300, 8)))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("sgd diverged");
  }

  @Test
  void everyAlgorithmIsFoundByItsName() {
    for (Algorithm algorithm : Algorithm.all()) {
      assertThat(Algorithm.of(algorithm.trainer())).isEqualTo(algorithm);
    }
  }

  @Test
  void theDefaultIsTruncatedForManyComponentsOnTheCpuOnly() {
    assertThat(Algorithm.bestFor(199)).isEqualTo(new Algorithm.ExactEm());
    assertThat(Algorithm.bestFor(200)).isEqualTo(Algorithm.TruncatedEm.defaults());
    assertThat(Algorithm.bestFor(200, true)).isEqualTo(new Algorithm.ExactEm());
  }

  @Test
  void badNumbersAreRefusedWithTheRule() {
    assertThatThrownBy(() -> new Algorithm.TruncatedEm(0, 15))
        .hasMessage("candidates must be at least 1, got 0");
    assertThatThrownBy(() -> new Algorithm.TruncatedEm(3, 1))
        .hasMessage("neighbours must be at least 2, got 1");
    assertThatThrownBy(() -> new Algorithm.StepwiseEm(0, 0.6))
        .hasMessage("batch must be at least 1 row, got 0");
    assertThatThrownBy(() -> new Algorithm.StepwiseEm(10, 0.5))
        .hasMessage("decay must be above 0.5 and at most 1, got 0.5");
    assertThatThrownBy(() -> new Algorithm.StochasticGradient(10, Double.NaN))
        .hasMessage("learning rate must be positive, got NaN");
    assertThatThrownBy(() -> Algorithm.of("adam"))
        .hasMessage("trainer must be em, truncated-em, stepwise-em or sgd, got adam");
  }

  @Test
  void splitRootsMakeOneFlatModelAndResume() {
    Samples samples = images(1200, 9);
    TrainingOptions options = options(new Algorithm.ExactEm());
    Path checkpoints = folder.resolve("m.mfa.checkpoints");
    HierarchicalTrainer whole =
        HierarchicalTrainer.of(options, 4, ComputeDevice.CPU)
            .splitBy(60)
            .checkpointedIn(checkpoints, false);
    TrainingResult result = whole.fit(samples, Progress.SILENT);
    try (MixtureOfFactorAnalyzers model = result.model()) {
      assertThat(model.components()).isBetween(18, 22);
      double sum = 0;
      for (double weight : model.weights()) {
        sum += weight;
      }
      assertThat(sum).isCloseTo(1, within(1e-6));
      List<Double> train = result.trainLogLikelihood();
      assertThat(train.get(train.size() - 1)).isGreaterThan(train.get(train.size() - 2));
      assertThatThrownBy(
              () ->
                  HierarchicalTrainer.of(options, 4, ComputeDevice.CPU)
                      .splitBy(60)
                      .checkpointedIn(folder.resolve("other"), true)
                      .fit(samples, new InterruptedProgress(12)))
          .hasMessage("interrupted");
      TrainingResult resumed =
          HierarchicalTrainer.of(options, 4, ComputeDevice.CPU)
              .splitBy(60)
              .checkpointedIn(folder.resolve("other"), true)
              .fit(samples, Progress.SILENT);
      assertThat(Tensors.floats(resumed.model().means())).isEqualTo(Tensors.floats(model.means()));
      resumed.model().close();
    }
    Checkpoints.beside(folder.resolve("m.mfa")).delete();
    assertThat(checkpoints).doesNotExist();
  }

  @Test
  void theSweepKeepsTheSizeThatValidatesBest() {
    Holdout parts = Holdout.of(images(3000, 10), CLUSTERS, 1).orElseThrow();
    assertThat(parts.validation().rows()).isEqualTo(300);
    ComponentSweep.Outcome outcome =
        ComponentSweep.of(options(new Algorithm.ExactEm()), List.of(2, CLUSTERS), ComputeDevice.CPU)
            .testedBy(images(500, 11))
            .fit(parts.train(), parts.validation(), Progress.SILENT);
    try (MixtureOfFactorAnalyzers model = outcome.best().model()) {
      assertThat(model.components()).isEqualTo(CLUSTERS);
      ComponentSweep.Setting best = outcome.settings().get(1);
      ComponentSweep.Setting small = outcome.settings().get(0);
      assertThat(best.bic()).isLessThan(small.bic());
      double parameters = 2 * (DIMS * 3.0 + 1) - 1;
      assertThat(small.bic())
          .isCloseTo(
              parameters * Math.log(2700) - 2 * 2700 * small.trainLogLikelihood(), within(1e-6));
    }
  }

  @Test
  void theSweepShowsEveryModelAndHowItReconstructs() {
    long before = Pointer.totalCount();
    Samples train = images(1200, 10);
    Samples test = images(1500, 11);
    List<Integer> shown = new ArrayList<>();
    List<Double> errors = new ArrayList<>();
    ComponentSweep.Outcome outcome =
        ComponentSweep.of(options(new Algorithm.ExactEm()), List.of(CLUSTERS, 2), ComputeDevice.CPU)
            .testedBy(test)
            .shownTo(
                (setting, model) -> {
                  shown.add(model.components());
                  Samples first = test.spread(1000);
                  errors.add(Reconstruction.of(model, first, Progress.SILENT, rows -> {}));
                })
            .fit(train, images(200, 12), Progress.SILENT);
    outcome.best().close();
    assertThat(shown).containsExactly(CLUSTERS, 2);
    assertThat(outcome.settings())
        .extracting(ComponentSweep.Setting::reconstructionError)
        .isEqualTo(errors);
    assertThat(errors.get(0)).isPositive().isLessThan(errors.get(1) / 2);
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  @Test
  void vectorsAreNotReconstructed() {
    ComponentSweep.Outcome outcome =
        ComponentSweep.of(options(new Algorithm.ExactEm()), List.of(2), ComputeDevice.CPU)
            .fit(rows(300, 10), rows(100, 12), Progress.SILENT);
    outcome.best().close();
    assertThat(outcome.settings().get(0).reconstructionError()).isNull();
  }

  @Test
  void modelsAreFreedWhenTheViewerFails() {
    long before = Pointer.totalCount();
    ComponentSweep sweep =
        ComponentSweep.of(options(new Algorithm.ExactEm()), List.of(2, 3), ComputeDevice.CPU)
            .shownTo(
                (setting, model) -> {
                  if (model.components() == 3) {
                    throw new IllegalStateException("viewer");
                  }
                });
    Samples rows = rows(300, 10);
    assertThatThrownBy(() -> sweep.fit(rows, rows, Progress.SILENT)).hasMessage("viewer");
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  @Test
  void fewRowsAreNotDivided() {
    assertThat(Holdout.of(rows(999, 12), 5, 0)).isEmpty();
    assertThat(Holdout.of(rows(1000, 12), 981, 0)).isEmpty();
    assertThat(Holdout.of(rows(1999, 12), 100, 0).orElseThrow().validation().rows()).isEqualTo(39);
    assertThat(Holdout.of(rows(2000, 12), 100, 0).orElseThrow().validation().rows()).isEqualTo(200);
  }
}
