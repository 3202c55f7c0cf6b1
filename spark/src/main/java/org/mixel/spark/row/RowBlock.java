package org.mixel.spark.row;

import java.io.Serializable;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/**
 * Some rows of a data set, one after the other.
 *
 * @param rows their number
 * @param dims values of a row
 * @param values {@code rows * dims} bytes, floats or doubles
 * @param weights of the rows; null if all count as one
 */
public record RowBlock(int rows, int dims, Object values, double @Nullable [] weights)
    implements Serializable {
  /** The name of the rows in messages. */
  private static final String NAME = "rows";

  /**
   * The rows as samples.
   *
   * @param shape of images; null for vectors. Bytes are pixels, whatever their shape.
   */
  public Samples samples(@Nullable ImageShape shape) {
    Samples samples;
    if (values instanceof byte[] bytes) {
      samples = StoredSamples.ofBytes(NAME, shape == null ? line() : shape, bytes);
    } else if (values instanceof float[] floats) {
      samples = StoredSamples.ofFloats(NAME, dims, shape, floats);
    } else if (shape == null) {
      samples = StoredSamples.ofDoubles(NAME, dims, (double[]) values);
    } else {
      samples = StoredSamples.ofFloats(NAME, dims, shape, floats((double[]) values));
    }
    return weights == null ? samples : samples.weightedBy(weights);
  }

  /** Bytes of a row as samples store it. */
  public long rowBytes() {
    int each =
        values instanceof byte[] ? 1 : values instanceof float[] ? Float.BYTES : Double.BYTES;
    return (long) each * dims;
  }

  /** The rows of a range. */
  public RowBlock range(int from, int to) {
    int count = to - from;
    Object some = array(values, count * dims);
    System.arraycopy(values, from * dims, some, 0, count * dims);
    return new RowBlock(
        count, dims, some, weights == null ? null : Arrays.copyOfRange(weights, from, to));
  }

  /** Some of these rows, by their places. */
  public RowBlock select(int[] places) {
    Object some = array(values, places.length * dims);
    double[] own = weights == null ? null : new double[places.length];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(values, places[i] * dims, some, i * dims, dims);
      if (own != null && weights != null) {
        own[i] = weights[places[i]];
      }
    }
    return new RowBlock(places.length, dims, some, own);
  }

  /**
   * The rows of several blocks as one.
   *
   * @throws InputException if they are of different sizes
   */
  public static RowBlock join(List<RowBlock> blocks) {
    RowBlock first = blocks.get(0);
    int rows = blocks.stream().mapToInt(RowBlock::rows).sum();
    Object values = array(first.values, Math.multiplyExact(rows, first.dims));
    double[] weights = first.weights == null ? null : new double[rows];
    int at = 0;
    for (RowBlock block : blocks) {
      if (block.dims != first.dims) {
        throw new InputException(
            "some rows have %d values, others %d".formatted(first.dims, block.dims));
      }
      System.arraycopy(block.values, 0, values, at * first.dims, block.rows * first.dims);
      if (weights != null && block.weights != null) {
        System.arraycopy(block.weights, 0, weights, at, block.rows);
      }
      at += block.rows;
    }
    return new RowBlock(rows, first.dims, values, weights);
  }

  private static Object array(Object like, int length) {
    return Array.newInstance(like.getClass().getComponentType(), length);
  }

  private ImageShape line() {
    return new ImageShape(1, 1, dims);
  }

  private static float[] floats(double[] doubles) {
    float[] floats = new float[doubles.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) doubles[i];
    }
    return floats;
  }
}
