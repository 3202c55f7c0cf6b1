package org.mixel.mfa;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.NativeScope;

/**
 * The log-joints of a group of components and a batch of rows with missing values, by wide products
 * about the mixture's mean ({@link ObservedDensity} has the equations). Packed matrices are lower
 * triangles, column after column. Everything belongs to the current scope.
 */
final class MaskedProducts {
  private final MixtureOfFactorAnalyzers model;
  private final WoodburyPrecision precision;
  private final long from;
  private final long count;
  private final long factors;
  private final long packed;
  private final Tensor psi;
  private final Tensor inverse;
  private final Tensor mu;
  private final Tensor whitened;

  /**
   * @param center the mixture's mean
   * @param from first component
   * @param count number of components
   */
  MaskedProducts(Density density, Tensor center, long from, long count) {
    model = density.model();
    precision = density.precision();
    factors = model.factors();
    packed = factors * (factors + 1) / 2;
    this.from = from;
    this.count = count;
    psi = model.noiseVariance().narrow(0, from, count);
    inverse = precision.inverseNoise().narrow(0, from, count);
    mu = model.means().narrow(0, from, count).sub(center);
    whitened = precision.whitenedLoadings().narrow(0, from, count);
  }

  /**
   * @param x {@code [d, n]} about the center, 0 where missing
   * @param squares {@code [d, n]}, of x
   * @param mask {@code [d, n]}, 1 where observed
   * @return {@code [count, n]}, float64
   */
  Tensor logJoint(Tensor x, Tensor squares, Tensor mask) {
    Tensor ofMask = product(weightsOfMask(), mask);
    Tensor ofRows = product(weightsOfRows(), x).sub_(ofMask.narrow(1, packed, factors + 1));
    Tensor gram = ofMask.narrow(1, 0, packed).to(ScalarType.Double).add_(prior());
    Tensor whitenedRows = ofRows.narrow(1, 0, factors).to(ScalarType.Double);
    Tensor distance = inverse.mm(squares).sub_(ofRows.select(1, factors)).to(ScalarType.Double);
    eliminate(gram, whitenedRows);
    for (long f = 0; f < factors; f++) {
      distance.addcmul_(whitenedRows.select(1, f), whitenedRows.select(1, f), new Scalar(-1));
      distance.add_(pivot(gram, f).log(), new Scalar(2));
    }
    distance.add_(logDeterminants().unsqueeze(1));
    return distance
        .mul_(new Scalar(-0.5))
        .add_(model.logWeights().narrow(0, from, count).to(ScalarType.Double).unsqueeze(1));
  }

  private Tensor empty(long width) {
    return torch.empty(new long[] {count, width, model.dims()}, mu.options(), null);
  }

  private Tensor product(Tensor weights, Tensor right) {
    long width = weights.size(1);
    return weights.view(count * width, model.dims()).mm(right).view(count, width, -1);
  }

  /** {@code psi v v'} packed, {@code V mu}, and what every observed value adds to the distance. */
  private Tensor weightsOfMask() {
    Tensor weights = empty(packed + factors + 1);
    Tensor scaled = whitened.mul(psi.unsqueeze(1));
    for (long f = 0; f < factors; f++) {
      weights
          .narrow(1, column(f), factors - f)
          .copy_(whitened.narrow(1, f, factors - f).mul(scaled.narrow(1, f, 1)));
    }
    weights.narrow(1, packed, factors).copy_(whitened.mul(mu.unsqueeze(1)));
    Tensor constant = psi.mul(new Scalar(2 * Math.PI)).log_().addcmul_(mu.square(), inverse);
    weights.select(1, packed + factors).copy_(constant);
    return weights;
  }

  /** {@code V} and {@code 2 mu / psi}. */
  private Tensor weightsOfRows() {
    Tensor weights = empty(factors + 1);
    weights.narrow(1, 0, factors).copy_(whitened);
    weights.select(1, factors).copy_(mu.mul(inverse).mul_(new Scalar(2)));
    return weights;
  }

  /** {@code G^-1 G'^-1} packed, {@code [count, l (l + 1) / 2, 1]}. */
  private Tensor prior() {
    Tensor root = precision.inverseFactor().narrow(0, from, count);
    Tensor full = root.bmm(root.transpose(1, 2));
    Tensor[] columns = new Tensor[(int) factors];
    for (int f = 0; f < columns.length; f++) {
      columns[f] = full.select(2, f).narrow(1, f, factors - f);
    }
    return torch.cat(new TensorVector(columns), 1).unsqueeze(2);
  }

  /** {@code log det L}, {@code [count]}. */
  private Tensor logDeterminants() {
    return precision
        .inverseFactor()
        .narrow(0, from, count)
        .diagonal(0, 1, 2)
        .log()
        .sum(1)
        .mul_(new Scalar(-2));
  }

  private long column(long f) {
    return f * factors - f * (f - 1) / 2;
  }

  private Tensor pivot(Tensor gram, long f) {
    return gram.select(1, column(f));
  }

  /**
   * Replaces the matrices by their Cholesky factors and the right sides by the solutions with
   * these, all rows and components at once: a library's loop over the small matrices would cost as
   * much again as a good part of the products.
   *
   * @param gram {@code [count, l (l + 1) / 2, n]}
   * @param right {@code [count, l, n]}
   */
  private void eliminate(Tensor gram, Tensor right) {
    // A matrix is at least G^-1 G'^-1, but rounding may have taken what is left of a pivot.
    double least = model.type() == ScalarType.Double ? 1e-15 : 1e-7;
    for (long f = 0; f < factors; f++) {
      try (NativeScope step = new NativeScope()) {
        Tensor pivot = pivot(gram, f).clamp_min_(new Scalar(least)).sqrt_();
        right.select(1, f).div_(pivot);
        long below = factors - f - 1;
        if (below == 0) {
          continue;
        }
        Tensor column = gram.narrow(1, column(f) + 1, below).div_(pivot.unsqueeze(1));
        right.narrow(1, f + 1, below).addcmul_(column, right.narrow(1, f, 1), new Scalar(-1));
        for (long later = f + 1; later < factors; later++) {
          gram.narrow(1, column(later), factors - later)
              .addcmul_(
                  column.narrow(1, later - f - 1, factors - later),
                  column.narrow(1, later - f - 1, 1),
                  new Scalar(-1));
        }
      }
    }
  }
}
