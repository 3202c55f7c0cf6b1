package org.mixel.ndb;

import java.util.Random;
import java.util.SplittableRandom;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/** Made data for the tests of this package. */
final class GaussianRows {
  private GaussianRows() {}

  /** Standard normal rows: no structure at all. */
  static Samples standard(String name, int rows, int dims, long seed) {
    // Neighbouring seeds of Random give sequences that resemble each other.
    Random random = new Random(new SplittableRandom(seed).nextLong());
    float[] values = new float[rows * dims];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return StoredSamples.ofFloats(name, dims, null, values);
  }

  /** Five clusters in the plane, far apart, at (10 c, 0); cluster {@code without} stays empty. */
  static Samples clusters(String name, int rows, int without, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * 2];
    for (int i = 0; i < rows; i++) {
      int cluster = random.nextInt(without < 0 ? 5 : 4);
      cluster += without >= 0 && cluster >= without ? 1 : 0;
      values[2 * i] = (float) (10 * cluster + random.nextGaussian());
      values[2 * i + 1] = (float) random.nextGaussian();
    }
    return StoredSamples.ofFloats(name, 2, null, values);
  }
}
