package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.mixel.mfa.training.Closeness.assertClose;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/** The M-step solves its equations, keeps its limits, and gives lost components new rows. */
class MaximizationTest {
  private static final double TOLERANCE = 1e-7;
  private static final int DIMS = 3;
  private static final int FACTORS = 2;

  /** Components at 0, 1, 2 and so on, in float64. */
  private static MixtureOfFactorAnalyzers model(int components, int dims) {
    Random random = new Random(1);
    double[] means = new double[components * dims];
    Arrays.setAll(means, i -> i / dims);
    try (NativeScope scope = new NativeScope()) {
      return MixtureOfFactorAnalyzers.of(
          Tensors.of(new double[components], components),
          Tensors.of(means, components, dims),
          Tensors.of(
              random.doubles((long) components * FACTORS * dims, -0.2, 0.2).toArray(),
              components,
              FACTORS,
              dims),
          Tensors.of(
              random.doubles((long) components * dims, 0.05, 0.1).toArray(), components, dims),
          null,
          Map.of());
    }
  }

  /** About the first components of a model. */
  private static Samples rows(int count, int components, int dims) {
    Random random = new Random(2);
    double[] values = new double[count * dims];
    Arrays.setAll(values, i -> i / dims % components + 0.3 * random.nextGaussian());
    return StoredSamples.ofDoubles("rows", dims, values);
  }

  private static SufficientStatistics gather(MixtureOfFactorAnalyzers model, Samples samples) {
    try (RowReader reader = RowReader.of(samples, ComputeDevice.CPU)) {
      return ExactExpectation.of(reader, model, Progress.SILENT.begin("", -1));
    }
  }

