package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.InputException;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** Draws have the weights, the factors and the noise of the mixture. */
class SamplerTest {
  private static final int ROWS = 40_000;
  private static final double[] WEIGHTS = {0.2, 0.3, 0.5};
  private static final double[] NOISE = {0.09, 0.25};

  /** Components about 0, 100 and 200, with one factor (1, 2). */
  private static MixtureOfFactorAnalyzers mixture() {
    try (NativeScope scope = new NativeScope()) {
      return MixtureOfFactorAnalyzers.of(
          Tensors.of(WEIGHTS, 3).log(),
          Tensors.of(new double[] {0, 0, 100, 100, 200, 200}, 3, 2),
          Tensors.of(new double[] {1, 2, 1, 2, 1, 2}, 3, 1, 2),
          Tensors.of(
              new double[] {NOISE[0], NOISE[1], NOISE[0], NOISE[1], NOISE[0], NOISE[1]}, 3, 2),
          null,
          Map.of());
    }
  }

  /** Two values of each row about the mean of its component. */
  private static double[][] about(boolean noise) {
    try (MixtureOfFactorAnalyzers mixture = mixture();
        Sampler sampler = Sampler.of(mixture, noise, 3)) {
      double[] drawn = sampler.nextDoubles(ROWS);
      int[] components =
          IntStream.range(0, ROWS).map(i -> (int) Math.round(drawn[2 * i] / 100)).toArray();
      for (int k = 0; k < WEIGHTS.length; k++) {
        int own = k;
        double share =
            Arrays.stream(components).filter(each -> each == own).count() / (double) ROWS;
        assertThat(share).as("share of component " + k).isCloseTo(WEIGHTS[k], within(0.01));
      }
      double[][] values = new double[2][ROWS];
      for (int i = 0; i < ROWS; i++) {
        values[0][i] = drawn[2 * i] - 100 * components[i];
        values[1][i] = drawn[2 * i + 1] - 100 * components[i];
      }
      return values;
    }
  }

  private static double meanSquare(double[] values) {
    return Arrays.stream(values).map(each -> each * each).average().orElseThrow();
  }

  @Test
  void withoutNoiseRowsLieOnTheFactors() {
    double[][] values = about(false);
    assertThat(meanSquare(values[0])).isCloseTo(1, within(0.04));
    for (int i = 0; i < ROWS; i++) {
      assertThat(values[1][i]).isCloseTo(2 * values[0][i], within(1e-9));
    }
  }

  @Test
  void noiseHasTheVarianceOfEachValue() {
    double[][] values = about(true);
    assertThat(meanSquare(values[0])).isCloseTo(1 + NOISE[0], within(0.04));
    assertThat(meanSquare(values[1])).isCloseTo(4 + NOISE[1], within(0.15));
    double[] rest = new double[ROWS];
    Arrays.setAll(rest, i -> values[1][i] - 2 * values[0][i]);
    assertThat(meanSquare(rest)).isCloseTo(NOISE[1] + 4 * NOISE[0], within(0.02));
  }

  /**
   * The mean, ten deviations of every factor and ten of the noise together must stay below the
   * largest float32, 3.4e38.
   */
  @ParameterizedTest
  @CsvSource({
    "3e38, 0, 1, true",
    "-4e38, 0, 1, false",
    "0, 1.5e37, 1, true",
    "0, 2e37, 1, false",
    "0, 0, 1e75, true",
    "0, 0, 1.4e75, false",
    "2e38, 1e37, 1, false",
    "2e38, 0, 3e74, false"
  })
  void rowsMustBeNumbers(double mean, double loading, double noise, boolean drawn) {
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers mixture =
            MixtureOfFactorAnalyzers.of(
                Tensors.of(new double[] {0}, 1),
                Tensors.of(new double[] {mean}, 1, 1),
                Tensors.of(new double[] {loading, loading}, 1, 2, 1),
                Tensors.of(new double[] {noise}, 1, 1),
                null,
                Map.of())) {
      if (drawn) {
        assertThatCode(() -> Sampler.of(mixture, true, 0).close()).doesNotThrowAnyException();
      } else {
        assertThatThrownBy(() -> Sampler.of(mixture, true, 0))
            .isInstanceOf(InputException.class)
            .hasMessageMatching(
                "the mixture draws values up to .*e\\+38, which are out of range: its parameters are"
                    + " unusable");
      }
    }
  }
}
