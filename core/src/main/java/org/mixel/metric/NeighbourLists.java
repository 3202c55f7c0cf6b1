package org.mixel.metric;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/**
 * The nearest of all pooled rows to each of them, without the row itself, gathered block by block:
 * the ball to a row's k-th neighbour in either set holds rows of its list alone, however the rows
 * are dealt to sets, where the list holds that neighbour.
 *
 * <p>Of rows as far as each other it is left to chance which comes first, not to the order of the
 * sets: the squared distance to each row is larger by the row's own random number, less than
 * differences that are none but rounding.
 *
 * <p>Owns native memory until {@link #close()}. Not safe for use by several threads.
 */
final class NeighbourLists implements PooledProducts.Visitor, AutoCloseable {
  private static final Scalar MINUS_TWO = NativeScope.own(new Scalar(-2));
  private static final Scalar FAR = NativeScope.own(new Scalar(Double.POSITIVE_INFINITY));

  /** More than rounding, and less than the differences that {@link BallCounts} holds to be none. */
  private static final double CHANCE = 0x1p-48;

  /** Distances of bytes are whole numbers: rounded, they lose this. */
  private static final double CHANCE_OF_BYTES = 0x1p-3;

  private static final double SMALLEST = 0x1p-960;

  private final boolean exact;

  private final Tensor squares;

  /** The random number of each row. */
  private final Tensor chances;

  private final int rows;
  private final int length;

  /** Squared distances, float64, and rows, {@code [rows, length]}, rising. */
  private final Tensor distances;

  private final Tensor neighbours;

  private NeighbourLists(PooledProducts products, int length, long seed) {
    this.length = length;
    rows = products.rows();
    exact = products.isExact();
    try (NativeScope scope = new NativeScope();
        RandomStream random = RandomStream.of(seed).split(-2)) {
      squares = products.squares();
      Tensor drawn = random.uniform(squares.device(), rows).to(ScalarType.Double);
      chances =
          NativeScope.own(
              exact
                  ? drawn.mul_(new Scalar(CHANCE_OF_BYTES))
                  : drawn.mul_(squares.mul(new Scalar(CHANCE)).add_(new Scalar(SMALLEST))));
      distances =
          NativeScope.own(
              Devices.zeros(squares.device(), ScalarType.Double, rows, length).fill_(FAR));
      neighbours = NativeScope.own(Devices.zeros(squares.device(), ScalarType.Long, rows, length));
    }
  }

  /**
   * @param length of each list, below the number of rows
   * @param seed orders rows as far as each other
   */
  static NeighbourLists of(PooledProducts products, int length, long seed) {
    return new NeighbourLists(products, length, seed);
  }

  /** Squared distances of a block of pairs from their products. */
  static Tensor squaredDistances(Tensor products, Tensor squares, Tensor otherSquares) {
    return products.mul(MINUS_TWO).add_(squares.unsqueeze(1)).add_(otherSquares);
  }

  @Override
  public void visit(int first, int second, Tensor products) {
    long count = products.size(0);
    long others = products.size(1);
    Tensor apart =
        squaredDistances(
            products, squares.narrow(0, first, count), squares.narrow(0, second, others));
    if (first == second) {
      apart.fill_diagonal_(FAR);
    } else {
      merge(second, apart.t().add(chances.narrow(0, first, count)).contiguous(), first);
    }
    merge(first, apart.add_(chances.narrow(0, second, others)), second);
  }

  private void merge(int from, Tensor apart, int others) {
    Tensor best = distances.narrow(0, from, apart.size(0));
    Tensor rowsOfBest = neighbours.narrow(0, from, apart.size(0));
    Tensor limit = best.narrow(1, length - 1L, 1);
    long most = Tensors.longs(apart.lt(limit).sum(1).max())[0];
    if (most == 0) {
      return;
    }
    T_TensorTensor_T near = apart.topk(Math.min(most, length), 1, false, false);
    Tensor all = torch.cat(new TensorVector(best, near.get0()), 1);
    Tensor ids = torch.cat(new TensorVector(rowsOfBest, near.get1().add_(new Scalar(others))), 1);
    T_TensorTensor_T kept = all.topk(length, 1, false, true);
    best.copy_(kept.get0());
    rowsOfBest.copy_(ids.gather(1, kept.get1()));
  }

  /** The nearest rows, {@code [rows, most]}, nearest first. */
  Tensor nearest(int most) {
    return neighbours.narrow(1, 0, most);
  }

  /** The same, list after list. */
  int[] neighbours(int most) {
    int[] values = new int[Math.multiplyExact(rows, most)];
    NativeScope.inParts(
        rows,
        1 << 14,
        (from, count) -> {
          int[] part = Tensors.ints(nearest(most).narrow(0, from, count));
          System.arraycopy(part, 0, values, (int) from * most, part.length);
        });
    return values;
  }

  /** Their squared distances. */
  double[] squaredDistances(int most) {
    try (NativeScope scope = new NativeScope()) {
      Tensor some = distances.narrow(1, 0, most);
      // Of rows that are the centre itself, nothing but the chance is left.
      return Tensors.doubles(exact ? some.round() : some.mul(some.gt(new Scalar(SMALLEST))));
    }
  }

  @Override
  public void close() {
    chances.close();
    distances.close();
    neighbours.close();
  }
}
