package org.mixel.neural;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.mixel.neural.FiniteDifferences.assertGradients;

import java.util.Map;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mixel.InputException;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.neural.network.DenseNetworks;
import org.mixel.neural.network.Losses;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * A mixture as a generator draws what the mixture does, learns through its own equation, and comes
 * back as the mixture it was.
 */
@ExtendWith(OneThread.class)
class MixtureGeneratorTest {
  private static final int COMPONENTS = 3;
  private static final int FACTORS = 2;
  private static final int DIMS = 4;

  private final NativeScope scope = new NativeScope();

  @AfterEach
  void close() {
    scope.close();
  }

  /** A mixture whose numbers are as large as this. */
  private static MixtureOfFactorAnalyzers mixture(double unit) {
    Random random = new Random(4);
    float[] means = new float[COMPONENTS * DIMS];
    float[] loadings = new float[COMPONENTS * FACTORS * DIMS];
    float[] noise = new float[COMPONENTS * DIMS];
    for (int i = 0; i < means.length; i++) {
      means[i] = (float) (unit * 2 * random.nextGaussian());
      noise[i] = (float) (unit * unit * (0.05 + 0.3 * random.nextDouble()));
    }
    for (int i = 0; i < loadings.length; i++) {
      loadings[i] = (float) (unit * random.nextGaussian());
    }
    return MixtureOfFactorAnalyzers.of(
        Tensors.of(
            new float[] {(float) Math.log(0.5), (float) Math.log(0.3), (float) Math.log(0.2)}, 3),
        Tensors.of(means, COMPONENTS, DIMS),
        Tensors.of(loadings, COMPONENTS, FACTORS, DIMS),
        Tensors.of(noise, COMPONENTS, DIMS),
        null,
        Map.of("seed", "9"));
  }

