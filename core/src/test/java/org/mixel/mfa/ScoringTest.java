package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/** Scores of rows agree, however they are asked for; rows without a score are named. */
class ScoringTest {
  private static final int DIMS = 4;
  private static final int ROWS = 300;

  private static MixtureOfFactorAnalyzers model;

  @BeforeAll
  static void make() {
    model = new DenseMixture(3, 1, DIMS, 5).model();
  }

  @AfterAll
  static void end() {
    model.close();
  }

  private static double[] values() {
    Random random = new Random(2);
    DenseMixture dense = new DenseMixture(model);
    double[] values = new double[ROWS * DIMS];
    for (int i = 0; i < ROWS; i++) {
      System.arraycopy(dense.draw(random), 0, values, i * DIMS, DIMS);
    }
    return values;
  }

  private static Samples rows(double[] values) {
    return StoredSamples.ofDoubles("rows", DIMS, values);
  }

  @Test
  void batchesOfAnySizeGiveTheSameScores() {
    Samples rows = rows(values());
    double[] wanted = Scoring.logLikelihood(model, rows, Progress.SILENT);
    int[] likeliest = Scoring.mostProbable(model, rows, Progress.SILENT);
    assertThat(Arrays.stream(likeliest).distinct().count()).isEqualTo(3);
    double[] scores = new double[ROWS];
    int[] components = new int[ROWS];
    List<Integer> firsts = new ArrayList<>();
    Scoring.forEach(
        model,
        rows,
        128,
        Progress.SILENT,
        (from, logLikelihood, mostProbable) -> {
          firsts.add(from);
          System.arraycopy(logLikelihood, 0, scores, from, logLikelihood.length);
          System.arraycopy(mostProbable, 0, components, from, mostProbable.length);
        });
    assertThat(firsts).containsExactly(0, 128, 256);
    assertThat(scores).containsExactly(wanted, within(1e-9));
    assertThat(components).isEqualTo(likeliest);
  }

  @Test
  void theMeanIsThatOfTheScores() {
    Samples rows = rows(values());
    double[] scores = Scoring.logLikelihood(model, rows, Progress.SILENT);
    assertThat(Scoring.meanLogLikelihood(model, rows, Progress.SILENT))
        .isCloseTo(Arrays.stream(scores).average().orElseThrow(), within(1e-9));
    double[] weights = IntStream.range(0, ROWS).mapToDouble(i -> 1 + i % 4).toArray();
    double weighted =
        IntStream.range(0, ROWS).mapToDouble(i -> weights[i] * scores[i]).sum()
            / Arrays.stream(weights).sum();
    assertThat(Scoring.meanLogLikelihood(model, rows.weightedBy(weights), Progress.SILENT))
        .isCloseTo(weighted, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NEGATIVE_INFINITY, 1e200})
  void aRowWithoutAScoreIsNamed(double value) {
    double[] values = values();
    values[270 * DIMS + 1] = value;
    Samples rows = rows(values);
    String message =
        "rows: row 270 (counted from 0) has no finite log-likelihood: it holds a value that is"
            + " infinite or too large; remove or repair it";
    assertThatThrownBy(() -> Scoring.logLikelihood(model, rows, Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
    assertThatThrownBy(
            () -> Scoring.forEach(model, rows, 128, Progress.SILENT, (from, scores, best) -> {}))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  @Test
  void rowsOfAnotherSizeAreRefused() {
    Samples wide = StoredSamples.ofDoubles("wide", DIMS + 1, new double[2 * (DIMS + 1)]);
    String message = "wide: rows have 5 values, but the model has 4 values";
    assertThatThrownBy(() -> Scoring.logLikelihood(model, wide, Progress.SILENT))
        .hasMessageStartingWith(message);
    assertThatThrownBy(() -> Scoring.mostProbable(model, wide, Progress.SILENT))
        .hasMessageStartingWith(message);
    assertThatThrownBy(
            () -> Scoring.forEach(model, wide, 128, Progress.SILENT, (from, scores, best) -> {}))
        .hasMessageStartingWith(message);
  }

  /** A uniform density on [0, 1] has 8 bits per 8-bit value; one twice as dense in each has 7. */
  @ParameterizedTest
  @CsvSource({"0, 8", "6.931471805599453, 7", "-6.931471805599453, 9"})
  void bitsAreOfValuesOfAByte(double nats, double bits) {
    assertThat(Scoring.bitsPerDim(nats, 10)).isCloseTo(bits, within(1e-12));
  }
}
