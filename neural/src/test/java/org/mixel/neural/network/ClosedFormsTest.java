package org.mixel.neural.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/** Every objective is its published formula: numbers worked out by hand, and the extreme cases. */
class ClosedFormsTest {
  private static final double LOG_2 = Math.log(2);

  private final NativeScope scope = new NativeScope();
  private final RandomStream random = RandomStream.of(3);

  @AfterEach
  void close() {
    random.close();
    scope.close();
  }

  private static double number(Tensor tensor) {
    return tensor.item().toDouble();
  }

  private static Tensor rows(int columns, double... values) {
    return Tensors.of(values, values.length / columns, columns);
  }

  /** {@code w . x}. */
  private static Network linear(Tensor weights) {
    return (x, training) -> x.matmul(weights);
  }

  /** The logit of every row is its first value. */
  private static final Network FIRST = (x, training) -> x.narrow(1, 0, 1);

  @Test
  void aCriticThatTellsNothingHasTheLossOfACoin() {
    Tensor zeros = rows(2, 0, 0, 0, 0, 0, 0);
    Losses.NonSaturating loss = new Losses.NonSaturating();
    assertThat(number(loss.ofCritic(FIRST, zeros, zeros, random)))
        .isCloseTo(2 * LOG_2, within(1e-15));
    assertThat(number(loss.ofGenerator(FIRST, zeros))).isCloseTo(LOG_2, within(1e-15));
  }

  @Test
  void nonSaturatingLossesAreLogarithmsOfProbabilities() {
    Tensor real = rows(1, 1.5, -0.5);
    Tensor made = rows(1, 0.25, -2);
    Losses.NonSaturating loss = new Losses.NonSaturating();
    double ofReal = -(Math.log(logistic(1.5)) + Math.log(logistic(-0.5))) / 2;
    double ofMade = -(Math.log(1 - logistic(0.25)) + Math.log(1 - logistic(-2))) / 2;
    assertThat(number(loss.ofCritic(FIRST, real, made, random)))
        .isCloseTo(ofReal + ofMade, within(1e-12));
    assertThat(number(loss.ofGenerator(FIRST, made)))
        .isCloseTo(-(Math.log(logistic(0.25)) + Math.log(logistic(-2))) / 2, within(1e-12));
  }

  /** Where the critic is sure, the generator's gradient does not vanish, and nothing overflows. */
  @Test
  void aSureCriticStillTeaches() {
    Tensor made = rows(1, -1000).requires_grad_(true);
    Tensor loss = new Losses.NonSaturating().ofGenerator(FIRST, made);
    assertThat(number(loss)).isCloseTo(1000, within(1e-9));
    Tensor slope = torch.grad(new TensorVector(loss), new TensorVector(made)).get(0);
    assertThat(Tensors.doubles(slope)[0]).isCloseTo(-1, within(1e-9));
  }

