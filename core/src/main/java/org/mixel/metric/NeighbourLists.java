package org.mixel.metric;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * The nearest of all pooled rows to each of them, without the row itself, gathered block by block:
 * the ball to a row's k-th neighbour in either set holds rows of its list alone, however the rows
 * are dealt to sets, where the list holds that neighbour.
 *
 * <p>Owns native memory until {@link #close()}. Not safe for use by several threads.
 */
final class NeighbourLists implements PooledProducts.Visitor, AutoCloseable {
  private static final Scalar MINUS_TWO = NativeScope.own(new Scalar(-2));
  private static final Scalar FAR = NativeScope.own(new Scalar(Double.POSITIVE_INFINITY));

  private final Tensor squares;
  private final int rows;
  private final int length;

  /** Squared distances, float64, and rows, {@code [rows, length]}, rising. */
  private final Tensor distances;

  private final Tensor neighbours;

  private NeighbourLists(Tensor squares, int length) {
    this.squares = squares;
    this.length = length;
    rows = (int) squares.size(0);
    distances =
        NativeScope.own(
            NativeScope.compute(
                () -> Devices.zeros(squares.device(), ScalarType.Double, rows, length).fill_(FAR)));
    neighbours = NativeScope.own(Devices.zeros(squares.device(), ScalarType.Long, rows, length));
  }

  /**
   * @param squares squared lengths of the rows as of {@link PooledProducts#squares}
   * @param length of each list, below the number of rows
   */
  static NeighbourLists of(Tensor squares, int length) {
    return new NeighbourLists(squares, length);
  }

  int length() {
    return length;
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
      merge(second, apart.t().contiguous(), first);
    }
    merge(first, apart, second);
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

  /** Rows, list after list, nearest first. */
  int[] neighbours() {
    int[] values = new int[Math.multiplyExact(rows, length)];
    NativeScope.inParts(
        rows,
        1 << 14,
        (from, count) -> {
          int[] part = Tensors.ints(neighbours.narrow(0, from, count));
          System.arraycopy(part, 0, values, (int) from * length, part.length);
        });
    return values;
  }

  /** Their squared distances. */
  double[] squaredDistances() {
    return Tensors.doubles(distances);
  }

  @Override
  public void close() {
    distances.close();
    neighbours.close();
  }
}
