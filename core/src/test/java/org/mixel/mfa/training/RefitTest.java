package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bytedeco.pytorch.Scalar;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * The refit gives loadings the variance of the rows, moves the noise as EM says, leaves weights and
 * means, and takes what validation rows prefer.
 */
class RefitTest {
  private static final int DIMS = 6;
  private static final int ROWS = 300;
  private static final double[][] MEANS = {{0, 0, 0, 0, 0, 0}, {1, 0, 1, 0, 1, 0}};
  private static final double[][] LOADINGS = {
    {0.3, 0.2, 0.1, 0, -0.1, -0.2}, {0, 0.3, 0, 0.3, 0, 0.3}
  };
  private static final double WIDE = 0.05;

  private MixtureOfFactorAnalyzers model;

  @BeforeEach
  void makeModel() {
    try (NativeScope scope = new NativeScope()) {
      float[] means = new float[2 * DIMS];
      float[] loadings = new float[2 * DIMS];
      float[] noise = new float[2 * DIMS];
      for (int i = 0; i < 2 * DIMS; i++) {
        means[i] = (float) MEANS[i / DIMS][i % DIMS];
        loadings[i] = (float) LOADINGS[i / DIMS][i % DIMS];
        noise[i] = (float) WIDE;
      }
      model =
          MixtureOfFactorAnalyzers.of(
              Tensors.of(new float[] {(float) Math.log(0.3), (float) Math.log(0.7)}, 2),
              Tensors.of(means, 2, DIMS),
              Tensors.of(loadings, 2, 1, DIMS),
              Tensors.of(noise, 2, DIMS),
              new ImageShape(1, 1, DIMS),
              Map.of());
    }
  }

  @AfterEach
  void closeModel() {
    model.close();
  }

  /** Rows of the model, but with much less noise, which differs by value. */
  private static float[] rows(long seed) {
    Random random = new Random(seed);
    float[] values = new float[ROWS * DIMS];
    for (int i = 0; i < ROWS; i++) {
      int k = random.nextDouble() < 0.3 ? 0 : 1;
      double z = random.nextGaussian();
      for (int j = 0; j < DIMS; j++) {
        values[i * DIMS + j] =
            (float) (MEANS[k][j] + z * LOADINGS[k][j] + 0.01 * (1 + j) * random.nextGaussian());
      }
    }
    return values;
  }

  private static Samples samples(float[] values) {
    return StoredSamples.ofFloats("rows", DIMS, new ImageShape(1, 1, DIMS), values);
  }

  private Refit.Refitted refit(Refit refit, Samples train, @Nullable Samples validation) {
    try (EmPass pass = new EmPass(train, ComputeDevice.CPU, false)) {
      return refit.refit(model, pass, NoiseModel.DIAGONAL, validation, Progress.SILENT);
    }
  }

  /** Three EM steps of the noise alone, row by row in float64, for one factor. */
  private static double[][] byHand(float[] values) {
    double[] weights = {0.3, 0.7};
    double[][] noise = new double[2][DIMS];
    for (double[] each : noise) {
      java.util.Arrays.fill(each, WIDE);
    }
    for (int step = 0; step < 3; step++) {
      double[] mass = new double[2];
      double[][] squares = new double[2][DIMS];
      for (int i = 0; i < ROWS; i++) {
        double[] joint = new double[2];
        double[] z = new double[2];
        double[] spread = new double[2];
        for (int k = 0; k < 2; k++) {
          double precision = 1;
          double projected = 0;
          double distance = 0;
          double logDeterminant = 0;
          for (int j = 0; j < DIMS; j++) {
            double y = values[i * DIMS + j] - MEANS[k][j];
            precision += LOADINGS[k][j] * LOADINGS[k][j] / noise[k][j];
            projected += LOADINGS[k][j] * y / noise[k][j];
            distance += y * y / noise[k][j];
            logDeterminant += Math.log(noise[k][j]);
          }
          z[k] = projected / precision;
          spread[k] = 1 / precision;
          distance -= projected * projected / precision;
          logDeterminant += Math.log(precision);
          joint[k] = weights[k] * Math.exp(-0.5 * (distance + logDeterminant));
        }
        for (int k = 0; k < 2; k++) {
          double responsibility = joint[k] / (joint[0] + joint[1]);
          mass[k] += responsibility;
          for (int j = 0; j < DIMS; j++) {
            double left = values[i * DIMS + j] - MEANS[k][j] - LOADINGS[k][j] * z[k];
            squares[k][j] +=
                responsibility * (left * left + LOADINGS[k][j] * LOADINGS[k][j] * spread[k]);
          }
        }
      }
      for (int k = 0; k < 2; k++) {
        for (int j = 0; j < DIMS; j++) {
          // Corrected for the two numbers that were fitted to each value.
          noise[k][j] = squares[k][j] / mass[k] * (mass[k] + 2) / (mass[k] - 2);
        }
      }
    }
    return noise;
  }