  @Test
  void loadingsAndMeansSolveTheirEquations() {
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers old = model(2, DIMS);
        SufficientStatistics sums = gather(old, rows(200, 2, DIMS));
        MixtureOfFactorAnalyzers model =
            new Maximization(NoiseModel.DIAGONAL, 1e-9, 0).maximize(sums)) {
      for (int k = 0; k < 2; k++) {
        Tensor shift = model.means().select(0, k).sub(old.means().select(0, k));
        Tensor solution =
            torch.cat(new TensorVector(model.loadings().select(0, k), shift.unsqueeze(0)));
        Tensor products = sums.sxz().select(0, k);
        assertClose(sums.szz().select(0, k).mm(solution), products, TOLERANCE);
        double[] masses = Tensors.doubles(sums.s0());
        double mass = masses[k];
        Tensor left = sums.sxx().select(0, k).sub(solution.mul(products).sum(0));
        assertClose(model.noiseVariance().select(0, k), left.div(new Scalar(mass)), TOLERANCE);
        assertThat(model.weights()[k]).isCloseTo(mass / (masses[0] + masses[1]), within(1e-9));
      }
    }
  }

  /** {@code (R + prior * pooled) / (mass + prior)}, at least the floor. */
  @Test
  void variancesAreTemperedByThePriorAndTheFloor() {
    try (NativeScope scope = new NativeScope()) {
      double[] residuals = {4, 8, 2, 0.5};
      Tensor mass = Tensors.of(new double[] {8, 2}, 2);
      Tensor diagonal = Tensors.of(residuals, 2, 2);
      Tensor pooled = new Maximization(NoiseModel.DIAGONAL, 0.5, 6).regularize(diagonal, mass);
      assertThat(Tensors.doubles(pooled)).containsExactly(0.6, 0.85);
      assertClose(
          diagonal,
          Tensors.of(new double[] {7.6 / 14, 13.1 / 14, 5.6 / 8, 5.6 / 8}, 2, 2),
          TOLERANCE);
      Tensor isotropic = Tensors.of(residuals, 2, 2);
      new Maximization(NoiseModel.ISOTROPIC, 0.72, 6).regularize(isotropic, mass);
      double first = (7.6 / 14 + 13.1 / 14) / 2;
      assertClose(isotropic, Tensors.of(new double[] {first, first, 0.72, 0.72}, 2, 2), TOLERANCE);
      assertThat(Tensors.doubles(mass)).containsExactly(8, 2);
    }
  }

  @Test
  void residualsOfFewRowsGrowToThoseOfNewRows() {
    try (NativeScope scope = new NativeScope()) {
      Tensor residuals = Tensors.of(new double[] {1, 2, 3, 4}, 2, 2);
      Maximization.predict(residuals, Tensors.of(new double[] {10, 3}, 2), 2);
      double large = 13.0 / 7;
      assertClose(residuals, Tensors.of(new double[] {large, 2 * large, 18, 24}, 2, 2), TOLERANCE);
    }
  }

  /** The third component is far from all rows, the second has most of them. */
  @Test
  void componentsThatLostTheirRowsHalveTheHeaviest() {
    double[] values = new double[90 * DIMS];
    Random random = new Random(3);
    Arrays.setAll(values, i -> (i / DIMS % 3 == 2 ? 0 : 1) + 0.1 * random.nextGaussian());
    Samples samples = StoredSamples.ofDoubles("rows", DIMS, values);
    Maximization maximization = new Maximization(NoiseModel.DIAGONAL, 1e-9, 0);
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers two = model(2, DIMS);
        MixtureOfFactorAnalyzers old = far(two);
        SufficientStatistics expected = gather(two, samples);
        SufficientStatistics sums = gather(old, samples);
        MixtureOfFactorAnalyzers whole = maximization.maximize(expected);
        MixtureOfFactorAnalyzers model = maximization.maximize(sums)) {
      double heaviest = whole.weights()[1];
      assertThat(heaviest).isCloseTo(2.0 / 3, within(1e-3));
      assertThat(model.weights()[1]).isCloseTo(heaviest / 2, within(1e-6));
      assertThat(model.weights()[0]).isCloseTo(1 - heaviest, within(1e-6));
      assertThat(model.weights()[2]).isCloseTo(heaviest / 2, within(1e-6));
      Tensor half = whole.loadings().select(0, 1).select(0, 0).mul(scalar(0.5));
      Tensor mean = whole.means().select(0, 1);
      assertClose(model.means().select(0, 2), mean.add(half), TOLERANCE);
      assertClose(model.means().select(0, 1), mean.sub(half), TOLERANCE);
      assertClose(model.means().select(0, 0), whole.means().select(0, 0), TOLERANCE);
      for (int k : new int[] {1, 2}) {
        assertClose(model.loadings().select(0, k), whole.loadings().select(0, 1), TOLERANCE);
        assertClose(
            model.noiseVariance().select(0, k), whole.noiseVariance().select(0, 1), TOLERANCE);
      }
      try (MixtureOfFactorAnalyzers noise = maximization.noiseAlone(sums)) {
        assertClose(
            noise.noiseVariance().select(0, 2), old.noiseVariance().select(0, 2), TOLERANCE);
        assertThat(Tensors.doubles(noise.noiseVariance().select(0, 0)))
            .isNotEqualTo(Tensors.doubles(old.noiseVariance().select(0, 0)));
      }
    }
  }

  private static Scalar scalar(double value) {
    return new Scalar(value);
  }

  /** The same model and one component more, a thousand away. */
  private static MixtureOfFactorAnalyzers far(MixtureOfFactorAnalyzers model) {
    Tensor mean = model.means().narrow(0, 0, 1).add(scalar(1000));
    return MixtureOfFactorAnalyzers.of(
        Tensors.of(new double[3], 3),
        cat(model.means(), mean),
        cat(model.loadings(), model.loadings().narrow(0, 0, 1)),
        cat(model.noiseVariance(), model.noiseVariance().narrow(0, 1, 1)),
        null,
        Map.of());
  }

  private static Tensor cat(Tensor first, Tensor second) {
    return torch.cat(new TensorVector(first, second));
  }

  /** Against the formula, with one group of components and, in 4,096 dimensions, with two. */
  @ParameterizedTest
  @CsvSource({"2, 3", "130, 4096"})
  void theGainOfThePriorIsThatOfItsFormula(int components, int dims) {
    double prior = 7;
    int count = 2 * components;
    Samples samples = rows(count, components, dims);
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers old = model(components, dims);
        SufficientStatistics sums = gather(old, samples)) {
      Maximization.Step step = new Maximization(NoiseModel.DIAGONAL, 1e-9, prior).step(sums);
      double[] before = Tensors.doubles(old.noiseVariance());
      double[] after;
      try (MixtureOfFactorAnalyzers model = step.model()) {
        after = Tensors.doubles(model.noiseVariance());
      }
      double[] mass = Tensors.doubles(sums.s0());
      double expected = 0;
      for (int j = 0; j < dims; j++) {
        // From what the variances of a value are made of.
        double pooled = 0;
        for (int k = 0; k < components; k++) {
          pooled += after[k * dims + j] * (mass[k] + prior) / (count + components * prior);
        }
        for (int k = 0; k < components; k++) {
          double now = after[k * dims + j];
          double then = before[k * dims + j];
          expected -= prior / 2 * (Math.log(now / then) + pooled / now - pooled / then);
        }
      }
      assertThat(step.priorGain())
          .isCloseTo(expected / count, within(1e-6 * Math.abs(expected / count)));
    }
  }

  @Test
  void thereIsNoGainWithoutAPriorOrWithShrinkage() {
    try (MixtureOfFactorAnalyzers old = model(2, DIMS);
        SufficientStatistics sums = gather(old, rows(200, 2, DIMS))) {
      for (Maximization without :
          new Maximization[] {
            new Maximization(NoiseModel.DIAGONAL, 1e-9, 0),
            new Maximization(NoiseModel.DIAGONAL, 1e-9, 7, 2)
          }) {
        Maximization.Step step = without.step(sums);
        step.model().close();
        assertThat(step.priorGain()).isZero();
      }
      try (MixtureOfFactorAnalyzers plain =
              new Maximization(NoiseModel.DIAGONAL, 1e-9, 7).maximize(sums);
          MixtureOfFactorAnalyzers shrunk =
              new Maximization(NoiseModel.DIAGONAL, 1e-9, 7, 50).maximize(sums)) {
        assertThat(length(shrunk)).isLessThan(length(plain));
      }
    }
  }

  private static double length(MixtureOfFactorAnalyzers model) {
    return Arrays.stream(Tensors.doubles(model.loadings())).map(each -> each * each).sum();
  }

  @Test
  void limitsOutOfTheirRangeAreRefused() {
    new Maximization(NoiseModel.DIAGONAL, 1e-30, 0);
    new Maximization(NoiseModel.DIAGONAL, 1e15, 1e15);
    for (double floor : new double[] {0.9e-30, 1.1e15, Double.NaN}) {
      assertThatThrownBy(() -> new Maximization(NoiseModel.DIAGONAL, floor, 1))
          .isInstanceOf(InputException.class)
          .hasMessage("noise floor must be from 1.0E-30 to 1.0E15, got " + floor);
    }
    for (double prior : new double[] {-0.1, 1.1e15, Double.NaN}) {
      assertThatThrownBy(() -> new Maximization(NoiseModel.DIAGONAL, 1, prior))
          .isInstanceOf(InputException.class)
          .hasMessage("noise prior must be from 0 to 1.0E15 rows, got " + prior);
    }
  }

  @Test
  void noDensityIsHigherThanTheFloorAllows() {
    Maximization low = new Maximization(NoiseModel.DIAGONAL, 1e-4, 0);
    assertThat(low.highestLogDensity(10))
        .isCloseTo(-5 * Math.log(2 * Math.PI * 1e-4), within(1e-9));
    assertThat(low.withNoiseFloor(1).highestLogDensity(10)).isZero();
  }
}
