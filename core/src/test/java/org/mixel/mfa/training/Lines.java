package org.mixel.mfa.training;

import java.util.Random;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/** Rows about twenty lines in space, for trainings of any kind. */
final class Lines {
  static final int DIMS = 12;
  static final int CLUSTERS = 20;

  private Lines() {}

  /** Rows about many lines in space. */
  static Samples rows(int count, long seed) {
    Random places = new Random(1);
    float[][] centers = new float[CLUSTERS][DIMS];
    float[][] directions = new float[CLUSTERS][DIMS];
    for (int k = 0; k < CLUSTERS; k++) {
      for (int j = 0; j < DIMS; j++) {
        centers[k][j] = places.nextFloat();
        directions[k][j] = 0.2f * (float) places.nextGaussian();
      }
    }
    Random random = new Random(seed);
    float[] values = new float[count * DIMS];
    for (int i = 0; i < count; i++) {
      int k = random.nextInt(CLUSTERS);
      float z = (float) random.nextGaussian();
      for (int j = 0; j < DIMS; j++) {
        values[i * DIMS + j] =
            centers[k][j] + z * directions[k][j] + 0.05f * (float) random.nextGaussian();
      }
    }
    return StoredSamples.ofFloats("lines", DIMS, null, values);
  }

  /** The same rows as pixels, which are trained as they are. */
  static Samples images(int count, long seed) {
    Samples vectors = rows(count, seed);
    float[] values = new float[count * DIMS];
    for (int i = 0; i < count; i++) {
      System.arraycopy(vectors.row(i), 0, values, i * DIMS, DIMS);
    }
    return StoredSamples.ofFloats("images", DIMS, new ImageShape(1, 1, DIMS), values);
  }

  /** Five iterations that nothing ends sooner, without a refit. */
  static TrainingOptions options() {
    return TrainingOptions.defaults(CLUSTERS, 1)
        .withNoiseLimits(1e-4, 1)
        .withTolerance(0)
        .withIterations(5);
  }
}