  @Test
  void movesTheNoiseAsEmSays() {
    float[] values = rows(1);
    double[][] expected = byHand(values);
    Maximization maximization = new Maximization(NoiseModel.DIAGONAL, 1e-9, 0);
    MixtureOfFactorAnalyzers present = model.with(model.loadings(), model.noiseVariance());
    try (EmPass pass = new EmPass(samples(values), ComputeDevice.CPU, false);
        Progress.Stage stage = Progress.SILENT.begin("noise", -1)) {
      for (int step = 0; step < 3; step++) {
        try (MixtureOfFactorAnalyzers before = present;
            SufficientStatistics statistics = pass.expect(before, stage)) {
          present = maximization.noiseAlone(statistics);
        }
      }
    }
    try (MixtureOfFactorAnalyzers result = present) {
      float[] noise = Tensors.floats(result.noiseVariance());
      for (int i = 0; i < noise.length; i++) {
        assertThat((double) noise[i])
            .isCloseTo(expected[i / DIMS][i % DIMS], within(2e-4 * expected[i / DIMS][i % DIMS]));
      }
    }
  }

  @Test
  void leavesWeightsAndMeans() {
    Refit.Refitted refitted = refit(one(1e-6, 3), samples(rows(1)), null);
    try (MixtureOfFactorAnalyzers result = refitted.model()) {
      assertThat(Tensors.floats(result.means())).isEqualTo(Tensors.floats(model.means()));
      assertThat(Tensors.floats(result.logWeights())).isEqualTo(Tensors.floats(model.logWeights()));
      assertThat(Tensors.floats(model.noiseVariance())).containsOnly((float) WIDE);
      Samples unseen = samples(rows(2));
      assertThat(Scoring.meanLogLikelihood(result, unseen, Progress.SILENT))
          .isGreaterThan(Scoring.meanLogLikelihood(model, unseen, Progress.SILENT) + 3);
    }
  }

