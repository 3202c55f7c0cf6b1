package org.mixel.cluster;

import java.util.Arrays;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/**
 * A small copy of a data set, kept in memory: many of its rows (all, unless there are more than
 * {@value #ROWS}), each reduced to its coordinates along the {@linkplain PrincipalDirections
 * directions of most variance}. A step of k-means costs a fraction here, and a clustering found
 * here needs few exact steps more.
 */
final class Sketch implements Points {
  private static final int ROWS = 1 << 17;
  private static final int ROWS_PER_CLUSTER = 16;

  private final Tensor values;
  private final Tensor squaredNorms;
  private final int[] source;

  private Sketch(Tensor values, int[] source) {
    this.values = NativeScope.own(values);
    this.squaredNorms = NativeScope.own(values.square().sum(1));
    this.source = source;
  }

  /**
   * @param rows all rows
   * @param clusters number of clusters wanted
   * @param random fixes the rows and the directions
   */
  static Sketch of(CenteredRows rows, int clusters, RandomStream random) {
    long most = Math.max(ROWS, (long) ROWS_PER_CLUSTER * clusters);
    int[] source = random.chooseRising((int) Math.min(rows.count(), most), rows.count());
    try (NativeScope scope = new NativeScope()) {
      Tensor directions =
          rows.dims() > PrincipalDirections.MOST ? PrincipalDirections.of(rows, random) : null;
      return new Sketch(project(rows, source, directions), source);
    }
  }

  private static Tensor project(CenteredRows rows, int[] source, @Nullable Tensor directions) {
    long width = directions == null ? rows.dims() : directions.size(1);
    Tensor values = Devices.zeros(rows.device(), ScalarType.Float, source.length, width);
    rows.forEach(
        source,
        (from, x) ->
            values
                .narrow(0, from, x.size(0))
                .copy_(directions == null ? x : Products.of(x, directions)));
    return values;
  }

  /** A sketch of at most {@code most} of these rows. */
  Sketch sample(int most, RandomStream random) {
    int[] chosen = random.chooseRising(most, count());
    try (NativeScope scope = new NativeScope()) {
      return new Sketch(
          rows(Tensors.indices(chosen).to(device(), ScalarType.Long)),
          Arrays.stream(chosen).map(i -> source[i]).toArray());
    }
  }

  /** The data's rows that these rows stand for. */
  int[] source() {
    return source;
  }

  @Override
  public int count() {
    return source.length;
  }

  @Override
  public int dims() {
    return (int) values.size(1);
  }

  @Override
  public Device device() {
    return values.device();
  }

  @Override
  public Tensor all() {
    return values;
  }

  @Override
  public void forEach(int batchRows, Visitor visitor) {
    NativeScope.inParts(
        count(),
        batchRows,
        (from, count) -> visitor.visit((int) from, values.narrow(0, from, count)));
  }

  @Override
  public Tensor rows(Tensor index) {
    return values.index_select(0, index);
  }

  @Override
  public Tensor squaredNorms() {
    return squaredNorms;
  }

  @Override
  public void close() {
    values.close();
    squaredNorms.close();
  }
}