  /** Rows of so large values, each column about another centre. */
  private static Scaling scaling(double unit) {
    Random random = new Random(5);
    float[] rows = new float[200 * DIMS];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) (unit * (i % DIMS + (1 + i % DIMS) * random.nextGaussian()));
    }
    return Scaling.of(
        StoredSamples.ofFloats("rows", DIMS, null, rows),
        Scaling.Pixels.AROUND_ZERO,
        ComputeDevice.CPU);
  }

  private static Generator generator(MixtureOfFactorAnalyzers mixture, Scaling scaling) {
    return new AdversarialMfa(false)
        .generator(
            architecture(DIMS),
            Parameters.Source.stored(
                MixtureGenerator.parametersOf(mixture, scaling), ComputeDevice.CPU));
  }

  private static Architecture architecture(int dims) {
    return new Architecture("adversarial-mfa", dims, null, 5, 0, null, 0);
  }

  private static void assertClose(Tensor actual, Tensor expected) {
    float[] a = Tensors.floats(actual);
    float[] e = Tensors.floats(expected);
    float largest = 0;
    for (float value : e) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(a).hasSameSizeAs(e);
    for (int i = 0; i < e.length; i++) {
      assertThat(a[i]).isCloseTo(e[i], within(2e-6f * largest));
    }
  }

  @Test
  void whatIsNotTrainedComesBackInUnitsOfAnySize() {
    for (double unit : new double[] {1, 1e-4, 1e4}) {
      try (MixtureOfFactorAnalyzers mixture = mixture(unit);
          Scaling scaling = scaling(unit);
          Generator generator = generator(mixture, scaling);
          MixtureOfFactorAnalyzers back =
              ((MixtureGenerator) generator).mixture(scaling, null, mixture.metadata())) {
        assertClose(back.logWeights(), mixture.logWeights());
        assertClose(back.means(), mixture.means());
        assertClose(back.loadings(), mixture.loadings());
        assertClose(back.noiseVariance(), mixture.noiseVariance());
        assertThat(back.metadata()).isEqualTo(mixture.metadata());
      }
    }
  }

  @Test
  void samplesHaveTheMixturesMeanAndCovariance() {
    int count = 60_000;
    try (MixtureOfFactorAnalyzers mixture = mixture(1);
        Scaling scaling = scaling(1);
        Generator generator = generator(mixture, scaling);
        RandomStream random = RandomStream.of(6)) {
      double[] rows = Tensors.doubles(scaling.toData(generator.draw(random, count, true).detach()));
      double[] mean = new double[DIMS];
      double[][] moment = new double[DIMS][DIMS];
      expect(mixture, mean, moment);
      for (int i = 0; i < DIMS; i++) {
        double error = Math.sqrt((moment[i][i] - mean[i] * mean[i]) / count);
        assertThat(meanOf(rows, i, -1)).isCloseTo(mean[i], within(5 * error));
        for (int j = 0; j <= i; j++) {
          // The deviation of a product of values, measured, as they are no normals.
          double deviation = Math.sqrt(meanOfSquares(rows, i, j) - Math.pow(moment[i][j], 2));
          assertThat(meanOf(rows, i, j))
              .as("moment of values %d and %d", i, j)
              .isCloseTo(moment[i][j], within(5 * deviation / Math.sqrt(count)));
        }
      }
    }
  }

  /** The mean, and the mean of {@code x x'}: {@code sum pi (A A' + psi + mu mu')}. */
  private static void expect(MixtureOfFactorAnalyzers mixture, double[] mean, double[][] moment) {
    double[] weights = mixture.weights();
    double[] means = Tensors.doubles(mixture.means());
    double[] loadings = Tensors.doubles(mixture.loadings());
    double[] noise = Tensors.doubles(mixture.noiseVariance());
    for (int k = 0; k < COMPONENTS; k++) {
      for (int i = 0; i < DIMS; i++) {
        mean[i] += weights[k] * means[k * DIMS + i];
        for (int j = 0; j < DIMS; j++) {
          double sum = means[k * DIMS + i] * means[k * DIMS + j];
          sum += i == j ? noise[k * DIMS + i] : 0;
          for (int f = 0; f < FACTORS; f++) {
            int at = (k * FACTORS + f) * DIMS;
            sum += loadings[at + i] * loadings[at + j];
          }
          moment[i][j] += weights[k] * sum;
        }
      }
    }
  }

  private static double meanOf(double[] rows, int i, int j) {
    double sum = 0;
    for (int at = 0; at < rows.length; at += DIMS) {
      sum += rows[at + i] * (j < 0 ? 1 : rows[at + j]);
    }
    return sum * DIMS / rows.length;
  }

  private static double meanOfSquares(double[] rows, int i, int j) {
    double sum = 0;
    for (int at = 0; at < rows.length; at += DIMS) {
      sum += Math.pow(rows[at + i] * rows[at + j], 2);
    }
    return sum * DIMS / rows.length;
  }

  /**
   * Of a critic that gives the first value, whose mean is {@code sum pi m}: in the logit of a
   * weight, {@code pi_k (m_k - sum pi m)}.
   */
  @Test
  void weightsLearnFromTheRatingsOfTheirRows() {
    try (MixtureOfFactorAnalyzers mixture = mixture(1);
        Scaling scaling = Scaling.of(ComputeDevice.CPU, 0, 1);
        Generator generator =
            new AdversarialMfa()
                .generator(
                    architecture(DIMS),
                    Parameters.Source.stored(
                        MixtureGenerator.parametersOf(mixture, scaling), ComputeDevice.CPU));
        RandomStream random = RandomStream.of(9)) {
      Generator.Draw draw = generator.drawToTrain(random, 200_000);
      Tensor loss =
          Losses.ofChoices(
              (rows, training) -> rows.narrow(1, 0, 1),
              draw.rows(),
              requireNonNull(draw.logProbability()));
      Tensor logits = generator.parameters().trained().get(0);
      float[] gradient =
          Tensors.floats(torch.grad(new TensorVector(loss), new TensorVector(logits)).get(0));
      double[] weights = mixture.weights();
      double[] means = Tensors.doubles(mixture.means());
      double mean = 0;
      for (int k = 0; k < COMPONENTS; k++) {
        mean += weights[k] * means[k * DIMS];
      }
      assertThat(gradient).hasSize(COMPONENTS);
      for (int k = 0; k < COMPONENTS; k++) {
        assertThat((double) gradient[k])
            .isCloseTo(-weights[k] * (means[k * DIMS] - mean), within(0.01));
      }
    }
  }

  /** The other rows of 1, 2, 6 rate 4, 3.5 and 1.5 on average. */
  @Test
  void choicesAreMeasuredAgainstTheOtherRows() {
    Tensor made = Tensors.of(new double[] {1, 2, 6}, 3, 1);
    Tensor logProbability = Tensors.of(new double[] {-1, -2, -4}, 3);
    double expected = (3 * -1 + 1.5 * -2 - 4.5 * -4) / 3;
    assertThat(Losses.ofChoices((rows, training) -> rows, made, logProbability).item().toDouble())
        .isCloseTo(expected, within(1e-12));
  }

  /** Means, loadings and deviations, through the critic of the adversarial mixture. */
  @Test
  void itsGradientIsThatOfTheCriticsLoss() {
    try (MixtureOfFactorAnalyzers mixture = mixture(1);
        Scaling scaling = scaling(1);
        Generator generator = generator(mixture, scaling);
        RandomStream random = RandomStream.of(7);
        Parameters parameters =
            Parameters.from(
                Parameters.Source.fresh(random, ComputeDevice.CPU, ScalarType.Double))) {
      generator
          .named()
          .values()
          .forEach(tensor -> tensor.set_data(tensor.detach().to(ScalarType.Double)));
      Network critic = DenseNetworks.of(parameters, "critic", DIMS, 5, 1);
      assertGradients(
          generator.parameters().trained(),
          () -> {
            try (RandomStream same = RandomStream.of(8)) {
              return Losses.GradientPenalty.defaults()
                  .ofGenerator(critic, generator.draw(same, 6, true));
            }
          });
    }
  }

  @Test
  void parametersThatDoNotFitAreRefused() {
    try (MixtureOfFactorAnalyzers mixture = mixture(1);
        Scaling scaling = scaling(1)) {
      SafeTensors parameters = MixtureGenerator.parametersOf(mixture, scaling);
      Parameters.Source stored = Parameters.Source.stored(parameters, ComputeDevice.CPU);
      assertThatThrownBy(() -> new AdversarialMfa().generator(architecture(DIMS + 1), stored))
          .isInstanceOf(InputException.class)
          .hasMessage("tensor means has shape [3, 4], expected [3, 5]");
      parameters.tensors().put("log_weights", Tensors.of(new float[0], 0));
      assertThatThrownBy(() -> new AdversarialMfa().generator(architecture(DIMS), stored))
          .isInstanceOf(InputException.class)
          .hasMessage("the mixture has no components");
      parameters.tensors().remove("log_weights");
      assertThatThrownBy(() -> new AdversarialMfa().generator(architecture(DIMS), stored))
          .isInstanceOf(InputException.class)
          .hasMessage("tensor log_weights is missing");
    }
  }
}
