package org.mixel.metric;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * Frechet distances of few rows from the inner products {@code G} of all pairs: {@code tr (S1
 * S2)^(1/2)} is the nuclear norm of the block {@code X1 X2'}, whose rows and columns are made to
 * have means of 0.
 *
 * <p>Owns native memory until {@link #close()}. Not safe for use by several threads.
 */
final class RowSpace implements CovarianceSpace {
  private final int referenceRows;
  private final boolean constant;

  /** Float64 {@code [rows, rows]}. */
  private final Tensor products;

  private RowSpace(PooledProducts rows) {
    referenceRows = rows.referenceRows();
    int all = rows.rows();
    double unit = rows.unit() * rows.unit();
    try (NativeScope scope = new NativeScope();
        Progress.Stage stage = Progress.SILENT.begin("inner products", rows.pairs())) {
      products =
          NativeScope.own(Devices.zeros(rows.squares().device(), ScalarType.Double, all, all));
      rows.forEach(
          stage,
          (first, second, block) -> {
            long a = block.size(0);
            long b = block.size(1);
            products.narrow(0, first, a).narrow(1, second, b).copy_(block);
            products.narrow(0, second, b).narrow(1, first, a).copy_(block.t());
          });
      Tensor means = products.mean(1);
      products.sub_(means.unsqueeze(1)).sub_(means).add_(means.mean());
      products.mul_(new Scalar(unit));
      double most = Tensors.doubles(products.diagonal().max())[0];
      double lengths = Tensors.doubles(rows.squares().max())[0] * unit;
      constant =
          CovarianceSpace.isRounding(most, rows.centreSquare() * unit) || most <= 1e-14 * lengths;
    }
  }

  static RowSpace of(Samples reference, Samples candidate, ComputeDevice device) {
    try (PooledProducts rows = PooledProducts.of(reference, candidate, device)) {
      return new RowSpace(rows);
    }
  }

  @Override
  public Device device() {
    return products.device();
  }

  @Override
  public int rows() {
    return (int) products.size(0);
  }

  @Override
  public int referenceRows() {
    return referenceRows;
  }

  @Override
  public double scale() {
    return 1;
  }

  @Override
  public int size() {
    return constant ? 0 : Math.min(referenceRows, rows() - referenceRows);
  }

  @Override
  public double trace() {
    return Tensors.doubles(products.trace())[0] / rows();
  }

  @Override
  public double distance() {
    try (NativeScope scope = new NativeScope()) {
      Blocks blocks = asTheyAre();
      return Math.max(0, blocks.distance(CovarianceSpace.nuclearNorm(blocks.root())));
    }
  }

  @Override
  public double distance(int[] reference, int[] candidate) {
    try (NativeScope scope = new NativeScope()) {
      Tensor first = index(reference);
      Tensor second = index(candidate);
      Tensor left = products.index_select(0, first);
      Blocks blocks =
          new Blocks(
              left.index_select(1, first),
              left.index_select(1, second),
              products.index_select(0, second).index_select(1, second));
      Tensor root = blocks.root();
      boolean wide = root.size(0) <= root.size(1);
      Tensor square = wide ? root.mm(root.t()) : root.t().mm(root);
      return blocks.distance(CovarianceSpace.traceOfRoot(square));
    }
  }

  /** A row changes the trace of the root by half its place on the diagonal of that root. */
  @Override
  public double error() {
    try (NativeScope scope = new NativeScope()) {
      Blocks blocks = asTheyAre();
      Tensor root = blocks.root();
      Tensor first = blocks.change(root, true);
      Tensor second = blocks.change(root.t(), false);
      return Math.sqrt(
          CovarianceSpace.varianceOfMean(first) + CovarianceSpace.varianceOfMean(second));
    }
  }

  private Blocks asTheyAre() {
    long n = referenceRows;
    long m = rows() - n;
    return new Blocks(
        products.narrow(0, 0, n).narrow(1, 0, n),
        products.narrow(0, 0, n).narrow(1, n, m),
        products.narrow(0, n, m).narrow(1, n, m));
  }

  private Tensor index(int[] rows) {
    return Tensors.indices(rows).to(products.device(), ScalarType.Long);
  }

  /** Inner products within the first set, between both, and within the second. */
  private record Blocks(Tensor first, Tensor between, Tensor second) {
    /** {@code X1 X2'}. */
    Tensor root() {
      double scale = Math.sqrt((first.size(0) - 1.0) * (second.size(0) - 1.0));
      return between
          .sub(between.mean(1).unsqueeze(1))
          .sub_(between.mean(0))
          .add_(between.mean())
          .div_(new Scalar(scale));
    }

    double distance(double traceOfRoot) {
      double apart =
          Tensors.doubles(first.mean().add(second.mean()).sub_(between.mean(), new Scalar(2)))[0];
      return apart + variance(first) + variance(second) - 2 * traceOfRoot;
    }

    private static double variance(Tensor block) {
      double n = block.size(0);
      double sum = Tensors.doubles(block.trace())[0];
      return (sum - n * Tensors.doubles(block.mean())[0]) / (n - 1);
    }

    /** How each row of a set changes the distance, up to a number. */
    Tensor change(Tensor root, boolean ofFirst) {
      Tensor own = ofFirst ? first : second;
      Tensor toOther = ofFirst ? between.mean(1) : between.mean(0);
      double n = own.size(0);
      // |u|^2 and twice (m1 - m2)'u, each less its mean, of the row u less its set's mean.
      Tensor means = own.mean(1);
      Tensor lengths = own.diagonal().sub(means, new Scalar(2));
      Tensor moved = means.sub(toOther).mul_(new Scalar(2));
      T_TensorTensor_T eigen = torch.linalg_eigh(root.mm(root.t()));
      Tensor values = eigen.get0().clamp_min_(new Scalar(0)).sqrt_();
      Tensor diagonal = eigen.get1().square().mv(values);
      return lengths.add_(moved).sub_(diagonal, new Scalar(n - 1));
    }
  }

  @Override
  public void close() {
    products.close();
  }
}
