package org.mixel.cluster;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * Affine subspaces in the making. Distances of rows to all of them come from one matrix product,
 * {@code ||x||^2 - 2 x'mu + ||mu||^2 - ||U x - U mu||^2}.
 *
 * <p>Not safe for use by several threads.
 */
final class Subspaces implements AutoCloseable {
  /** Directions tried beside those that are kept, so that lost ones can be found. */
  private static final int OVERSAMPLING = 2;

  private static final int ROUNDS = 2;

  /** Most values of a cluster that are looked at together. */
  private static final long MAX_VALUES = 32L << 20;

  private static final Scalar MINUS_ONE = NativeScope.own(new Scalar(-1));
  private static final Scalar MINUS_TWO = NativeScope.own(new Scalar(-2));
  private static final Scalar ZERO = NativeScope.own(new Scalar(0));

  private final CenteredRows rows;

  /** float32 {@code [K, d]}. */
  private final Tensor means;

  /** float32 {@code [K, l, d]}, orthonormal or zero. */
  private final Tensor directions;

  /**
   * Where rows belong.
   *
   * @param clusters the nearest subspace of each row
   * @param residuals each row's squared distance to it
   */
  record Places(int[] clusters, float[] residuals) {
    double residual() {
      double total = 0;
      for (float each : residuals) {
        total += each;
      }
      return total;
    }
  }

  /**
   * @param rows must stay open as long as this
   */
  Subspaces(CenteredRows rows, int clusters, int dimension) {
    this.rows = rows;
    means = NativeScope.own(Devices.zeros(rows.device(), ScalarType.Float, clusters, rows.dims()));
    directions =
        NativeScope.own(
            Devices.zeros(rows.device(), ScalarType.Float, clusters, dimension, rows.dims()));
  }

  /** About the mean of all rows, {@code [K, d]}. */
  Tensor means() {
    return means;
  }

  /** Orthonormal, {@code [K, l, d]}. */
  Tensor directions() {
    return directions;
  }

  /** Makes a subspace the one that a few rows span. */
  void span(int cluster, int[] chosen) {
    try (NativeScope scope = new NativeScope()) {
      Tensor y = centre(cluster, chosen);
      keepLeading(cluster, y, PrincipalDirections.orthonormal(y.t()));
    }
  }

  /** Makes a subspace that of its rows' mean and leading principal directions. */
  void refit(int cluster, int[] members, RandomStream random) {
    try (NativeScope scope = new NativeScope()) {
      Tensor y = centre(cluster, sample(members));
      Tensor others = random.normal(rows.device(), OVERSAMPLING, rows.dims());
      Tensor basis = torch.cat(new TensorVector(directions.select(0, cluster), others)).t();
      for (int i = 0; i < ROUNDS; i++) {
        basis = PrincipalDirections.orthonormal(Products.of(y.t(), Products.of(y, basis)));
      }
      keepLeading(cluster, y, basis);
    }
  }

  private int[] sample(int[] members) {
    int most = (int) Math.max(256, MAX_VALUES / rows.dims());
    if (members.length <= most) {
      return members;
    }
    int[] some = new int[most];
    Arrays.setAll(some, i -> members[(int) ((long) i * members.length / most)]);
    return some;
  }

  private Tensor centre(int cluster, int[] chosen) {
    Tensor y = rows.rows(chosen);
    Tensor mean = y.mean(0);
    means.select(0, cluster).copy_(mean);
    return y.sub_(mean);
  }

  /** Keeps those directions within a basis, {@code [d, w]}, along which rows vary most. */
  private void keepLeading(int cluster, Tensor y, Tensor basis) {
    Tensor within = Products.of(y, basis).to(ScalarType.Double);
    T_TensorTensor_T eigen = torch.linalg_eigh(Products.of(within.t(), within));
    long width = basis.size(1);
    long kept = Math.min(directions.size(1), width);
    Tensor leading = eigen.get1().narrow(1, width - kept, kept).flip(1).to(ScalarType.Float);
    Tensor target = directions.select(0, cluster);
    target.zero_();
    target.narrow(0, 0, kept).copy_(Products.of(basis, leading).t());
  }

  /** The nearest subspace of every row, the first of several that are equally near. */
  Places nearest() {
    int count = rows.count();
    long clusters = means.size(0);
    long dimension = directions.size(1);
    int[] places = new int[count];
    float[] residuals = new float[count];
    try (NativeScope scope = new NativeScope()) {
      Tensor norms = means.square().sum(1);
      Tensor offsets = directions.mul(means.unsqueeze(1)).sum(2).t().contiguous();
      // Factor-major, so that squares are summed along contiguous clusters.
      Tensor weights =
          torch.cat(
              new TensorVector(
                  means, directions.transpose(0, 1).reshape(dimension * clusters, rows.dims())));
      rows.forEach(
          RowReader.rowsFor(Math.max(rows.dims(), clusters * (dimension + 1))),
          (from, x) -> {
            Tensor products = Products.of(x, weights.t());
            Tensor scores = torch.add(norms, products.narrow(1, 0, clusters), MINUS_TWO);
            for (long f = 0; f < dimension; f++) {
              Tensor along =
                  products.narrow(1, (f + 1) * clusters, clusters).sub_(offsets.select(0, f));
              scores.addcmul_(along, along, MINUS_ONE);
            }
            T_TensorTensor_T least = torch.min(scores, 1);
            Tensor squares = rows.squaredNorms().narrow(0, from, x.size(0));
            float[] part = Tensors.floats(least.get0().add(squares).clamp_min_(ZERO));
            System.arraycopy(part, 0, residuals, from, part.length);
            int[] index = Tensors.ints(least.get1());
            System.arraycopy(index, 0, places, from, index.length);
          });
    }
    return new Places(places, residuals);
  }

  @Override
  public void close() {
    means.close();
    directions.close();
  }
}
