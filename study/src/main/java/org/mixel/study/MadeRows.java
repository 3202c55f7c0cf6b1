package org.mixel.study;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.SplittableRandom;
import org.mixel.data.ElementType;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/** Rows whose distribution is known because they are made here. */
final class MadeRows {
  private MadeRows() {}

  /** Standard normal rows: no clusters, no structure at all. */
  static Samples gaussian(int rows, int dims, long seed) {
    // Neighbouring seeds of Random give sequences that resemble each other.
    Random random = new Random(new SplittableRandom(seed).nextLong());
    ByteBuffer values = floats(rows, dims);
    while (values.hasRemaining()) {
      values.putFloat((float) random.nextGaussian());
    }
    return stored("gaussian", rows, dims, values.flip());
  }

  /**
   * Rows that are drawn in towards the mean of all of them, or driven apart.
   *
   * @param factor what the differences to the mean are multiplied by
   */
  static Samples dispersed(Samples source, double factor) {
    double[] mean = new double[source.dims()];
    for (int i = 0; i < source.rows(); i++) {
      float[] row = source.row(i);
      for (int j = 0; j < mean.length; j++) {
        mean[j] += row[j] / (double) source.rows();
      }
    }
    ByteBuffer values = floats(source.rows(), source.dims());
    for (int i = 0; i < source.rows(); i++) {
      float[] row = source.row(i);
      for (int j = 0; j < mean.length; j++) {
        values.putFloat((float) (mean[j] + factor * (row[j] - mean[j])));
      }
    }
    return stored(source.name(), source.rows(), source.dims(), values.flip());
  }

  private static ByteBuffer floats(int rows, int dims) {
    return ByteBuffer.allocate(Math.multiplyExact(Math.multiplyExact(rows, dims), Float.BYTES))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Samples stored(String name, int rows, int dims, ByteBuffer values) {
    ByteBuffer[] chunks = {values};
    return new StoredSamples(name, ElementType.FLOAT32, rows, dims, null, chunks, rows);
  }
}
