package org.mixel.metric;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.tensor.Batches;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * For each row of a set, the nearest row of a reference set in Euclidean distance.
 *
 * <p>Matrix products {@code |y|^2 - 2 x'y} of blocks of both sets, taken about a common origin,
 * find the few rows that can be nearest within rounding; these are measured directly, as {@code |x
 * - y|}. So the distances do not depend on the blocks, a copy is at distance exactly 0, and memory
 * holds one block of each set and of their products. Of equally near rows the first is taken (the
 * first of any eight).
 *
 * <p>Immutable.
 */
public final class NearestRows {
  /** Bytes of a block of rows, and of a block of products. */
  private static final int ROW_BYTES = 32 << 20;

  private static final int PRODUCT_BYTES = 16 << 20;
  private static final int FEWEST = 64;

  /** Rows of one block that are measured directly, at most. */
  private static final int MEASURED = 8;

  /** Errors of products in float32, as a share of {@code (|x| + |y|)^2}; amply. */
  private static final double ROUNDING = 0x1p-20;

  private static final Scalar MINUS_TWO = NativeScope.own(new Scalar(-2));

  private final int[] rows;
  private final double[] distances;

  private NearestRows(int[] rows, double[] distances) {
    this.rows = rows;
    this.distances = distances;
  }

  /**
   * Looks at every pair of rows.
   *
   * @param samples the rows that look for their nearest
   * @param reference the rows among which they look
   * @param weights a factor for each column of both sets, or null for none
   * @throws InputException if rows differ in their number of values, or a value is not finite
   */
  public static NearestRows of(
      Samples samples,
      Samples reference,
      float @Nullable [] weights,
      ComputeDevice device,
      Progress progress) {
    if (samples.dims() != reference.dims()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s has rows of %d values, %s of %d; distances need the same number",
              samples.name(),
              samples.dims(),
              reference.name(),
              reference.dims()));
    }
    int[] rows = new int[samples.rows()];
    double[] squares = new double[samples.rows()];
    Arrays.fill(squares, Double.POSITIVE_INFINITY);
    int fit = Math.max(FEWEST, ROW_BYTES / Float.BYTES / samples.dims());
    int size = Math.min(samples.rows(), fit);
    long blocks = (samples.rows() - 1L) / size + 1;
    try (NativeScope scope = new NativeScope();
        Batches left = Batches.of(samples, device.torch());
        Batches right = Batches.of(reference, device.torch());
        Progress.Stage stage = progress.begin("nearest rows", blocks * reference.rows())) {
      Space space = new Space(origin(right), weights);
      for (int from = 0; from < rows.length; from += size) {
        try (NativeScope step = new NativeScope()) {
          Block block = new Block(left, space, from, Math.min(size, rows.length - from));
          block.search(right, rows, squares, stage);
        }
      }
    }
    return new NearestRows(rows, Arrays.stream(squares).map(Math::sqrt).toArray());
  }

  /** About the mean of the reference: the nearer to the rows, the fewer digits products lose. */
  private static Tensor origin(Batches reference) {
    int rows = reference.samples().rows();
    int some = Math.min(rows, Batches.rowsFor(reference.dims()));
    int[] spread = IntStream.range(0, some).map(i -> (int) ((long) i * rows / some)).toArray();
    DoubleOptional zero = new DoubleOptional(0);
    // A row that holds no number is found where it is read, with its number.
    return NativeScope.compute(() -> reference.rows(spread).mean(0).nan_to_num(zero, zero, zero));
  }

  /** Number of rows that looked for their nearest. */
  public int rows() {
    return rows.length;
  }

  /** The reference row nearest to this row. */
  public int nearest(int row) {
    return rows[row];
  }

  /** This row's distance to it; 0 if and only if they are equal where weights are not 0. */
  public double distance(int row) {
    return distances[row];
  }

  /** All distances, a new array. */
  public double[] distances() {
    return distances.clone();
  }

  /** Where the products are taken: about an origin, with weighted columns. */
  private static final class Space {
    private final Tensor origin;
    private final @Nullable Tensor weights;

    Space(Tensor origin, float @Nullable [] weights) {
      this.origin = origin;
      this.weights =
          weights == null
              ? null
              : Tensors.of(weights, weights.length).to(origin.device(), ScalarType.Float);
    }

    Tensor place(Tensor rows) {
      return weighted(rows.sub(origin));
    }

    Tensor weighted(Tensor differences) {
      return weights == null ? differences : differences.mul_(weights);
    }
  }

  /** Rows that look for their nearest together. */
  private static final class Block {
    private final Batches data;
    private final Space space;
    private final int from;
    private final Tensor raw;
    private final Tensor minusTwice;
    private final float[] norms;

    Block(Batches data, Space space, int from, int count) {
      this.data = data;
      this.space = space;
      this.from = from;
      raw = data.rows(from, count);
      Tensor centered = space.place(raw);
      norms = squaredNorms(centered, data, from);
      minusTwice = centered.mul_(MINUS_TWO);
    }

    /** Updates the nearest rows, and their squared distances, of the rows of this block. */
    void search(Batches reference, int[] rows, double[] squares, Progress.Stage stage) {
      int all = reference.samples().rows();
      int fit = Math.max(FEWEST, PRODUCT_BYTES / Float.BYTES / norms.length);
      int size = Math.min(fit, Batches.rowsFor(data.dims()));
      for (int start = 0; start < all; start += size) {
        int count = Math.min(size, all - start);
        try (NativeScope step = new NativeScope()) {
          meet(reference.rows(start, count), reference, start, rows, squares);
        }
        stage.advance(count);
      }
    }

    private void meet(Tensor others, Batches reference, int start, int[] rows, double[] squares) {
      Tensor centered = space.place(others);
      float[] otherNorms = squaredNorms(centered, reference, start);
      double longest = 0;
      for (float norm : otherNorms) {
        longest = Math.max(longest, norm);
      }
      Tensor onDevice =
          Tensors.of(otherNorms, otherNorms.length).to(raw.device(), ScalarType.Float);
      // |y|^2 - 2 x'y, which is the squared distance less |x|^2.
      Tensor relative = minusTwice.mm(centered.t()).add_(onDevice);
      float[] least = Tensors.floats(relative.amin(new long[] {1}, false));
      double[] margin = new double[least.length];
      IntStream.Builder contenders = IntStream.builder();
      for (int i = 0; i < least.length; i++) {
        double reach = Math.sqrt(norms[i]) + Math.sqrt(longest);
        margin[i] = ROUNDING * reach * reach;
        if ((double) least[i] + norms[i] <= squares[from + i] + margin[i]) {
          contenders.add(i);
        }
      }
      int[] chosen = contenders.build().toArray();
      if (chosen.length == 0) {
        return;
      }
      Pairs pairs = pairs(relative, chosen, least, margin);
      double[] measured = measure(pairs, others);
      for (int p = 0; p < measured.length; p++) {
        int row = from + pairs.left[p];
        int other = start + pairs.right[p];
        if (measured[p] < squares[row] || (measured[p] == squares[row] && other < rows[row])) {
          squares[row] = measured[p];
          rows[row] = other;
        }
      }
    }

    /** The pairs of these rows with the other block's that rounding does not tell from the best. */
    private Pairs pairs(Tensor relative, int[] chosen, float[] least, double[] margin) {
      try (NativeScope scope = new NativeScope()) {
        int width = (int) Math.min(MEASURED, relative.size(1));
        Tensor some =
            chosen.length == least.length ? relative : relative.index_select(0, index(chosen));
        T_TensorTensor_T best = some.topk(width, 1, false, true);
        float[] values = Tensors.floats(best.get0());
        long[] columns = Tensors.longs(best.get1());
        int[] left = new int[values.length];
        int[] right = new int[values.length];
        int count = 0;
        for (int i = 0; i < values.length; i++) {
          int row = chosen[i / width];
          if (values[i] <= least[row] + 2 * margin[row]) {
            left[count] = row;
            right[count] = (int) columns[i];
            count++;
          }
        }
        return new Pairs(Arrays.copyOf(left, count), Arrays.copyOf(right, count));
      }
    }

    private double[] measure(Pairs pairs, Tensor others) {
      double[] squares = new double[pairs.left.length];
      int size = Batches.rowsFor(data.dims());
      for (int i = 0; i < squares.length; i += size) {
        int to = Math.min(squares.length, i + size);
        try (NativeScope scope = new NativeScope()) {
          Tensor x = raw.index_select(0, index(Arrays.copyOfRange(pairs.left, i, to)));
          Tensor y = others.index_select(0, index(Arrays.copyOfRange(pairs.right, i, to)));
          Tensor apart = space.weighted(x.sub_(y)).to(ScalarType.Double).square_().sum(1);
          System.arraycopy(Tensors.doubles(apart), 0, squares, i, to - i);
        }
      }
      return squares;
    }

    private Tensor index(int[] values) {
      return Tensors.indices(values).to(raw.device(), ScalarType.Long);
    }
  }

  /** Rows of one block and the rows of another that they are measured against. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Pairs(int[] left, int[] right) {}

  private static float[] squaredNorms(Tensor centered, Batches data, int from) {
    float[] norms = Tensors.floats(centered.square().sum(1));
    for (int i = 0; i < norms.length; i++) {
      if (!Float.isFinite(norms[i])) {
        throw new InputException(
            data.samples().name()
                + ": row "
                + (from + i)
                + " (counted from 0) holds a value that is NaN, infinite or too large; remove or"
                + " repair it");
      }
    }
    return norms;
  }
}
