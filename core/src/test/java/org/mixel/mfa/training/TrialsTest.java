package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;

/** Vectors whose groups only one of their columns tells are divided by that column. */
class TrialsTest {
  private static final int DIMS = 8;
  private static final int GROUPS = 3;
  private static final double APART = 10;

  /** Amounts of shrinkage that the best first model is tried with. */
  private static final int AMOUNTS = 8;

  @Test
  void groupsThatLieApartInOneColumnAreFound() {
    TrainingOptions options = TrainingOptions.forVectors(GROUPS, 1);
    try (MixtureOfFactorAnalyzers model =
        Trainer.of(options, ComputeDevice.CPU).fit(groups(1), Progress.SILENT).model()) {
      Samples unseen = groups(2);
      double reached = Scoring.meanLogLikelihood(model, unseen, Progress.SILENT);
      assertThat(reached).isGreaterThan(truth(unseen) - 0.1);
    }
  }

  /**
   * A first model that was asked for.
   *
   * @param rows their first values
   */
  private record Asked(List<Float> rows, long seed) {
    static Asked of(Samples samples, long seed) {
      return new Asked(
          IntStream.range(0, samples.rows()).mapToObj(i -> samples.row(i)[0]).toList(), seed);
    }
  }

  /** Ends trials at the first model. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static Samples numbered(int rows, int dims, boolean alike) {
    Random random = new Random(3);
    double[] values = new double[rows * dims];
    for (int i = 0; i < values.length; i++) {
      double number = (i / dims) / (double) rows;
      values[i] = i % dims == 0 ? (alike ? 3.4 * number : 100 * number) : random.nextGaussian();
    }
    return StoredSamples.ofDoubles("numbered", dims, values);
  }

  /** All first models that trials ask for. */
  private static List<Asked> asked(Samples samples, TrainingOptions options, Progress progress) {
    Standardization units = Standardization.of(samples);
    List<Asked> asked = new ArrayList<>();
    FirstModel best =
        Trials.best(
            units.apply(samples),
            units,
            ComputeDevice.CPU,
            false,
            options,
            (rows, seed, stages) -> {
              asked.add(Asked.of(rows, seed));
              return InitialModel.of(rows, ComputeDevice.CPU, options.withSeed(seed), stages);
            },
            progress);
    best.model().close();
    return asked;
  }

  /** Eight first models; where columns differ in width, four more in the user's units. */
  @ParameterizedTest
  @CsvSource({"true, 8", "false, 12"})
  void firstModelsAreMadeOfNineTenthsOfTheRowsFromSeedsOfTheirOwn(boolean alike, int models) {
    TrainingOptions options = TrainingOptions.forVectors(2, 1).withSeed(7);
    RecordedProgress progress = new RecordedProgress();
    List<Asked> asked = asked(numbered(200, 3, alike), options, progress);
    assertThat(asked).hasSize(models);
    assertThat(progress.heard()).contains("first models begins " + (models + AMOUNTS));
    assertThat(progress.heard())
        .filteredOn("first models advances 1"::equals)
        .hasSize(models + AMOUNTS);
    assertThat(asked.get(0).seed()).isEqualTo(7);
    assertThat(asked).extracting(Asked::seed).doesNotHaveDuplicates();
    assertThat(asked)
        .allSatisfy(
            each -> assertThat(each.rows()).hasSize(180).isSorted().doesNotHaveDuplicates());
  }

  @Test
  void allModelsButTheBestAreFreed() {
    Samples samples = numbered(200, 3, false);
    TrainingOptions options = TrainingOptions.forVectors(2, 1);
    asked(samples, options, Progress.SILENT);
    long before = Pointer.totalCount();
    asked(samples, options, Progress.SILENT);
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  /**
   * Trials take place if one of them costs at most 1e11 operations, {@code 2 * 15 * 150 (20 + 2)}
   * for each value of 180 rows, times the factors where values are missing; and of 100 rows or
   * more.
   *
   * @param made rows that the first model is made of
   */
  @ParameterizedTest
  @CsvSource({
    "200, 5611, false, 180",
    "200, 5612, false, 200",
    "200, 280, true, 180",
    "200, 281, true, 200",
    "100, 3, false, 90",
    "99, 3, false, 99"
  })
  void trialsThatAreLongOrOfFewRowsDoNotTakePlace(int rows, int dims, boolean missing, int made) {
    TrainingOptions options = TrainingOptions.forVectors(rows < 200 ? 2 : 150, rows < 200 ? 1 : 20);
    Samples samples = numbered(rows, dims, true);
    List<Asked> asked = new ArrayList<>();
    assertThatThrownBy(
            () ->
                Trials.best(
                    samples,
                    Standardization.of(samples),
                    ComputeDevice.CPU,
                    missing,
                    options,
                    (part, seed, stages) -> {
                      asked.add(Asked.of(part, seed));
                      throw new Enough();
                    },
                    Progress.SILENT))
        .isInstanceOf(Enough.class);
    assertThat(asked).singleElement().satisfies(one -> assertThat(one.rows()).hasSize(made));
  }

  /**
   * The mean log-density of the rows under what they were drawn from; the groups do not overlap.
   */
  private static double truth(Samples samples) {
    double squares = 0;
    for (int i = 0; i < samples.rows(); i++) {
      float[] row = samples.row(i);
      row[0] -= (float) (APART * (i % GROUPS));
      for (float value : row) {
        squares += value * value;
      }
    }
    return -Math.log(GROUPS) - 0.5 * (DIMS * Math.log(2 * Math.PI) + squares / samples.rows());
  }

  private static Samples groups(long seed) {
    Random random = new Random(seed);
    double[] values = new double[1_500 * DIMS];
    for (int i = 0; i < values.length; i++) {
      int group = i / DIMS % GROUPS;
      values[i] = random.nextGaussian() + (i % DIMS == 0 ? APART * group : 0);
    }
    return StoredSamples.ofDoubles("groups", DIMS, values);
  }
}
