package org.mixel.metric;

import java.util.List;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * Frechet distances of many rows. All rows are taken in the principal components of both sets
 * together, each divided by its deviation: there the covariances {@code W} of sets that resemble
 * each other are near the identity and have roots {@code L L' = W} that lose no digits, however far
 * apart the variances {@code v} of the components lie. {@code tr (S1 S2)^(1/2)} is the nuclear norm
 * of {@code L1' diag(v) L2}.
 *
 * <p>Owns native memory until {@link #close()}. Not safe for use by several threads.
 */
final class ColumnSpace implements CovarianceSpace {
  /** Components of less variance, as a share of the largest, are rounding. */
  private static final double LEAST_VARIANCE = 1e-13;

  /** Rows of a set that is dealt out, times the square of their values. */
  private static final double KEPT_COST = 1e11;

  private final Set first;
  private final Set second;

  /** Variances of the components, {@code [r]}. */
  private final Tensor variances;

  /** Rows that are dealt out in whitened components, float32 {@code [rows, r]}. */
  private final Tensor rows;

  /** The sum of their products, float64 {@code [r, r]}. */
  private final Tensor scatter;

  private final int keptFirst;

  /** The moments of a set: its rows, and, whitened, their mean and covariance. */
  private record Set(int count, Tensor mean, Tensor covariance) {}

  private ColumnSpace(Samples reference, Samples candidate, long seed, ComputeDevice device) {
    try (NativeScope scope = new NativeScope();
        RowReader left = RowReader.of(reference, device, ScalarType.Double);
        RowReader right = RowReader.of(candidate, device, ScalarType.Double)) {
      Tensor centre = centre(List.of(left, right));
      T_TensorTensor_T eigen = torch.linalg_eigh(covariance(List.of(left, right), centre));
      double[] spectrum = Tensors.doubles(eigen.get0());
      double largest = spectrum[spectrum.length - 1];
      int dropped = dropped(spectrum);
      if (CovarianceSpace.isRounding(largest, Tensors.doubles(centre.square().sum())[0])) {
        dropped = spectrum.length;
      }
      int size = spectrum.length - dropped;
      variances = NativeScope.own(eigen.get0().narrow(0, dropped, size).clone());
      Tensor whitening = eigen.get1().narrow(1, dropped, size).div(variances.sqrt());
      int most = (int) Math.min(Integer.MAX_VALUE, KEPT_COST / Math.max(1.0, size) / size);
      int[] some = chosen(left, most, seed);
      int[] others = chosen(right, most, seed + 1);
      keptFirst = some.length;
      Tensor kept =
          Devices.zeros(left.device(), ScalarType.Float, (long) some.length + others.length, size);
      first = read(left, centre, whitening, some, kept.narrow(0, 0, some.length));
      second = read(right, centre, whitening, others, kept.narrow(0, some.length, others.length));
      rows = NativeScope.own(kept);
      scatter = NativeScope.own(kept.t().mm(kept).to(ScalarType.Double));
    }
  }

  /** How many of rising eigenvalues are rounding. */
  private static int dropped(double[] rising) {
    double least = LEAST_VARIANCE * rising[rising.length - 1];
    int count = 0;
    while (count < rising.length && !(rising[count] > least)) {
      count++;
    }
    return count;
  }

  static ColumnSpace of(Samples reference, Samples candidate, long seed, ComputeDevice device) {
    return new ColumnSpace(reference, candidate, seed, device);
  }

  private static int[] chosen(RowReader reader, int most, long seed) {
    try (RandomStream random = RandomStream.of(seed)) {
      return random.chooseRising(most, reader.samples().rows());
    }
  }

  private static int batchRows(RowReader reader) {
    return Math.max(1024, RowReader.rowsFor(2L * reader.dims()));
  }

  private static Tensor centre(List<RowReader> readers) {
    Tensor sum = Devices.zeros(readers.get(0).device(), ScalarType.Double, readers.get(0).dims());
    double count = 0;
    for (RowReader reader : readers) {
      reader.forEach(
          batchRows(reader),
          batch -> {
            Tensor some = batch.rows();
            batch.requireFinite(some.square().sum(1));
            sum.add_(some.sum(0));
          });
      count += reader.samples().rows();
    }
    return sum.div_(new Scalar(count));
  }

  private static Tensor covariance(List<RowReader> readers, Tensor centre) {
    long dims = centre.size(0);
    Tensor sum = Devices.zeros(centre.device(), ScalarType.Double, dims, dims);
    double count = 0;
    for (RowReader reader : readers) {
      reader.forEach(
          batchRows(reader),
          batch -> {
            Tensor some = batch.rows().sub_(centre);
            sum.addmm_(some.t(), some);
          });
      count += reader.samples().rows();
    }
    return sum.div_(new Scalar(count));
  }

  /** The moments of a set, and some of its rows whitened. */
  private Set read(RowReader reader, Tensor centre, Tensor whitening, int[] chosen, Tensor kept) {
    long size = whitening.size(1);
    Tensor sum = Devices.zeros(centre.device(), ScalarType.Double, size);
    Tensor products = Devices.zeros(centre.device(), ScalarType.Double, size, size);
    int[] next = {0};
    reader.forEach(
        batchRows(reader),
        batch -> {
          Tensor some = batch.rows().sub_(centre).mm(whitening);
          sum.add_(some.sum(0));
          products.addmm_(some.t(), some);
          int from = next[0];
          while (next[0] < chosen.length && chosen[next[0]] < batch.from() + batch.count()) {
            next[0]++;
          }
          if (next[0] > from) {
            long[] places = new long[next[0] - from];
            for (int i = 0; i < places.length; i++) {
              places[i] = chosen[from + i] - batch.from();
            }
            Tensor index = Tensors.of(places, places.length).to(centre.device(), ScalarType.Long);
            kept.narrow(0, from, places.length).copy_(some.index_select(0, index));
          }
        });
    return own(reader.samples().rows(), sum, products);
  }

  private static Set own(int count, Tensor sum, Tensor products) {
    Set moments = moments(count, sum, products);
    return new Set(count, NativeScope.own(moments.mean), NativeScope.own(moments.covariance));
  }

  private static Set moments(int count, Tensor sum, Tensor products) {
    Tensor mean = sum.div(new Scalar((double) count));
    Tensor covariance =
        products
            .sub(mean.unsqueeze(1).mm(mean.unsqueeze(0)), new Scalar((double) count))
            .div_(new Scalar(count - 1.0));
    return new Set(count, mean, covariance);
  }

  @Override
  public Device device() {
    return rows.device();
  }

  @Override
  public int rows() {
    return (int) rows.size(0);
  }

  @Override
  public int referenceRows() {
    return keptFirst;
  }

  @Override
  public double scale() {
    double all = 1.0 / first.count + 1.0 / second.count;
    return all / (1.0 / keptFirst + 1.0 / (rows() - keptFirst));
  }

  @Override
  public int size() {
    return (int) variances.size(0);
  }

  @Override
  public double trace() {
    return trace(first) + trace(second);
  }

  private double trace(Set set) {
    return Tensors.doubles(set.covariance.diagonal().dot(variances))[0];
  }

  @Override
  public double distance() {
    try (NativeScope scope = new NativeScope()) {
      Tensor product = root(first).t().mul(variances).mm(root(second));
      return Math.max(0, distance(first, second, CovarianceSpace.nuclearNorm(product)));
    }
  }

  @Override
  public double distance(int[] reference, int[] candidate) {
    try (NativeScope scope = new NativeScope()) {
      Tensor some = rows.index_select(0, index(reference));
      Tensor products = some.t().mm(some).to(ScalarType.Double);
      Tensor sum = some.sum(0).to(ScalarType.Double);
      Tensor others;
      Tensor otherSum;
      if (reference.length + candidate.length == rows()) {
        others = scatter.sub(products);
        otherSum = rows.sum(0).to(ScalarType.Double).sub_(sum);
      } else {
        Tensor rest = rows.index_select(0, index(candidate));
        others = rest.t().mm(rest).to(ScalarType.Double);
        otherSum = rest.sum(0).to(ScalarType.Double);
      }
      Set left = moments(reference.length, sum, products);
      Set right = moments(candidate.length, otherSum, others);
      return distance(left, right, CovarianceSpace.traceOfRoot(between(left, root(right))));
    }
  }

  private Tensor index(int[] chosen) {
    return Tensors.indices(chosen).to(rows.device(), ScalarType.Long);
  }

  private double distance(Set left, Set right, double traceOfRoot) {
    double apart = Tensors.doubles(left.mean.sub(right.mean).square_().dot(variances))[0];
    return apart + trace(left) + trace(right) - 2 * traceOfRoot;
  }

  /** {@code L' diag(v) W diag(v) L}: its eigenvalues are those of {@code S1 S2}. */
  private Tensor between(Set set, Tensor rootOfOther) {
    Tensor right = rootOfOther.mul(variances.unsqueeze(1));
    return right.t().mm(set.covariance.mm(right));
  }

  /** {@code L} with {@code L L' = W}. */
  private static Tensor root(Set set) {
    T_TensorTensor_T factor = torch.linalg_cholesky_ex(set.covariance);
    if (set.count > set.covariance.size(0) && Tensors.longs(factor.get1())[0] == 0) {
      return factor.get0();
    }
    T_TensorTensor_T eigen = torch.linalg_eigh(set.covariance);
    return eigen.get1().mul(eigen.get0().clamp_min_(new Scalar(0)).sqrt_());
  }

  @Override
  public double error() {
    try (NativeScope scope = new NativeScope()) {
      Tensor left = rows.narrow(0, 0, keptFirst);
      Tensor right = rows.narrow(0, keptFirst, (long) rows() - keptFirst);
      return Math.sqrt(
          CovarianceSpace.varianceOfMean(change(left, first, second)) * keptFirst / first.count
              + CovarianceSpace.varianceOfMean(change(right, second, first))
                  * right.size(0)
                  / second.count);
    }
  }

  /**
   * How each row of a set changes the distance, up to a number: by {@code 2 (m1 - m2)'u + u'u -
   * u'Tu}, where {@code T} moves the set's normal distribution onto the other one.
   */
  private Tensor change(Tensor some, Set own, Set other) {
    Tensor root = root(other);
    T_TensorTensor_T eigen = torch.linalg_eigh(between(own, root));
    double[] squares = Tensors.doubles(eigen.get0());
    int dropped = dropped(squares);
    long size = squares.length - dropped;
    Tensor fourth = eigen.get0().narrow(0, dropped, size).pow(new Scalar(-0.25));
    Tensor map =
        root.mul(variances.unsqueeze(1))
            .mm(eigen.get1().narrow(1, dropped, size).mul(fourth))
            .to(ScalarType.Float);
    Tensor off = some.sub(own.mean.to(ScalarType.Float));
    Tensor linear = own.mean.sub(other.mean).mul_(variances).mul_(new Scalar(2));
    Tensor moved = off.mv(linear.to(ScalarType.Float));
    Tensor lengths = off.square().mv(variances.to(ScalarType.Float));
    return moved.add_(lengths).sub_(off.mm(map).square_().sum(1)).to(ScalarType.Double);
  }

  @Override
  public void close() {
    first.mean.close();
    first.covariance.close();
    second.mean.close();
    second.covariance.close();
    variances.close();
    rows.close();
    scatter.close();
  }
}
