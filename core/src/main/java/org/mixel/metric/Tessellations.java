package org.mixel.metric;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/**
 * The cells of all rows in the tessellations of a {@link PqMass}, gathered from the products of a
 * pool of centres with a block of rows at a time.
 *
 * <p>Owns native memory until {@link #close()}. Not safe for use by several threads.
 */
final class Tessellations implements PooledProducts.Visitor, AutoCloseable {
  /** Centres in the pool for each cell of a tessellation. */
  private static final int CENTRES_PER_CELL = 20;

  private static final int ROWS_PER_CELL = 10;

  /** Centres that stay together: the nearest of a group is found once. */
  private static final int GROUP = 5;

  /** Distances of several tessellations that are compared at a time. */
  private static final long VALUES = 1L << 19;

  private static final Scalar MINUS_TWO = NativeScope.own(new Scalar(-2));

  private final int cells;
  private final int group;
  private final int count;

  /** Places among the pooled rows, group by group; int64 {@code [pool, group]}. */
  private final Tensor centres;

  /** Groups of each tessellation, int64 {@code [count, cells / group]}. */
  private final Tensor groups;

  /** Squared lengths of the centres, {@code [pool * group, 1]}. */
  private final Tensor squares;

  /** Int16 {@code [count, rows]}. */
  private final Tensor assigned;

  private Tessellations(PooledProducts products, PqMass.Options options) {
    int rows = products.rows();
    cells = Math.min(options.cells(), Math.max(2, rows / ROWS_PER_CELL));
    group = cells % GROUP == 0 ? GROUP : 1;
    count = options.tessellations();
    int pool = Math.min(rows, CENTRES_PER_CELL * cells) / group;
    int parts = cells / group;
    try (NativeScope scope = new NativeScope();
        RandomStream random = RandomStream.of(options.seed()).split(-1)) {
      Device device = products.squares().device();
      Tensor places = Tensors.indices(random.choose(pool * group, rows));
      long[] chosen = new long[count * parts];
      for (int t = 0; t < count; t++) {
        int[] some = random.choose(parts, pool);
        for (int g = 0; g < parts; g++) {
          chosen[t * parts + g] = some[g];
        }
      }
      centres = NativeScope.own(places.to(device, ScalarType.Long).view(pool, group));
      groups = NativeScope.own(Tensors.of(chosen, count, parts).to(device, ScalarType.Long));
      squares = NativeScope.own(products.squares().index_select(0, centres.flatten()).unsqueeze(1));
      assigned = NativeScope.own(Devices.zeros(device, ScalarType.Short, count, rows));
    }
  }

  static Tessellations of(PooledProducts products, PqMass.Options options) {
    return new Tessellations(products, options);
  }

  int count() {
    return count;
  }

  /** Cells of each tessellation. */
  int cells() {
    return cells;
  }

  /** All centres' places among the pooled rows. */
  int[] centres() {
    return Tensors.ints(centres);
  }

  /**
   * @param first 0
   * @param products of all centres with some rows
   */
  @Override
  public void visit(int first, int second, Tensor products) {
    long pool = centres.size(0);
    long parts = groups.size(1);
    long some = products.size(1);
    T_TensorTensor_T inGroups =
        products.mul(MINUS_TWO).add_(squares).view(pool, group, some).min(1);
    Tensor distances = inGroups.get0();
    Tensor nearest = inGroups.get1();
    NativeScope.inParts(
        count,
        Math.max(1, VALUES / (parts * some)),
        (from, size) -> {
          Tensor own = groups.narrow(0, from, size);
          Tensor apart = distances.index_select(0, own.flatten()).view(size, parts, some);
          Tensor part = apart.min(1).get1();
          Tensor within = nearest.gather(0, own.gather(1, part));
          assigned
              .narrow(0, from, size)
              .narrow(1, second, some)
              .copy_(part.mul_(new Scalar(group)).add_(within));
        });
  }

  /**
   * The cells of all rows in a tessellation, when all were visited.
   *
   * @return int64 {@code [rows]}, the number of cells for a row that is a centre
   */
  Tensor cells(int tessellation) {
    return NativeScope.compute(
        () -> {
          Tensor own = centres.index_select(0, groups.select(0, tessellation)).flatten();
          return assigned
              .select(0, tessellation)
              .to(ScalarType.Long)
              .index_fill_(0, own, new Scalar(cells));
        });
  }

  @Override
  public void close() {
    centres.close();
    groups.close();
    squares.close();
    assigned.close();
  }
}
