package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
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
      double[] numbers =
          Arrays.stream(String.valueOf(model.metadata().get(Familiarity.NAME)).split(","))
              .mapToDouble(Double::parseDouble)
              .toArray();
      Samples rows = waves(20, 0.5, 0.05, 77);
      double[] scores = Familiarity.of(model).orElseThrow().scores(rows, Progress.SILENT);
      for (int i = 0; i < scores.length; i++) {
        double t = Math.min(Math.max(roughness(rows.row(i)), numbers[5]), numbers[6]);
        double expected =
            numbers[0] * distance(model, rows.row(i))
                + numbers[1] * distance(wide, rows.row(i))
                + numbers[2]
                + numbers[3] * t
                + numbers[4] * t * t;
        assertThat(scores[i]).isCloseTo(expected, within(1e-3 * (1 + Math.abs(expected))));
      }
    }
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
  private static double distance(MixtureOfFactorAnalyzers model, float[] row) {
    DenseMixture dense = new DenseMixture(model);
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
