package org.mixel.neural;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** Likelihoods of pixels are densities on [0, 1], and samples are their means. */
class LikelihoodTest {
  private static final int PARTS = 300;

  private final NativeScope scope = new NativeScope();

  @AfterEach
  void close() {
    scope.close();
  }

  private static double density(double number, double pixel) {
    return Math.exp(
        -Likelihood.CONTINUOUS_BERNOULLI
            .of(Tensors.of(new double[] {number}, 1, 1), Tensors.of(new double[] {pixel}, 1, 1))
            .item()
            .toDouble());
  }

  /** By Simpson's rule on [0, 1]. */
  private static double integral(DoubleUnaryOperator f) {
    double sum = f.applyAsDouble(0) + f.applyAsDouble(1);
    for (int i = 1; i < PARTS; i++) {
      sum += (i % 2 == 0 ? 2 : 4) * f.applyAsDouble((double) i / PARTS);
    }
    return sum / (3 * PARTS);
  }

  /** On both sides of where the series takes over. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-9, -0.01, 0.29999, 0.30001, -0.30001, 2, -8})
  void theContinuousBernoulliIsADensityOfItsMean(double number) {
    try (NativeScope inner = new NativeScope()) {
      assertThat(integral(x -> density(number, x))).isCloseTo(1, within(1e-7));
      double mean = integral(x -> x * density(number, x));
      double given =
          Tensors.doubles(
              Likelihood.CONTINUOUS_BERNOULLI.mean(Tensors.of(new double[] {number}, 1, 1)))[0];
      assertThat(given).isCloseTo(mean, within(1e-7));
    }
  }

  /** Nothing overflows, and float32 has no jump. */
  @Test
  void itIsFiniteAndSmoothInFloat32() {
    float[] numbers = {-300, -88, -0.3001f, -0.2999f, -1e-20f, 0, 1e-6f, 0.2999f, 0.3001f, 300};
    float[] means = Tensors.floats(Likelihood.CONTINUOUS_BERNOULLI.mean(Tensors.of(numbers, 10)));
    for (int i = 1; i < means.length; i++) {
      assertThat(means[i]).isBetween(means[i - 1], 1f);
    }
    assertThat(means[8] - means[7]).isCloseTo(0.0002f / 12, within(1e-6f));
    assertThat(means[5]).isEqualTo(0.5f);
    double loss =
        Likelihood.CONTINUOUS_BERNOULLI
            .of(Tensors.of(numbers, 2, 5), Tensors.of(new float[10], 2, 5).to(ScalarType.Float))
            .item()
            .toDouble();
    assertThat(loss).isFinite();
  }

  /** At the variance of the batch, whatever that is: {@code d/2 (log(2 pi v) + 1)}. */
  @Test
  void theGaussianHasTheVarianceOfTheBatch() {
    double[] numbers = {0, 0, Math.log(3), 0};
    double[] pixels = {0.6, 0.5, 0.25, 0.5};
    double variance = (0.01 + 0.25) / 4;
    double[] perPixel = new double[4];
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      double p = 1 / (1 + Math.exp(-numbers[i]));
      perPixel[i] = Math.pow(pixels[i] - p, 2) / variance + Math.log(2 * Math.PI * variance);
      sum += perPixel[i] / 2;
    }
    assertThat(
            Likelihood.GAUSSIAN
                .of(Tensors.of(numbers, 2, 2), Tensors.of(pixels, 2, 2))
                .item()
                .toDouble())
        .isCloseTo(sum / 2, within(1e-12));
  }

  private static double ofBits(double[] numbers, double... pixels) {
    return Likelihood.BERNOULLI
        .of(Tensors.of(numbers, 2, numbers.length / 2), Tensors.of(pixels, 2, numbers.length / 2))
        .item()
        .toDouble();
  }

  /** The sum over pixels, the mean over the two rows. */
  @Test
  void bitsCostTheirLogarithms() {
    double[] numbers = {0, 2, -1, 3};
    double[] pixels = {1, 0.25, 0, 1};
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      double p = 1 / (1 + Math.exp(-numbers[i]));
      sum -= pixels[i] * Math.log(p) + (1 - pixels[i]) * Math.log(1 - p);
    }
    assertThat(ofBits(numbers, pixels)).isCloseTo(sum / 2, within(1e-12));
    double[] large = {1000, -1000};
    assertThat(ofBits(large, 1, 0)).isCloseTo(0, within(1e-12));
    assertThat(ofBits(large, 0, 1)).isCloseTo(1000, within(1e-9));
  }

  @Test
  void likelihoodsAreCalledByTheirNames() {
    for (Likelihood each : Likelihood.values()) {
      assertThat(Likelihood.of(each.toString())).isEqualTo(each);
    }
    assertThatThrownBy(() -> Likelihood.of("poisson"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "`likelihood` must be continuous-bernoulli, gaussian or bernoulli, got poisson");
  }
}
