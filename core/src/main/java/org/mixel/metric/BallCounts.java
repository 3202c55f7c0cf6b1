package org.mixel.metric;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.Tensors;

/**
 * How many rows of the other set each row's ball holds, and how many balls of the other set hold
 * each row, for {@link NeighbourBalls}: of the sets as they are, and of sets that are dealt out of
 * the pooled rows. Not safe for use by several threads.
 */
final class BallCounts {
  /** Distances whose squares differ by less, as a share of the squared lengths, are equal. */
  private static final double ROUNDING = 0x1p-46;

  /** Deals in which no larger share of the lists is too short are as good as all. */
  private static final double FEW = 1e-3;

  /** Values of all lists, and of a block of rows beside all. */
  private static final int LIST_VALUES = 50_000_000;

  private static final int BLOCK_VALUES = 1 << 24;

  private final PooledProducts products;
  private final NeighbourBalls.Options options;
  private final int rows;
  private final int referenceRows;
  private final double rounding;
  private final NeighbourLists lists;
  private final int length;

  private BallCounts(
      PooledProducts products, NeighbourLists lists, NeighbourBalls.Options options) {
    this.products = products;
    this.lists = lists;
    this.options = options;
    rows = products.rows();
    referenceRows = products.referenceRows();
    rounding = products.isExact() ? 0 : ROUNDING;
    length = length(products, options);
  }

  /**
   * @param lists of all rows, at least as long as {@link #length}
   */
  static BallCounts of(
      PooledProducts products, NeighbourLists lists, NeighbourBalls.Options options) {
    return new BallCounts(products, lists, options);
  }

  /** Long enough that the neighbour of a row's own set is hardly ever missing in a deal. */
  static int length(PooledProducts products, NeighbourBalls.Options options) {
    int k = options.neighbours();
    int rows = products.rows();
    int referenceRows = products.referenceRows();
    double share = (double) Math.min(referenceRows, rows - referenceRows) / rows;
    int wanted = (int) Math.ceil((k + 4 * Math.sqrt(k) + 4) / share);
    int room = Math.max(2 * k + 1, LIST_VALUES / rows);
    return Math.min(rows - 1, Math.min(wanted, room));
  }

  /** The figures. */
  NeighbourBalls balls() {
    Lists read = new Lists();
    boolean[] marks = new boolean[rows];
    Arrays.fill(marks, 0, referenceRows, true);
    Counts counts = new Counts(marks);
    int[] tooShort = read.count(counts);
    int[] ofReference = Arrays.stream(tooShort).filter(i -> i < referenceRows).toArray();
    int[] ofCandidate = Arrays.stream(tooShort).filter(i -> i >= referenceRows).toArray();
    measure(ofReference, counts, 0, referenceRows);
    measure(ofCandidate, counts, referenceRows, rows);

    double[][] dealt = new double[4][options.deals()];
    Deals deals = new Deals(rows, referenceRows, options.deals(), options.seed());
    long missing = 0;
    for (int b = 0; b < options.deals(); b++) {
      Counts own = new Counts(marks(deals.reference(b)));
      missing += read.count(own).length;
      double[] figures = own.figures();
      for (int f = 0; f < figures.length; f++) {
        dealt[f][b] = figures[f];
      }
    }
    SplittableRandom random = new SplittableRandom(options.seed());
    boolean known = missing <= FEW * rows * options.deals();
    double[] values = counts.figures();
    double[] errors = counts.errors();
    Estimate[] estimates = new Estimate[values.length];
    for (int f = 0; f < values.length; f++) {
      estimates[f] =
          known
              ? Estimate.apart(values[f], errors[f], dealt[f], random)
              : Estimate.of(values[f], errors[f]);
    }
    return new NeighbourBalls(
        options.neighbours(), estimates[0], estimates[1], estimates[2], estimates[3]);
  }

  private boolean[] marks(int[] reference) {
    boolean[] marks = new boolean[rows];
    for (int row : reference) {
      marks[row] = true;
    }
    return marks;
  }

