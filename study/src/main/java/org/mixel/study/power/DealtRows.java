package org.mixel.study.power;

import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.mixel.data.ElementType;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/**
 * Rows of one source, dealt out for a repetition of a study; no two sets have a row in common.
 *
 * @param reference the rows that candidates are compared with
 * @param unseen rows that tell copies of the reference
 * @param pool fresh rows, of which candidates are made; more than a candidate has
 * @param classes of each row of the pool
 * @param means of each class, over the whole source
 * @param turn the number of the repetition: the class whose turn it is to be lost
 */
record DealtRows(
    Samples reference, Samples unseen, Samples pool, int[] classes, float[][] means, int turn) {
  /** Changes the values of a row. */
  @FunctionalInterface
  interface RowChange {
    /**
     * @param values changed in place
     * @param row its place in the pool
     */
    void apply(float[] values, int row);
  }

  /** How many rows a candidate has. */
  int rows() {
    return reference.rows();
  }

  /** The rows of the pool of which a candidate is made that loses none. */
  int[] first() {
    return IntStream.range(0, Math.min(rows(), pool.rows())).toArray();
  }

  /** Rows of the pool as they are. */
  Samples fresh(int[] rows) {
    return pool.select(rows);
  }

  /**
   * A candidate of changed rows, kept as the source keeps its own: bytes are rounded and clipped.
   */
  Samples changed(RowChange change) {
    int[] rows = first();
    return stored(
        rows.length,
        i -> {
          float[] values = pool.row(rows[i]);
          change.apply(values, rows[i]);
          return values;
        });
  }

  /** Rows of a model, likewise. */
  Samples kept(Samples drawn) {
    return stored(drawn.rows(), drawn::row);
  }

  private Samples stored(int count, IntFunction<float[]> rows) {
    int dims = pool.dims();
    int size = Math.multiplyExact(count, dims);
    if (pool.type() == ElementType.UINT8) {
      byte[] pixels = new byte[size];
      for (int i = 0; i < count; i++) {
        float[] row = rows.apply(i);
        for (int j = 0; j < dims; j++) {
          pixels[i * dims + j] = (byte) Math.round(255 * Math.min(1, Math.max(0, row[j])));
        }
      }
      return StoredSamples.ofBytes(pool.name(), pool.shape().orElseThrow(), pixels);
    }
    float[] values = new float[size];
    for (int i = 0; i < count; i++) {
      System.arraycopy(rows.apply(i), 0, values, i * dims, dims);
    }
    return StoredSamples.ofFloats(pool.name(), dims, pool.shape().orElse(null), values);
  }

  /** Moves rows towards the mean of their class, or away from it. */
  static RowChange dispersion(DealtRows dealt, double factor) {
    return (values, row) -> {
      float[] mean = dealt.means[dealt.classes[row]];
      for (int j = 0; j < values.length; j++) {
        values[j] = (float) (mean[j] + factor * (values[j] - mean[j]));
      }
    };
  }
}
