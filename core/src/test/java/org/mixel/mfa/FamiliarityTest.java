package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;

/** Images of another kind are strange, also where they are smooth and likely. */
class FamiliarityTest {
  private static final int SIDE = 8;
  private static final ImageShape SHAPE = new ImageShape(1, SIDE, SIDE);

  /** Images of one slanted wave each, of a random phase and contrast, with noise. */
  private static Samples waves(int rows, double slope, double noise, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * SIDE * SIDE];
    double[] phases = random.doubles(rows, 0, 2 * Math.PI).toArray();
    for (int i = 0; i < values.length; i++) {
      int pixel = i % (SIDE * SIDE);
      double wave = Math.sin(phases[i / (SIDE * SIDE)] + slope * (pixel % SIDE) + pixel / SIDE);
      values[i] = (float) (0.5 + 0.3 * wave + noise * random.nextGaussian());
    }
    return StoredSamples.ofFloats("waves", SIDE * SIDE, SHAPE, values);
  }

  private static TrainingResult fitted() {
    return Trainer.of(TrainingOptions.defaults(6, 2)).fit(waves(600, 0.5, 0.02, 1));
  }

  private static double median(double[] values) {
    return Arrays.stream(values).sorted().skip(values.length / 2).findFirst().orElseThrow();
  }

  @Test
  void isAboutNothingForImagesOfTheSameKindAndLowForOthers() {
    try (TrainingResult result = fitted()) {
      Familiarity familiarity = Familiarity.of(result.model()).orElseThrow();
      double[] same = familiarity.scores(waves(400, 0.5, 0.02, 9000), Progress.SILENT);
      double[] other = familiarity.scores(waves(400, -1.5, 0.02, 5), Progress.SILENT);
      float[] grey = new float[SIDE * SIDE];
      Arrays.fill(grey, 0.5f);
      double[] flat =
          familiarity.scores(
              StoredSamples.ofFloats("grey", grey.length, SHAPE, grey), Progress.SILENT);
      assertThat(median(same)).isBetween(-1.0, 0.5);
      assertThat(IntStream.range(0, 400).filter(i -> same[i] < -6).count()).isLessThan(20);
      assertThat(median(other)).isLessThan(-10);
      assertThat(flat[0]).isLessThan(-3);
    }
  }

  /** The formula with dense covariances: {@code D} by the numbers of the metadata. */
  @Test
  void isTheFormulaOfItsNumbers() {
    try (TrainingResult result = fitted();
        MixtureOfFactorAnalyzers wide = result.model().forPosteriors()) {
      MixtureOfFactorAnalyzers model = result.model();
      double[] numbers = numbers(model);
      DenseMixture narrow = new DenseMixture(model);
      DenseMixture broad = new DenseMixture(wide);
      Samples rows = waves(20, 0.5, 0.05, 77);
      double[] scores = Familiarity.of(model).orElseThrow().scores(rows, Progress.SILENT);
      for (int i = 0; i < scores.length; i++) {
        double t = Math.min(Math.max(roughness(rows.row(i)), numbers[5]), numbers[6]);
        double expected =
            numbers[0] * distance(narrow, rows.row(i))
                + numbers[1] * distance(broad, rows.row(i))
                + numbers[2]
                + numbers[3] * t
                + numbers[4] * t * t;
        assertThat(scores[i]).isCloseTo(expected, within(1e-3 * (1 + Math.abs(expected))));
      }
    }
  }

  /**
   * Deviations by medians, least squares whose rest is orthogonal to 1, {@code t} and {@code t^2},
   * and a range of {@code t} that leaves one in 200 out on each side.
   */
  @ParameterizedTest
  @ValueSource(ints = {100, 451})
  void learnsItsNumbersFromTrainingRows(int count) {
    Samples rows = waves(count, 0.5, 0.03, 11);
    try (TrainingResult result = fitted();
        MixtureOfFactorAnalyzers learned =
            Familiarity.learn(result.model(), rows, Progress.SILENT);
        MixtureOfFactorAnalyzers wide = learned.forPosteriors()) {
      double[] numbers = numbers(learned);
      DenseMixture narrow = new DenseMixture(learned);
      DenseMixture broad = new DenseMixture(wide);
      double[] first = each(rows, row -> distance(narrow, row));
      double[] second = each(rows, row -> distance(broad, row));
      double[] t = each(rows, FamiliarityTest::roughness);
      double scale = -1 / numbers[0] / deviation(first);
      assertThat(-1 / numbers[1] / deviation(second)).isCloseTo(scale, within(1e-3 * scale));
      double[] rest = new double[count];
      Arrays.setAll(
          rest,
          i ->
              numbers[0] * first[i]
                  + numbers[1] * second[i]
                  + numbers[2]
                  + t[i] * (numbers[3] + t[i] * numbers[4]));
      for (int power = 0; power < 3; power++) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
          sum += rest[i] * Math.pow(t[i], power);
        }
        assertThat(sum / count).as("the rest times t^" + power).isCloseTo(0, within(1e-2));
      }
      assertThat(deviation(rest)).isCloseTo(1, within(1e-3));
      Arrays.sort(t);
      assertThat(numbers[5]).isCloseTo(t[count / 200], within(1e-6));
      assertThat(numbers[6]).isCloseTo(t[count - 1 - count / 200], within(1e-6));
    }
  }

  @Test
  void isNotLearnedFromFewRows() {
    try (TrainingResult result = fitted()) {
      Map<String, String> others = new TreeMap<>(result.model().metadata());
      others.remove(Familiarity.NAME);
      try (MixtureOfFactorAnalyzers bare = result.model().withMetadata(others);
          MixtureOfFactorAnalyzers few =
              Familiarity.learn(bare, waves(99, 0.5, 0.02, 1), Progress.SILENT);
          MixtureOfFactorAnalyzers enough =
              Familiarity.learn(bare, waves(100, 0.5, 0.02, 1), Progress.SILENT)) {
        assertThat(few.metadata()).doesNotContainKey(Familiarity.NAME);
        assertThat(enough.metadata()).containsKey(Familiarity.NAME);
      }
    }
  }

  private static double[] numbers(MixtureOfFactorAnalyzers model) {
    return Arrays.stream(String.valueOf(model.metadata().get(Familiarity.NAME)).split(","))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  private static double[] each(Samples rows, ToDoubleFunction<float[]> figure) {
    return IntStream.range(0, rows.rows())
        .mapToDouble(i -> figure.applyAsDouble(rows.row(i)))
        .toArray();
  }

  /** By the definition: 1.4826 times the median distance from the median. */
  private static double deviation(double[] values) {
    double middle = middle(values);
    return 1.4826 * middle(Arrays.stream(values).map(each -> Math.abs(each - middle)).toArray());
  }

  private static double middle(double[] values) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private static double roughness(float[] image) {
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < image.length; i++) {
      if (i % SIDE < SIDE - 1) {
        sum += Math.abs(image[i + 1] - image[i]);
        pairs++;
      }
      if (i + SIDE < image.length) {
        sum += Math.abs(image[i + SIDE] - image[i]);
        pairs++;
      }
    }
    return Math.log(0.001 + sum / pairs);
  }

  /** Squared Mahalanobis distance from the most probable component. */
  private static double distance(DenseMixture dense, float[] row) {
    int[] all = IntStream.range(0, row.length).toArray();
    double[] x = new double[row.length];
    Arrays.setAll(x, j -> row[j]);
    int best =
        IntStream.range(0, dense.components)
            .boxed()
            .max((a, b) -> Double.compare(dense.logJoint(a, x, all), dense.logJoint(b, x, all)))
            .orElseThrow();
    double atMean = dense.logJoint(best, dense.means[best], all);
    return 2 * (atMean - dense.logJoint(best, x, all));
  }

  @Test
  void isThereForRefittedModelsOfImagesOnly() {
    TrainingOptions plain = TrainingOptions.defaults(3, 1).withNoiseLimits(1e-2, 30);
    try (TrainingResult result = Trainer.of(plain).fit(waves(300, 0.5, 0.02, 3))) {
      assertThat(Familiarity.of(result.model())).isEmpty();
    }
    try (TrainingResult result = fitted();
        MixtureOfFactorAnalyzers damaged =
            result.model().withMetadata(Map.of(Familiarity.NAME, "1,2,x,4,5"))) {
      assertThatThrownBy(() -> Familiarity.of(damaged))
          .isInstanceOf(InputException.class)
          .hasMessage("familiarity must be 7 numbers, got 1,2,x,4,5");
    }
  }
}
