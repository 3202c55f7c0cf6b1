package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;

/** A row of weight 2 is the row twice, and one of weight 0 is not there. */
class RowWeightsTest {
  private static final int DIMS = 6;
  private static final int COMPONENTS = 3;
  private static final int ROWS = 240;

  @TempDir Path folder;

  static Stream<Algorithm> algorithms() {
    return Stream.of(new Algorithm.ExactEm(), new Algorithm.TruncatedEm(COMPONENTS, COMPONENTS));
  }

  private static float[] values() {
    Random random = new Random(5);
    float[] values = new float[ROWS * DIMS];
    for (int i = 0; i < ROWS; i++) {
      int k = random.nextInt(COMPONENTS);
      double z = random.nextGaussian();
      for (int j = 0; j < DIMS; j++) {
        values[i * DIMS + j] =
            (float)
                (0.5
                    + 0.3 * Math.cos(5 * k + j)
                    + 0.1 * z * Math.sin(3 * k + j)
                    + 0.05 * random.nextGaussian());
      }
    }
    return values;
  }

  private static Samples images() {
    return StoredSamples.ofFloats("rows", DIMS, new ImageShape(1, 1, DIMS), values());
  }

  private static Samples vectors(boolean missing) {
    float[] values = values();
    for (int i = 0; missing && i < values.length; i += 7) {
      values[i] = Float.NaN;
    }
    return StoredSamples.ofFloats("rows", DIMS, null, values);
  }

  /** 0, 1, 2 and 3 by turns. */
  private static double[] weights() {
    return IntStream.range(0, ROWS).mapToDouble(i -> i % 4).toArray();
  }

  private static Samples repeated(Samples rows) {
    return rows.select(
        IntStream.range(0, ROWS).flatMap(i -> IntStream.generate(() -> i).limit(i % 4)).toArray());
  }

  private static TrainingOptions options(Algorithm algorithm) {
    return TrainingOptions.defaults(COMPONENTS, 1)
        .withAlgorithm(algorithm)
        .withRefit(Refit.defaults().withTrainingNoise(0.01))
        .withTolerance(0)
        .withIterations(4);
  }

  private static void assertEqualTrainings(TrainingOptions options, Samples rows) {
    try (MixtureOfFactorAnalyzers start = Trainer.of(options).firstModel(rows, Progress.SILENT)) {
      TrainingResult weighted =
          Trainer.of(options).startingFrom(start).fit(rows.weightedBy(weights()));
      TrainingResult twice = Trainer.of(options).startingFrom(start).fit(repeated(rows));
      TrainingResult unweighted = Trainer.of(options).startingFrom(start).fit(rows);
      try (MixtureOfFactorAnalyzers one = weighted.model();
          MixtureOfFactorAnalyzers two = twice.model();
          MixtureOfFactorAnalyzers other = unweighted.model()) {
        assertThat(weighted.exactLogLikelihood())
            .isCloseTo(twice.exactLogLikelihood(), within(1e-5))
            .isNotCloseTo(unweighted.exactLogLikelihood(), within(1e-3));
        for (int i = 0; i < 4; i++) {
          assertThat(weighted.trainLogLikelihood().get(i))
              .isCloseTo(twice.trainLogLikelihood().get(i), within(1e-5));
        }
        for (int k = 0; k < COMPONENTS; k++) {
          assertThat(one.weights()[k]).isCloseTo(two.weights()[k], within(1e-5));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void trainImagesAsRepeatedRowsDo(Algorithm algorithm) {
    assertEqualTrainings(options(algorithm), images());
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void trainVectorsAsRepeatedRowsDo(Algorithm algorithm) {
    assertEqualTrainings(options(algorithm), vectors(false));
  }

  @Test
  void trainRowsWithMissingValuesAsRepeatedRowsDo() {
    assertEqualTrainings(options(new Algorithm.ExactEm()), vectors(true));
  }

  @Test
  void goWithTheirRows() {
    Samples rows = images().weightedBy(weights());
    assertThat(rows.rows()).isEqualTo(ROWS * 3 / 4);
    Samples part = rows.select(new int[] {5, 0});
    assertThat(part.weights().orElseThrow()).containsExactly(3, 1);
    assertThat(part.row(0)).isEqualTo(images().row(7));
    assertThat(part.rowNumber(0)).isEqualTo(7);
    Samples many = images().select(IntStream.range(0, 1200).map(i -> i % ROWS).toArray());
    double[] numbers = IntStream.range(1, 1201).asDoubleStream().toArray();
    Samples train = Holdout.of(many.weightedBy(numbers), COMPONENTS, 1).orElseThrow().train();
    double[] kept = train.weights().orElseThrow();
    assertThat(kept).hasSize(1080).isSorted();
    for (int i = 0; i < kept.length; i++) {
      assertThat(train.row(i)).isEqualTo(many.row((int) kept[i] - 1));
    }
  }

  @Test
  void mustBeNumbersOfRows() {
    double[] weights = weights();
    assertUnusable("there are 3, but rows has 240 rows", () -> images().weightedBy(new double[3]));
    assertUnusable("all are 0", () -> images().weightedBy(new double[ROWS]));
    for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      weights[8] = bad;
      assertUnusable("row 8 (counted from 0) is " + bad, () -> images().weightedBy(weights));
    }
    double[] tiny = new double[ROWS];
    Arrays.fill(tiny, 1e-3);
    assertUnusable(
        "sum to 0.24",
        () -> Trainer.of(options(new Algorithm.ExactEm())).fit(images().weightedBy(tiny)));
    assertUnusable(
        "`trainer` sgd cannot learn from rows with weights",
        () ->
            Trainer.of(options(Algorithm.StochasticGradient.defaults()))
                .fit(images().weightedBy(weights())));
    assertUnusable(
        "rows with weights",
        () ->
            HierarchicalTrainer.of(options(new Algorithm.ExactEm()), 2, ComputeDevice.CPU)
                .splitBy(50)
                .fit(images().weightedBy(weights()), Progress.SILENT));
  }

  private static void assertUnusable(String message, Runnable work) {
    assertThatThrownBy(work::run).isInstanceOf(InputException.class).hasMessageContaining(message);
  }

  @Test
  void areThoseOfTheCheckpoint() {
    Path checkpoint = folder.resolve("c");
    TrainingOptions options = options(new Algorithm.ExactEm());
    Samples rows = images().weightedBy(weights());
    Trainer.of(options).checkpointedIn(checkpoint, false).fit(rows).model().close();
    double[] others = weights();
    others[1] = 2;
    assertUnusable("weights", () -> resume(checkpoint, images().weightedBy(others)));
    resume(checkpoint, rows);
  }

  private static void resume(Path checkpoint, Samples rows) {
    TrainingOptions longer = options(new Algorithm.ExactEm()).withIterations(5);
    Trainer.of(longer).checkpointedIn(checkpoint, true).fit(rows).model().close();
  }
}