  private static double logistic(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  @Test
  void thePenaltyOfALinearCriticIsByHand() {
    // |w| = 5, so (|w| - 1)^2 = 16, and its gradient is 2 (|w| - 1) w / |w| = 8 (0.6, 0.8).
    Tensor weights = Tensors.of(new double[] {3, 4}, 2).requires_grad_(true);
    Tensor points = rows(2, 1, 2, -3, 4, 0, 0);
    Tensor penalty = Losses.GradientPenalty.penalty(linear(weights), points);
    assertThat(number(penalty)).isCloseTo(16, within(1e-12));
    double[] slope =
        Tensors.doubles(torch.grad(new TensorVector(penalty), new TensorVector(weights)).get(0));
    assertThat(slope[0]).isCloseTo(4.8, within(1e-12));
    assertThat(slope[1]).isCloseTo(6.4, within(1e-12));
  }

  @Test
  void thePenalisedLossIsTheDistancePlusTenPenalties() {
    Tensor weights = Tensors.of(new double[] {3, 4}, 2).requires_grad_(true);
    Tensor real = rows(2, 1, 0, 0, 1);
    Tensor made = rows(2, 2, 0, 0, -1);
    // Made are rated 6 and -4, real 3 and 4.
    assertThat(
            number(Losses.GradientPenalty.defaults().ofCritic(linear(weights), real, made, random)))
        .isCloseTo(1 - 3.5 + 160, within(1e-12));
    assertThat(number(Losses.GradientPenalty.defaults().ofGenerator(linear(weights), made)))
        .isCloseTo(-1, within(1e-12));
  }

  /** The slope of {@code |x|^2 / 2} is {@code x}: each row is penalised by itself. */
  @Test
  void thePenaltyIsTakenBetweenRealAndMadeRows() {
    Network half = (x, training) -> x.square().sum(1).mul(new Scalar(0.5));
    assertThat(number(Losses.GradientPenalty.penalty(half, rows(2, 3, 4, 0, 1, 0.5, 0))))
        .isCloseTo((16 + 0 + 0.25) / 3, within(1e-12));
    // With made 2 and real 4 on the axis, the penalty lies between 1 and 9 wherever it is taken.
    double[] real = new double[200];
    double[] made = new double[200];
    Arrays.fill(real, 4);
    Arrays.fill(made, 2);
    Tensor loss =
        new Losses.GradientPenalty(1).ofCritic(half, rows(1, real), rows(1, made), random);
    // The mean of (2 + 2 t - 1)^2 over t in [0, 1] is 13 / 3.
    assertThat(number(loss) - (2 - 8)).isCloseTo(13.0 / 3, within(0.5));
  }

  @Test
  void clippingBoundsEveryWeightAndLeavesSmallOnes() {
    try (Parameters parameters =
        Parameters.from(Parameters.Source.fresh(random, ComputeDevice.CPU, ScalarType.Double))) {
      DenseNetworks.of(parameters, "critic", 2, 5, 1);
      Tensor[] values = parameters.values();
      double[] before = Tensors.doubles(values[0]);
      new Losses.Wasserstein(0.3, false).constrain(parameters);
      boolean clipped = false;
      for (Tensor value : parameters.values()) {
        for (double weight : Tensors.doubles(value)) {
          assertThat(Math.abs(weight)).isLessThanOrEqualTo(0.3);
          clipped |= Math.abs(weight) == 0.3;
        }
      }
      assertThat(clipped).isTrue();
      double[] after = Tensors.doubles(values[0]);
      for (int i = 0; i < before.length; i++) {
        assertThat(after[i]).isEqualTo(Math.max(-0.3, Math.min(0.3, before[i])));
      }
    }
  }

  @Test
  void freeScalesAreNotClipped() {
    try (Parameters parameters =
        Parameters.from(Parameters.Source.fresh(random, ComputeDevice.CPU, ScalarType.Float))) {
      Stack.Builder.ofImages(parameters, "critic", WeightRule.SMALL_NORMAL, new ImageShape(1, 8, 8))
          .convolutionBeforeNorm(3, 4, 2, 1)
          .batchNorm()
          .linear(1)
          .build();
      new Losses.Wasserstein(0.01, true).constrain(parameters);
      int scales = 0;
      for (Tensor value : parameters.values()) {
        double largest = value.abs().max().item().toDouble();
        if (value.dim() > 1) {
          assertThat(largest).isCloseTo(0.01, within(1e-7));
        } else if (largest > 0.9) {
          scales++;
        }
      }
      assertThat(scales).isEqualTo(1);
      new Losses.Wasserstein(0.01, false).constrain(parameters);
      for (Tensor value : parameters.values()) {
        assertThat(value.abs().max().item().toDouble()).isLessThan(0.0101);
      }
    }
  }

  @Test
  void wassersteinLossesAreDifferencesOfMeans() {
    Losses.Wasserstein loss = Losses.Wasserstein.defaults();
    assertThat(loss.clip()).isEqualTo(0.01);
    assertThat(number(loss.ofCritic(FIRST, rows(1, 1, 2), rows(1, 5, 7), random)))
        .isCloseTo(4.5, within(1e-12));
    assertThat(number(loss.ofGenerator(FIRST, rows(1, 5, 7)))).isCloseTo(-6, within(1e-12));
  }

  /** An auto-encoder that forgets everything errs by the mean absolute value. */
  private static final Network FORGETFUL = (x, training) -> torch.zeros_like(x);

  @Test
  void theBalanceFollowsItsRuleAndStaysWithinItsBounds() {
    double gamma = 0.7;
    Losses.Equilibrium loss = new Losses.Equilibrium(gamma, 0.001, 0);
    double k = 0;
    // The third and fourth leave [0, 1] at the top, the sixth at the bottom.
    double[] real = {1, 2, 900, 800, 3, 1, 5};
    double[] made = {0.5, 4, 10, 0, 100, 5000, 1};
    double[] expected = {0.0002, 0, 0.62, 1, 0.9021, 0, 0.0025};
    for (int step = 0; step < real.length; step++) {
      Tensor ofReal = rows(2, real[step], -real[step]);
      Tensor ofMade = rows(2, -made[step], made[step]);
      assertThat(number(loss.ofCritic(FORGETFUL, ofReal, ofMade, random)))
          .isCloseTo(real[step] - k * made[step], within(1e-9));
      double generatorLoss = number(loss.ofGenerator(FORGETFUL, ofMade));
      assertThat(generatorLoss).isCloseTo(made[step], within(1e-12));
      Map<String, Double> figures = loss.endStep(generatorLoss);
      k = Math.min(1, Math.max(0, k + 0.001 * (gamma * real[step] - made[step])));
      assertThat(k).isCloseTo(expected[step], within(1e-12));
      assertThat(figures.get("balance")).isCloseTo(k, within(1e-12));
      assertThat(figures.get("convergence"))
          .isCloseTo(real[step] + Math.abs(gamma * real[step] - made[step]), within(1e-9));
      assertThat(loss.state()).hasSize(1);
      assertThat(loss.state()[0]).isCloseTo(k, within(1e-12));
    }
  }

  @Test
  void theBalanceIsRestored() {
    Losses.Equilibrium loss = new Losses.Equilibrium(0.5, 0.001, 0);
    loss.restore(new double[] {0.25});
    assertThat(number(loss.ofCritic(FORGETFUL, rows(1, 4), rows(1, 8), random)))
        .isCloseTo(4 - 0.25 * 8, within(1e-12));
    for (double[] bad : List.of(new double[0], new double[] {1.5}, new double[] {Double.NaN})) {
      assertThatThrownBy(() -> loss.restore(bad)).isInstanceOf(InputException.class);
    }
  }

  /** The balance moves by a tenth of what is missing; the mean convergence of two steps counts. */
  @Test
  void theGainIsChosenAndAStallHalvesTheRates() {
    Losses.Equilibrium loss = new Losses.Equilibrium(0.5, 0.1, 2);
    double[] real = {4, 2, 2, 1, 3, 1, 1, 1};
    double[] rates = {1, 1, 1, 1, 1, 0.5, 0.5, 0.5};
    // Means of 3, 1.5, 2 and 1: the third is no lower than the second.
    double balance = 0;
    for (int step = 0; step < real.length; step++) {
      Losses.Equilibrium resumed = new Losses.Equilibrium(0.5, 0.1, 2);
      resumed.restore(loss.state());
      loss = resumed;
      double surplus = step == 0 ? 0.5 : 0;
      loss.ofCritic(FORGETFUL, rows(1, real[step] - surplus), rows(1, 0), random);
      Map<String, Double> figures = loss.endStep(0.5 * (real[step] - surplus) - surplus);
      assertThat(figures.get("convergence")).isCloseTo(real[step], within(1e-12));
      balance += 0.1 * surplus;
      assertThat(figures.get("balance")).isCloseTo(balance, within(1e-12));
      assertThat(loss.rate()).as("rate after step %d", step + 1).isEqualTo(rates[step]);
    }
    Losses.Equilibrium other = loss;
    assertThatThrownBy(() -> other.restore(new double[] {0.5}))
        .isInstanceOf(InputException.class)
        .hasMessage("the state of the learning rate's plateau is damaged");
  }

  @Test
  void theDivergenceIsThatOfTwoNormals() {
    Tensor mean = rows(2, 1, -0.5, 0, 0);
    Tensor logVariance = rows(2, 0, LOG_2, 0, 0);
    // The first row: (1 + 1 - 0 - 1) / 2 + (0.25 + 2 - log 2 - 1) / 2; the second is the prior.
    double first = 0.5 + (1.25 - LOG_2) / 2;
    assertThat(number(Losses.divergence(mean, logVariance))).isCloseTo(first / 2, within(1e-12));
    double[] drawn = Tensors.doubles(Losses.draw(mean, logVariance, rows(2, 2, 2, 3, -1)));
    double[] expected = {3, -0.5 + 2 * Math.sqrt(2), 3, -1};
    for (int i = 0; i < 4; i++) {
      assertThat(drawn[i]).isCloseTo(expected[i], within(1e-12));
    }
  }

  @Test
  void featuresAreComparedInUnitsOfTheirScale() {
    Losses.Features loss =
        new Losses.Features(
            pixels -> List.of(pixels, pixels.narrow(1, 0, 1).mul(new Scalar(3))),
            List.of(0.5, 2.0),
            7);
    // Logits of 0 are pixels of 1/2.
    Tensor wanted = rows(2, 0.25, 1);
    double first = (0.0625 + 0.25) / 2 / 0.25;
    double second = 9 * 0.0625 / 4;
    assertThat(number(loss.of(rows(2, 0, 0), wanted)))
        .isCloseTo(7 * 2 / 2.0 * (first + second), within(1e-12));
    Losses.Features none = new Losses.Features(pixels -> List.of(), List.of(), 1);
    assertThatThrownBy(() -> none.of(wanted, wanted)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aTranslationIsRatedBesideWhatItWasMadeOf() {
    Tensor given = rows(2, 1, 2);
    Tensor real = rows(2, 3, 4);
    Tensor made = rows(2, 2, 6);
    // Tells the pair's third value, the first of the other row, weighed by the given one's.
    Network critic = (x, training) -> x.narrow(1, 2, 1).mul(x.narrow(1, 0, 1)).sub(new Scalar(2));
    Losses.Translation loss = Losses.Translation.defaults();
    assertThat(number(loss.ofCritic(critic, given, real, made)))
        .isCloseTo((Math.log1p(Math.exp(-1)) + LOG_2) / 2, within(1e-12));
    Losses.Translation.Parts parts = loss.ofGenerator(critic, given, real, made);
    assertThat(number(parts.adversarial())).isCloseTo(LOG_2, within(1e-12));
    assertThat(number(parts.error())).isCloseTo(1.5, within(1e-12));
    assertThat(number(parts.sum())).isCloseTo(LOG_2 + 150, within(1e-12));
  }

  @Test
  void badNumbersAreRefusedWithTheRule() {
    assertThatThrownBy(() -> new Losses.Equilibrium(0, 0.001, 0))
        .hasMessage("`gamma` must be above 0 and at most 1, got 0.0");
    assertThatThrownBy(() -> new Losses.Wasserstein(Double.NaN, false))
        .hasMessage("clip must be positive, got NaN");
    assertThatThrownBy(() -> new Losses.GradientPenalty(-1))
        .hasMessage("the weight of the gradient penalty must not be negative: -1.0");
    assertThatThrownBy(() -> new Losses.Translation(-1))
        .hasMessage("the weight of the L1 error must not be negative: -1.0");
  }
}
