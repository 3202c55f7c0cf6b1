package org.mixel.study;

import java.util.Random;
import java.util.SplittableRandom;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/** Rows with a known distribution, made here. */
final class MadeRows {
  private MadeRows() {}

  /** Neighbouring seeds of Random itself give sequences that resemble each other. */
  static Random random(long seed) {
    return new Random(new SplittableRandom(seed).nextLong());
  }

  /** Standard normal rows: no clusters, no structure at all. */
  static Samples gaussian(int rows, int dims, long seed) {
    Random random = random(seed);
    float[] values = new float[Math.multiplyExact(rows, dims)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return StoredSamples.ofFloats("gaussian", dims, null, values);
  }
}
