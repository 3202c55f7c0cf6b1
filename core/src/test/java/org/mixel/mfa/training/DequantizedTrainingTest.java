package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.Tensors;

/** Each pass sees other noise of one grey level, and the same seed gives the same model. */
class DequantizedTrainingTest {
  private static final int ROWS = 2000;
  private static final int DIMS = 4;

  /** The variance of noise of one grey level. */
  private static final double LEVEL = 1 / 12.0 / 256 / 256;

  @TempDir private Path folder;

  /** Grey pixels that are all the same. */
  private static Samples flat() {
    byte[] pixels = new byte[ROWS * DIMS];
    Arrays.fill(pixels, (byte) 90);
    return StoredSamples.ofBytes("flat", new ImageShape(1, 2, 2), pixels);
  }

  /** Grey pixels of two kinds. */
  private static Samples mixed() {
    Random random = new Random(1);
    byte[] pixels = new byte[ROWS * DIMS];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i / DIMS % 2 * 100 + random.nextInt(20));
    }
    return StoredSamples.ofBytes("mixed", new ImageShape(1, 2, 2), pixels);
  }

  private static TrainingOptions options(Algorithm algorithm, int iterations) {
    return TrainingOptions.defaults(2, 1)
        .withAlgorithm(algorithm)
        .withNoiseLimits(1e-12, 0)
        .withTolerance(0)
        .withIterations(iterations);
  }

  private static double[] means(TrainingResult result) {
    return Tensors.doubles(result.model().means());
  }

  @Test
  void theNoiseOfFlatPixelsIsThatOfOneGreyLevel() {
    TrainingOptions options = options(new Algorithm.ExactEm(), 5).withComponents(1);
    try (TrainingResult result = Trainer.of(options).fit(flat().dequantizedAfresh(3))) {
      double[] noise = Tensors.doubles(result.model().noiseVariance());
      double[] loadings = Tensors.doubles(result.model().loadings());
      for (int j = 0; j < DIMS; j++) {
        double variance = noise[j] + loadings[j] * loadings[j];
        assertThat(variance).isCloseTo(LEVEL, within(0.05 * LEVEL));
      }
      assertThat(Arrays.stream(means(result))).allMatch(mean -> Math.abs(mean - 90.5 / 256) < 1e-4);
    }
    try (TrainingResult plain = Trainer.of(options).fit(flat())) {
      assertThat(Arrays.stream(Tensors.doubles(plain.model().noiseVariance())))
          .allMatch(variance -> variance < LEVEL / 1000);
    }
  }

  @Test
  void theSameSeedGivesTheSameModelByAnyTrainerAlsoWhenResumed() {
    for (Algorithm algorithm : Algorithm.all()) {
      train(algorithm);
      long before = Pointer.totalCount();
      train(algorithm);
      assertThat(Pointer.totalCount()).as(algorithm.trainer()).isLessThanOrEqualTo(before);
    }
  }

  private void train(Algorithm algorithm) {
    Path file = folder.resolve(algorithm.trainer());
    try (TrainingResult whole =
            Trainer.of(options(algorithm, 4)).fit(mixed().dequantizedAfresh(3));
        TrainingResult part =
            Trainer.of(options(algorithm, 2))
                .checkpointedIn(file, false)
                .fit(mixed().dequantizedAfresh(3));
        TrainingResult resumed =
            Trainer.of(options(algorithm, 4))
                .checkpointedIn(file, true)
                .fit(mixed().dequantizedAfresh(3));
        TrainingResult other = Trainer.of(options(algorithm, 4)).fit(mixed().dequantizedAfresh(4));
        TrainingResult frozen = Trainer.of(options(algorithm, 4)).fit(mixed().dequantized(3))) {
      assertThat(resumed.trainLogLikelihood()).isEqualTo(whole.trainLogLikelihood());
      assertThat(means(resumed)).isEqualTo(means(whole)).isNotEqualTo(means(part));
      assertThat(means(other)).isNotEqualTo(means(whole));
      assertThat(means(frozen)).isNotEqualTo(means(whole));
    }
  }
}
