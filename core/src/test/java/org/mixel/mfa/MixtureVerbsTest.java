package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.data.ImageShape;
import org.mixel.data.Mask;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;

/**
 * A Java program trains, saves, samples, scores and completes in a line each, and leaks nothing.
 */
class MixtureVerbsTest {
  private static final int DIMS = 6;

  @TempDir private Path folder;

  /** Rows near one line, so that half of a row tells the other half. */
  private static float[] line(int rows) {
    Random random = new Random(1);
    float[] values = new float[rows * DIMS];
    for (int i = 0; i < rows; i++) {
      double z = random.nextGaussian();
      for (int j = 0; j < DIMS; j++) {
        values[i * DIMS + j] = (float) (0.5 + 0.1 * (j + 1) * z + 0.01 * random.nextGaussian());
      }
    }
    return values;
  }

  private void use(Samples samples) {
    Path file = folder.resolve("m.mfa");
    TrainingOptions options = TrainingOptions.forRows(samples, 2, 1).withNoiseLimits(1e-6, 0);
    try (TrainingResult result = Trainer.of(options).fit(samples)) {
      result.model().save(file);
    }
    try (MixtureOfFactorAnalyzers mixture = MixtureOfFactorAnalyzers.load(file)) {
      Samples drawn = mixture.sample(500, 1);
      assertThat(drawn.rows()).isEqualTo(500);
      assertThat(drawn.shape()).isEqualTo(samples.shape());
      double typical = Arrays.stream(mixture.logLikelihood(samples)).average().orElseThrow();
      assertThat(Arrays.stream(mixture.logLikelihood(drawn)).average())
          .hasValueCloseTo(typical, within(5.0));
      assertThat(mixture.mostProbable(samples)).hasSize(samples.rows()).containsOnly(0, 1);

      boolean[] left = {true, true, true, false, false, false};
      Samples completed = mixture.inpaint(samples, Mask.except(left));
      Samples reconstructed = mixture.reconstruct(samples);
      assertThat(completed.rows()).isEqualTo(samples.rows());
      for (int i = 0; i < samples.rows(); i++) {
        assertThat(completed.row(i)).startsWith(samples.row(i)[0], samples.row(i)[1]);
        assertThat(completed.row(i)[5]).isCloseTo(samples.row(i)[5], within(0.2f));
        assertThat(reconstructed.row(i)[5]).isCloseTo(samples.row(i)[5], within(0.1f));
      }
    }
  }

  @Test
  void imagesAndVectorsAreUsedInALineEach() {
    Samples images = StoredSamples.ofFloats("line", DIMS, new ImageShape(1, 2, 3), line(300));
    Samples vectors = StoredSamples.ofFloats("line", DIMS, null, line(300));
    use(images);
    use(vectors);
    long before = Pointer.totalCount();
    use(images);
    use(vectors);
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  /** The first row hides its last value, the second its first. */
  @Test
  void eachRowIsCompletedWhereItsOwnMaskHides() {
    Samples hidden =
        StoredSamples.ofFloats(
            "hidden", DIMS, null, new float[] {0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0});
    Samples rows = StoredSamples.ofFloats("line", DIMS, new ImageShape(1, 2, 3), line(300));
    Samples two = rows.select(new int[] {0, 1});
    Mask own = Mask.ofNonZero(hidden, DIMS);
    assertThat(own.shared()).isFalse();
    try (TrainingResult result =
        Trainer.of(TrainingOptions.defaults(1, 1).withNoiseLimits(1e-6, 0)).fit(rows)) {
      Samples completed = result.model().inpaint(two, own);
      assertThat(completed.row(0)[0]).isEqualTo(two.row(0)[0]);
      assertThat(completed.row(0)[5]).isNotEqualTo(two.row(0)[5]);
      assertThat(completed.row(1)[0]).isNotEqualTo(two.row(1)[0]);
      assertThat(completed.row(1)[5]).isEqualTo(two.row(1)[5]);
    }
  }

  @Test
  void missingValuesAreCompleted() {
    float[] values = line(300);
    Samples whole = StoredSamples.ofFloats("line", DIMS, new ImageShape(1, 2, 3), values.clone());
    values[5] = Float.NaN;
    Samples holes = StoredSamples.ofFloats("line", DIMS, new ImageShape(1, 2, 3), values);
    try (TrainingResult result =
        Trainer.of(TrainingOptions.defaults(1, 1).withNoiseLimits(1e-6, 0)).fit(whole)) {
      Samples completed = result.model().inpaint(holes);
      assertThat(completed.row(0)[5]).isCloseTo(whole.row(0)[5], within(0.1f));
      assertThat(completed.row(1)).isEqualTo(whole.row(1));
    }
  }
}