  /** Counts by all distances of some rows of the set from {@code start} to {@code end}. */
  private void measure(int[] some, Counts counts, int start, int end) {
    int otherStart = start == 0 ? end : 0;
    int others = rows - (end - start);
    Tensor squares = products.squares();
    products.forEachOf(
        some,
        Math.max(1, BLOCK_VALUES / rows),
        (from, first, block) -> {
          int[] places = Arrays.copyOfRange(some, from, from + (int) block.size(0));
          Tensor index = Tensors.indices(places).to(squares.device(), ScalarType.Long);
          Tensor lengths = squares.index_select(0, index);
          Tensor apart = NeighbourLists.squaredDistances(block, lengths, squares);
          apart.scatter_(1, index.unsqueeze(1), new Scalar(Double.POSITIVE_INFINITY));
          Tensor own = apart.narrow(1, start, end - start);
          Tensor radius =
              own.kthvalue(options.neighbours(), 1, true)
                  .get0()
                  .add(lengths.unsqueeze(1), new Scalar(rounding));
          Tensor reach =
              apart
                  .narrow(1, otherStart, others)
                  .sub(squares.narrow(0, otherStart, others), new Scalar(rounding));
          Tensor inside = reach.le(radius);
          int[] held = Tensors.ints(inside.sum(1));
          for (int i = 0; i < places.length; i++) {
            counts.held[places[i]] = held[i];
          }
          int[] holding = Tensors.ints(inside.sum(0));
          for (int j = 0; j < others; j++) {
            counts.holding[otherStart + j] += holding[j];
          }
        });
  }

  /** The lists as arrays. */
  private final class Lists {
    private final int[] neighbours = lists.neighbours(length);
    private final double[] distances = lists.squaredDistances(length);
    private final double[] squares = Tensors.doubles(products.squares());

    /**
     * Counts for the sets that are marked.
     *
     * @return rows whose lists are too short, which count nothing
     */
    int[] count(Counts counts) {
      return IntStream.range(0, rows).filter(i -> !count(i, counts)).toArray();
    }

    private boolean count(int row, Counts counts) {
      boolean own = counts.marks[row];
      int start = row * length;
      int end = start + length;
      int at = start;
      int missing = options.neighbours();
      while (at < end) {
        if (counts.marks[neighbours[at]] == own && --missing == 0) {
          break;
        }
        at++;
      }
      if (missing > 0) {
        return false;
      }
      double reach = distances[at] + rounding * squares[row];
      while (at < end && distances[at] - rounding * squares[neighbours[at]] <= reach) {
        at++;
      }
      if (at == end && length < rows - 1) {
        return false;
      }
      int held = 0;
      for (int i = start; i < at; i++) {
        if (counts.marks[neighbours[i]] != own) {
          counts.holding[neighbours[i]]++;
          held++;
        }
      }
      counts.held[row] = held;
      return true;
    }
  }

  /** Counts of two sets. */
  private final class Counts {
    /** Whether a row is in the reference. */
    private final boolean[] marks;

    /** Rows of the other set that a row's ball holds. */
    private final int[] held = new int[rows];

    /** Balls of the other set that hold a row. */
    private final int[] holding = new int[rows];

    Counts(boolean[] marks) {
      this.marks = marks;
    }

    /** Precision, recall, density and coverage. */
    double[] figures() {
      double[] sums = new double[4];
      for (int i = 0; i < rows; i++) {
        if (marks[i]) {
          sums[1] += holding[i] > 0 ? 1 : 0;
          sums[3] += held[i] > 0 ? 1 : 0;
        } else {
          sums[0] += holding[i] > 0 ? 1 : 0;
          sums[2] += holding[i];
        }
      }
      double candidates = rows - referenceRows;
      return new double[] {
        sums[0] / candidates,
        sums[1] / referenceRows,
        sums[2] / candidates / options.neighbours(),
        sums[3] / referenceRows
      };
    }

    /** Their standard errors. */
    double[] errors() {
      double[] figures = figures();
      double candidates = rows - referenceRows;
      double squares = 0;
      for (int i = referenceRows; i < rows; i++) {
        double off = (double) holding[i] / options.neighbours() - figures[2];
        squares += off * off;
      }
      return new double[] {
        Math.sqrt(figures[0] * (1 - figures[0]) / candidates),
        Math.sqrt(figures[1] * (1 - figures[1]) / referenceRows),
        Math.sqrt(squares / (candidates - 1) / candidates),
        Math.sqrt(figures[3] * (1 - figures[3]) / referenceRows)
      };
    }
  }
}