  /** From loadings of half the length, as large noise leaves them, to those of the rows. */
  @Test
  void givesLoadingsTheVarianceOfTheRows() {
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers shrunk =
            model.with(model.loadings().mul(new Scalar(0.5)), model.noiseVariance());
        EmPass pass = new EmPass(samples(rows(1)), ComputeDevice.CPU, false)) {
      Refit.Refitted refitted =
          one(1e-6, 0).refit(shrunk, pass, NoiseModel.DIAGONAL, null, Progress.SILENT);
      try (MixtureOfFactorAnalyzers result = refitted.model()) {
        float[] loadings = Tensors.floats(result.loadings());
        for (int k = 0; k < 2; k++) {
          double length = 0;
          double along = 0;
          for (int j = 0; j < DIMS; j++) {
            along += loadings[k * DIMS + j] * LOADINGS[k][j];
            length += LOADINGS[k][j] * LOADINGS[k][j];
          }
          // 90 and 210 rows: the variance of a normal is known to some 15 %.
          assertThat(Math.abs(along) / length).isBetween(0.9, 1.1);
        }
      }
    }
  }

  /** The first noise beside new loadings is what they leave, corrected for few rows. */
  @Test
  void theNoiseBesideNewLoadingsIsWhatTheyLeave() {
    try (NativeScope scope = new NativeScope();
        EmPass pass = new EmPass(samples(rows(1)), ComputeDevice.CPU, false);
        Progress.Stage stage = Progress.SILENT.begin("loadings", -1);
        SufficientStatistics statistics = pass.expect(model, stage);
        MixtureOfFactorAnalyzers result =
            FactorVariances.refit(statistics, new Maximization(NoiseModel.DIAGONAL, 1e-9, 0))) {
      double[] mass = Tensors.doubles(statistics.s0());
      double[] squares = Tensors.doubles(statistics.sxx());
      double[] loadings = Tensors.doubles(result.loadings());
      double[] noise = Tensors.doubles(result.noiseVariance());
      for (int i = 0; i < noise.length; i++) {
        double rows = mass[i / DIMS];
        double left = squares[i] - rows * loadings[i] * loadings[i];
        double expected = Math.max(0, left) / rows * (rows + 2) / (rows - 2);
        assertThat(noise[i]).isCloseTo(expected, within(1e-3 * expected + 1e-6));
      }
    }
  }

  @Test
  void takesTheLimitsThatValidationRowsPrefer() {
    Refit choices = new Refit(WIDE, List.of(1e-1, 1e-2, 1e-5), List.of(300.0, 1.0));
    Samples train = samples(rows(1));
    Refit.Refitted byRows = refit(choices, train, samples(rows(2)));
    assertThat(byRows.noise().noiseFloor()).isEqualTo(1e-5);
    assertThat(byRows.noise().priorRows()).isEqualTo(1);
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers chosen = byRows.model();
        MixtureOfFactorAnalyzers first = refit(choices, train, null).model()) {
      assertThat(first.noiseVariance().min().item().toDouble()).isCloseTo(1e-1, within(1e-7));
      assertThat(chosen.noiseVariance().min().item().toDouble()).isBetween(1e-5, 1e-3);
    }
  }

  /** Loadings once, under the highest floor; then the noise twice, under what was chosen. */
  @Test
  void bothStepsOfTheNoiseAreUnderTheChosenLimits() {
    Samples train = samples(rows(1));
    Refit choices = new Refit(WIDE, List.of(1e-1, 1e-5), List.of(300.0, 1.0));
    Refit.Refitted refitted = refit(choices, train, samples(rows(2)));
    MixtureOfFactorAnalyzers present;
    try (EmPass pass = new EmPass(train, ComputeDevice.CPU, false);
        Progress.Stage stage = Progress.SILENT.begin("noise", -1)) {
      try (SufficientStatistics statistics = pass.expect(model, stage)) {
        present =
            FactorVariances.refit(statistics, new Maximization(NoiseModel.DIAGONAL, 1e-1, 300));
      }
      for (int step = 0; step < 2; step++) {
        try (MixtureOfFactorAnalyzers before = present;
            SufficientStatistics statistics = pass.expect(before, stage)) {
          present = refitted.noise().noiseAlone(statistics);
        }
      }
    }
    try (MixtureOfFactorAnalyzers expected = present;
        MixtureOfFactorAnalyzers actual = refitted.model()) {
      assertThat(refitted.noise()).isEqualTo(new Maximization(NoiseModel.DIAGONAL, 1e-5, 1));
      assertThat(Tensors.floats(actual.noiseVariance()))
          .isEqualTo(Tensors.floats(expected.noiseVariance()));
      assertThat(Tensors.floats(actual.loadings())).isEqualTo(Tensors.floats(expected.loadings()));
    }
  }

  @Test
  void numbersOutOfTheirRangeAreRefused() {
    assertRefused("`trainingNoise` must be", () -> new Refit(-1, List.of(), List.of()));
    assertRefused("noise floor must be", () -> new Refit(0, List.of(0.0), List.of(1.0)));
    assertRefused("noise prior must be", () -> new Refit(0, List.of(1e-3), List.of(-1.0)));
    assertRefused("a refit needs", () -> new Refit(0, List.of(1e-3), List.of()));
    assertRefused("a refit needs", () -> new Refit(0, List.of(), List.of(1.0)));
  }

  private static void assertRefused(String message, ThrowingCallable making) {
    assertThatThrownBy(making).isInstanceOf(InputException.class).hasMessageStartingWith(message);
  }

  @Test
  void isStoredWithAModelWhereThereIsOne() {
    Refit refit = Refit.defaults().withTrainingNoise(0.25).withFloor(1e-3);
    assertThat(refit.takesPlace()).isTrue();
    assertThat(refit.leastFloor()).isEqualTo(1e-3);
    assertThat(Refit.defaults().leastFloor()).isEqualTo(1e-5);
    assertThat(refit.toMetadata())
        .isEqualTo(
            Map.of(
                "training_noise", "0.25",
                "refit_floors", "0.001",
                "refit_priors", "3.0,1.0,10.0,30.0,100.0"));
    assertThat(refit.withPrior(2).toMetadata()).containsEntry("refit_priors", "2.0");
    assertThat(Refit.NONE.toMetadata()).isEmpty();
  }

  private static Refit one(double floor, double priorRows) {
    return new Refit(WIDE, List.of(floor), List.of(priorRows));
  }
}
