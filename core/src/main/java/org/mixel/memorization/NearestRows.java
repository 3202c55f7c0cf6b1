package org.mixel.memorization;

import static org.mixel.InputException.require;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ColumnMoments;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * For each row of a set, the nearest row of a reference set in Euclidean distance.
 *
 * <p>Matrix products {@code |y|^2 - 2 x'y} of blocks of both sets, taken about a common origin,
 * find the rows that can be nearest within rounding; all of these are measured directly, as {@code
 * |x - y|}. So the distances do not depend on the blocks, a copy is at distance exactly 0, and
 * memory holds one block of each set and of their products. Of equally near rows the first is
 * taken. Few pairs are measured, unless rows lie close together and far from the others: then it
 * may be all of them.
 *
 * <p>Immutable.
 */
public final class NearestRows {
  /** Bytes of a block of rows, and of a block of products. */
  private static final int ROW_BYTES = 32 << 20;

  private static final int PRODUCT_BYTES = 16 << 20;
  private static final int FEWEST = 64;

  /** Errors of products in float32, as a share of {@code (|x| + |y|)^2}; amply. */
  private static final double ROUNDING = 0x1p-20;

  private static final Scalar MINUS_TWO = NativeScope.own(new Scalar(-2));

  private final int[] rows;
  private final double[] distances;

  private NearestRows(int[] rows, double[] distances) {
    this.rows = rows;
    this.distances = distances;
  }

  /** Finds the nearest rows on the CPU, unweighted. */
  public static NearestRows of(Samples samples, Samples reference) {
    return of(samples, reference, null, ComputeDevice.CPU, Progress.SILENT);
  }

  /**
   * Finds the nearest rows.
   *
   * @param samples the rows whose nearest rows are wanted
   * @param reference the rows that are searched
   * @param weights a factor for each column of both sets, or null for none
   * @throws InputException if rows differ in their number of values, or a value is not finite
   */
  public static NearestRows of(
      Samples samples,
      Samples reference,
      float @Nullable [] weights,
      ComputeDevice device,
      Progress progress) {
    require(
        samples.dims() == reference.dims(),
        "%s has rows of %d values, %s of %d; distances need the same number"
            .formatted(samples.name(), samples.dims(), reference.name(), reference.dims()));
    double[] far = ColumnMoments.farOrigin(reference);
    int[] rows = new int[samples.rows()];
    double[] squares = new double[samples.rows()];
    Arrays.fill(squares, Double.POSITIVE_INFINITY);
    int fit = Math.max(FEWEST, ROW_BYTES / Float.BYTES / samples.dims());
    int size = Math.min(samples.rows(), Math.min(fit, PRODUCT_BYTES / Float.BYTES / FEWEST));
    long blocks = (samples.rows() - 1L) / size + 1;
    try (NativeScope scope = new NativeScope();
        RowReader left = RowReader.of(samples.about(far), device);
        RowReader right = RowReader.of(reference.about(far), device);
        Progress.Stage stage = progress.begin("nearest rows", blocks * reference.rows())) {
      Space space = new Space(origin(right), weights);
      left.forEach(size, batch -> new Block(batch, space).search(right, rows, squares, stage));
    }
    return new NearestRows(rows, Arrays.stream(squares).map(Math::sqrt).toArray());
  }

  /** About the mean of the reference: the nearer to the rows, the fewer digits products lose. */
  private static Tensor origin(RowReader reference) {
    int rows = reference.samples().rows();
    int some = Math.min(rows, RowReader.rowsFor(reference.dims()));
    int[] spread = IntStream.range(0, some).map(i -> (int) ((long) i * rows / some)).toArray();
    DoubleOptional zero = new DoubleOptional(0);
    // A row with a value that is NaN is refused where it is read, with its number.
    return NativeScope.compute(() -> reference.rows(spread).mean(0).nan_to_num(zero, zero, zero));
  }

  /** Number of rows whose nearest row was searched. */
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

  /** A block of rows whose nearest rows are searched together. */
  private static final class Block {
    private final Space space;
    private final int from;
    private final Tensor raw;
    private final Tensor minusTwice;
    private final float[] norms;

    Block(RowReader.Batch batch, Space space) {
      this.space = space;
      from = batch.from();
      raw = batch.rows();
      Tensor centered = space.place(raw);
      norms = squaredNorms(centered, batch);
      minusTwice = centered.mul_(MINUS_TWO);
    }

    /** Updates the nearest rows, and their squared distances, of the rows of this block. */
    void search(RowReader reference, int[] rows, double[] squares, Progress.Stage stage) {
      int fit = Math.max(FEWEST, PRODUCT_BYTES / Float.BYTES / norms.length);
      reference.forEach(
          Math.min(fit, RowReader.rowsFor(reference.dims())),
          stage,
          batch -> meet(batch, rows, squares));
    }

    private void meet(RowReader.Batch batch, int[] rows, double[] squares) {
      Tensor others = batch.rows();
      Tensor centered = space.place(others);
      float[] otherNorms = squaredNorms(centered, batch);
      double longest = 0;
      for (float norm : otherNorms) {
        longest = Math.max(longest, norm);
      }
      Tensor onDevice =
          Tensors.of(otherNorms, otherNorms.length).to(raw.device(), ScalarType.Float);
      // |y|^2 - 2 x'y, which is the squared distance less |x|^2.
      Tensor relative = minusTwice.mm(centered.t()).add_(onDevice);
      float[] least = Tensors.floats(relative.amin(new long[] {1}, false));
      float[] limits = new float[least.length];
      int[] contenders = new int[least.length];
      int count = 0;
      for (int i = 0; i < least.length; i++) {
        double reach = Math.sqrt(norms[i]) + Math.sqrt(longest);
        double margin = ROUNDING * reach * reach;
        double best = squares[from + i];
        double improved = best - norms[i] + margin;
        if (best > 0 && least[i] <= improved) {
          contenders[count] = i;
          limits[count] = Math.nextUp((float) Math.min(improved, least[i] + 2 * margin));
          count++;
        }
      }
      if (count > 0) {
        int[] chosen = Arrays.copyOf(contenders, count);
        Tensor some = count == least.length ? relative : relative.index_select(0, index(chosen));
        Tensor limit = Tensors.of(limits, least.length).narrow(0, 0, count).view(count, 1);
        Tensor pairs = some.le(limit.to(raw.device(), ScalarType.Float)).nonzero();
        Tensor left = index(chosen).index_select(0, pairs.select(1, 0));
        measure(left, others, pairs.select(1, 1), batch.from(), rows, squares);
      }
    }

    /** Measures pairs of rows of this block, and of the others that begin at row {@code start}. */
    private void measure(
        Tensor left, Tensor others, Tensor right, int start, int[] rows, double[] squares) {
      NativeScope.inParts(
          left.size(0),
          RowReader.rowsFor(raw.size(1)),
          (i, count) -> {
            Tensor some = left.narrow(0, i, count);
            Tensor met = right.narrow(0, i, count);
            Tensor apart = raw.index_select(0, some).sub_(others.index_select(0, met));
            double[] measured =
                Tensors.doubles(space.weighted(apart).to(ScalarType.Double).square_().sum(1));
            long[] lefts = Tensors.longs(some);
            long[] rights = Tensors.longs(met);
            for (int p = 0; p < measured.length; p++) {
              int row = from + (int) lefts[p];
              // Pairs come in rising order: of equally near rows the first stays.
              if (measured[p] < squares[row]) {
                squares[row] = measured[p];
                rows[row] = start + (int) rights[p];
              }
            }
          });
    }

    private Tensor index(int[] values) {
      return Tensors.indices(values).to(raw.device(), ScalarType.Long);
    }
  }

  private static float[] squaredNorms(Tensor centered, RowReader.Batch batch) {
    float[] norms = Tensors.floats(centered.square().sum(1));
    batch.requireFinite(norms);
    return norms;
  }
}
