package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.mixel.DivergedException;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/** Steps follow the gradient of the exact density, within the limits of the noise. */
class GradientPassTest {
  private static TrainingOptions options(Algorithm algorithm) {
    return Lines.options().withAlgorithm(algorithm);
  }

  private static TrainingResult fit(TrainingOptions options, Samples samples) {
    return Trainer.of(options, ComputeDevice.CPU).fit(samples, Progress.SILENT);
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
            .add(new Scalar(Lines.DIMS * Math.log(2 * Math.PI)))
            .mul(new Scalar(-0.5))
            .add(parameters[0].log_softmax(0, null).unsqueeze(1));
    return torch.logsumexp(joint, 0).mean().neg();
  }

  @Test
  void theGradientIsThatOfTheDenseDensity() {
    Samples samples = Lines.rows(300, 7);
    TrainingOptions options = TrainingOptions.defaults(5, 2);
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model =
            InitialModel.of(samples, ComputeDevice.CPU, options, Progress.SILENT).model();
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
    Samples samples = Lines.rows(300, 13);
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
    Samples samples = Lines.rows(300, 14);
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
            () -> fit(options(new Algorithm.StochasticGradient(100, 1e30)), Lines.rows(300, 8)))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("lower `learningRate`");
    assertThatThrownBy(
            () -> fit(options(new Algorithm.StochasticGradient(100, 1000)), Lines.images(300, 8)))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("sgd diverged");
  }

  /** With steps too short to change anything, those of the first model. */
  @Test
  void likelihoodsAreTheMeanOverTheRows() {
    Samples samples = Lines.rows(270, 15);
    Algorithm still = new Algorithm.StochasticGradient(100, 1e-12);
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model =
            InitialModel.of(samples, ComputeDevice.CPU, options(still), Progress.SILENT).model();
        Pass pass = still.begin(setting(still, model, samples, Map.of()))) {
      Pass.Outcome outcome =
          pass.improve(model, options(still).maximization(), Progress.SILENT.begin("", -1));
      outcome.model().close();
      assertThat(outcome.logLikelihood())
          .isCloseTo(Scoring.meanLogLikelihood(model, samples, Progress.SILENT), within(1e-3));
      assertThat(Tensors.longs(Objects.requireNonNull(pass.state().get("epochs"))))
          .containsExactly(1);
    }
  }

  @Test
  void rowsComeInAnotherOrderByAnotherSeed() {
    Samples samples = Lines.rows(300, 16);
    Algorithm gradient = new Algorithm.StochasticGradient(30, 1e-3);
    TrainingOptions options = options(gradient).withIterations(1);
    try (MixtureOfFactorAnalyzers start = Trainer.of(options).firstModel(samples, Progress.SILENT);
        TrainingResult one = Trainer.of(options).startingFrom(start).fit(samples);
        TrainingResult other = Trainer.of(options.withSeed(1)).startingFrom(start).fit(samples)) {
      assertThat(Tensors.doubles(one.model().means()))
          .isNotEqualTo(Tensors.doubles(other.model().means()));
    }
  }
}
