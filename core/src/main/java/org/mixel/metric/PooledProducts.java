package org.mixel.metric;

import static org.mixel.InputException.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ElementType;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * Inner products of all pairs of rows of two sets, the reference's rows first, a block of pairs at
 * a time. The rows are taken less a centre, in units in which they are stored.
 *
 * <p>Nothing is lost beyond rounding in float64. Of bytes the centre is 128, so that sums over
 * 1,024 columns are whole numbers which float32 holds exactly: their products cost those of
 * float32. All other rows are taken in float64 less the mean of all.
 *
 * <p>Owns native memory until {@link #close()}. Not safe for use by several threads.
 */
final class PooledProducts implements AutoCloseable {
  /** Rows of a block: products of 8 MiB stay near the cache. */
  private static final int BLOCK_ROWS = 1024;

  private static final int ACCELERATOR_ROWS = 4096;

  /** Rows that take no more bytes as tensors are read once. */
  private static final long KEPT_BYTES = 256L << 20;

  private static final Scalar BYTE_CENTRE = NativeScope.own(new Scalar(128));

  /** So many products of numbers of at most 2^7 have a sum of at most 2^24. */
  private static final int EXACT_COLUMNS = 1024;

  private final RowReader reference;
  private final RowReader candidate;
  private final boolean bytes;
  private final int blockRows;

  /** {@code [d]}, in stored units. */
  private final Tensor centre;

  /** {@code |x|^2}, {@code [n]}, and {@code centre'x}, of the rows less the centre. */
  private final Tensor squares;

  private final Tensor along;
  private final List<Tensor> kept = new ArrayList<>();

  private PooledProducts(RowReader reference, RowReader candidate) {
    this.reference = reference;
    this.candidate = candidate;
    bytes = areBytes(reference.samples()) && areBytes(candidate.samples());
    blockRows = reference.device().is_cpu() ? BLOCK_ROWS : ACCELERATOR_ROWS;
    try (NativeScope scope = new NativeScope()) {
      centre = NativeScope.own(centre());
      Tensor[] figures = figures();
      squares = NativeScope.own(figures[0]);
      along = NativeScope.own(figures[1]);
    }
    long width = (bytes ? Float.BYTES : Double.BYTES) * (long) reference.dims();
    if (rows() * width <= KEPT_BYTES) {
      for (int b = 0; b < blocks(); b++) {
        int block = b;
        kept.add(NativeScope.own(NativeScope.compute(() -> read(block))));
      }
    }
  }

  /**
   * @throws InputException if the rows differ in their number of values, or a value is not finite
   */
  static PooledProducts of(Samples reference, Samples candidate, ComputeDevice device) {
    requireSameWidth(reference, candidate);
    boolean bytes = areBytes(reference) && areBytes(candidate);
    ScalarType type = bytes ? ScalarType.Float : ScalarType.Double;
    RowReader first = RowReader.of(reference, device, type);
    try {
      RowReader second = RowReader.of(candidate, device, type);
      try {
        return new PooledProducts(first, second);
      } catch (RuntimeException e) {
        second.close();
        throw e;
      }
    } catch (RuntimeException e) {
      first.close();
      throw e;
    }
  }

  /** Refuses sets that cannot be compared. */
  static void requireSameWidth(Samples reference, Samples candidate) {
    require(
        reference.dims() == candidate.dims(),
        "%s has rows of %d values, %s of %d; sets are compared by rows of the same number of values"
            .formatted(reference.name(), reference.dims(), candidate.name(), candidate.dims()));
  }

  private static boolean areBytes(Samples samples) {
    return samples.type() == ElementType.UINT8;
  }

  /** Products of the rows from {@code first} on with those from {@code second} on. */
  interface Visitor {
    /**
     * Takes a block of pairs. A block off the diagonal comes once: {@code second} is not above
     * {@code first}.
     *
     * @param products float64 {@code [a, b]}, which must not be changed
     */
    void visit(int first, int second, Tensor products);
  }

  /** Rows of both sets. */
  int rows() {
    return referenceRows() + candidate.samples().rows();
  }

  int referenceRows() {
    return reference.samples().rows();
  }

  int dims() {
    return reference.dims();
  }

  /** Whether all products are free of rounding. */
  boolean isExact() {
    return bytes;
  }

  /** The value of a stored 1. */
  double unit() {
    return bytes ? reference.unit() : 1;
  }

  /** {@code |x|^2} of the rows less the centre, float64 {@code [rows]} in stored units. */
  Tensor squares() {
    return squares;
  }

  /** {@code centre'x} of the rows less the centre, float64 {@code [rows]} in stored units. */
  Tensor along() {
    return along;
  }

  /** {@code |centre|^2} in stored units. */
  double centreSquare() {
    return Tensors.doubles(centre.square().sum())[0];
  }

  /** Pairs of rows, each counted once, which the stage of {@link #forEach} hears of. */
  long pairs() {
    return rows() * (rows() + 1L) / 2;
  }

  /** Passes over all pairs. */
  void forEach(Progress.Stage stage, Visitor visitor) {
    for (int i = 0; i < blocks(); i++) {
      try (NativeScope outer = new NativeScope()) {
        Tensor left = block(i);
        for (int j = 0; j <= i; j++) {
          try (NativeScope scope = new NativeScope()) {
            Tensor products = products(left, j == i ? left : block(j));
            visitor.visit(start(i), start(j), products);
            long area = products.numel();
            stage.advance(j == i ? (area + left.size(0)) / 2 : area);
          }
        }
      }
    }
  }

  /**
   * Passes over the pairs of some rows with all rows.
   *
   * @param some places among the pooled rows
   * @param step rows at a time
   * @param visitor gets the place in {@code some} as {@code first}, and 0; {@code [a, rows]}
   */
  void forEachOf(int[] some, int step, Visitor visitor) {
    NativeScope.inParts(
        some.length,
        step,
        (from, count) -> {
          Tensor left = placed(Arrays.copyOfRange(some, (int) from, (int) (from + count)));
          Tensor[] parts = new Tensor[blocks()];
          for (int j = 0; j < parts.length; j++) {
            int block = j;
            parts[j] = NativeScope.compute(() -> products(left, block(block)));
          }
          visitor.visit((int) from, 0, torch.cat(new TensorVector(parts), 1));
        });
  }

  /**
   * Passes over all rows with the same few.
   *
   * @param few places among the pooled rows
   * @param stage hears of the rows
   * @param visitor gets 0 and the first of some rows; {@code [few, b]}
   */
  void forEachWith(int[] few, Progress.Stage stage, Visitor visitor) {
    try (NativeScope outer = new NativeScope()) {
      Tensor left = placed(few);
      for (int j = 0; j < blocks(); j++) {
        try (NativeScope scope = new NativeScope()) {
          Tensor products = products(left, block(j));
          visitor.visit(0, start(j), products);
          stage.advance(products.size(1));
        }
      }
    }
  }

  private Tensor placed(int[] some) {
    Tensor[] rows = new Tensor[some.length];
    for (int i = 0; i < some.length; i++) {
      int row = some[i];
      rows[i] = NativeScope.compute(() -> placed(row, 1));
    }
    return torch.cat(new TensorVector(rows));
  }

  private Tensor products(Tensor left, Tensor right) {
    int dims = dims();
    if (!bytes || dims <= EXACT_COLUMNS) {
      return left.mm(right.t()).to(ScalarType.Double);
    }
    Tensor sum = torch.empty(0);
    for (int from = 0; from < dims; from += EXACT_COLUMNS) {
      int count = Math.min(EXACT_COLUMNS, dims - from);
      Tensor part = left.narrow(1, from, count).mm(right.narrow(1, from, count).t());
      sum = from == 0 ? part.to(ScalarType.Double) : sum.add_(part);
    }
    return sum;
  }

  private Tensor block(int block) {
    return kept.isEmpty() ? read(block) : kept.get(block);
  }

  private Tensor read(int block) {
    int start = start(block);
    int end = start < referenceRows() ? referenceRows() : rows();
    return placed(start, Math.min(blockRows, end - start));
  }

  /** Rows of one set, in stored units, less the centre. */
  private Tensor placed(int from, int count) {
    boolean first = from < referenceRows();
    RowReader reader = first ? reference : candidate;
    int start = first ? from : from - referenceRows();
    return bytes
        ? reader.storedRows(start, count).sub_(BYTE_CENTRE)
        : reader.rows(start, count).sub_(centre);
  }

  private int blocks() {
    return blocks(referenceRows()) + blocks(rows() - referenceRows());
  }

  private int blocks(int rows) {
    return (rows - 1) / blockRows + 1;
  }

  private int start(int block) {
    int first = blocks(referenceRows());
    return block < first ? block * blockRows : referenceRows() + (block - first) * blockRows;
  }

  private Tensor centre() {
    if (bytes) {
      return torch.ones(dims()).to(reference.device(), ScalarType.Double).mul_(BYTE_CENTRE);
    }
    Tensor sum = torch.zeros(dims()).to(reference.device(), ScalarType.Double);
    for (RowReader reader : List.of(reference, candidate)) {
      reader.forEach(
          RowReader.rowsFor(2L * dims()),
          batch -> {
            Tensor rows = batch.rows();
            batch.requireFinite(rows.square().sum(1));
            sum.add_(rows.sum(0));
          });
    }
    return sum.div_(new Scalar((double) rows()));
  }

  /** {@code |x|^2} and {@code centre'x} of all rows. */
  private Tensor[] figures() {
    Tensor[] lengths = new Tensor[blocks()];
    Tensor[] parts = new Tensor[blocks()];
    for (int b = 0; b < lengths.length; b++) {
      int block = b;
      try (NativeScope scope = new NativeScope()) {
        Tensor rows = read(block).to(ScalarType.Double);
        lengths[b] = scope.keep(rows.square().sum(1));
        parts[b] = scope.keep(rows.mv(centre));
      }
    }
    return new Tensor[] {torch.cat(new TensorVector(lengths)), torch.cat(new TensorVector(parts))};
  }

  @Override
  public void close() {
    kept.forEach(Tensor::close);
    centre.close();
    squares.close();
    along.close();
    candidate.close();
    reference.close();
  }
}
