package org.mixel.mfa;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.NativeScope;

/**
 * One component in float64, for rows with missing values ({@link ObservedDensity} has the
 * equations). Belongs to the scope in which it was made.
 */
final class ObservedComponent {
  private final long factors;
  private final Tensor mu;
  private final Tensor psi;
  private final Tensor loadings;
  private final Tensor inverse;
  private final Tensor whitened;
  private final Tensor outer;
  private final Tensor prior;
  private final double constant;

  ObservedComponent(Density density, int component) {
    MixtureOfFactorAnalyzers model = density.model();
    factors = model.factors();
    mu = model.means().select(0, component).to(ScalarType.Double);
    psi = model.noiseVariance().select(0, component).to(ScalarType.Double);
    loadings = model.loadings().select(0, component).to(ScalarType.Double);
    inverse = density.precision().inverseFactor().select(0, component);
    whitened = inverse.mm(loadings.div(psi));
    outer =
        whitened
            .unsqueeze(0)
            .mul(whitened.mul(psi).unsqueeze(1))
            .view(factors * factors, model.dims());
    prior = inverse.mm(inverse.t());
    constant =
        model.logWeights().select(0, component).item().toDouble()
            + inverse.diagonal().log().sum().item().toDouble();
  }

  /**
   * @param rows {@code [n, d]}, NaN where missing, unchanged; takes some 50 bytes per value
   */
  ObservedPosterior posterior(Tensor rows) {
    try (NativeScope scope = new NativeScope()) {
      long count = rows.size(0);
      Tensor hidden = rows.isnan();
      Tensor x = rows.to(ScalarType.Double).sub(mu).masked_fill_(hidden, new Scalar(0));
      Tensor mask = hidden.logical_not_().to(ScalarType.Double);
      Tensor gram = mask.mm(outer.t()).view(count, factors, factors).add_(prior);
      Tensor cholesky = torch.linalg_cholesky(gram);
      Tensor right = torch.empty(new long[] {count, factors, factors + 1}, x.options(), null);
      right.narrow(2, 0, factors).copy_(inverse);
      right.select(2, factors).copy_(x.mm(whitened.t()));
      Tensor solved = torch.linalg_solve_triangular(cholesky, right, false);
      Tensor root = solved.narrow(2, 0, factors);
      Tensor mean = root.transpose(1, 2).bmm(solved.narrow(2, factors, 1)).squeeze(2);
      Tensor distance = x.sub_(mean.mm(loadings)).square_().mul_(mask).mv(psi.reciprocal());
      Tensor logJoint =
          distance
              .add_(mean.square().sum(1))
              .add_(mask.mv(psi.mul(new Scalar(2 * Math.PI)).log_()))
              .add_(cholesky.diagonal(0, 1, 2).log().sum(1), new Scalar(2))
              .mul_(new Scalar(-0.5))
              .add_(new Scalar(constant));
      return new ObservedPosterior(scope.keep(logJoint), scope.keep(mean), scope.keep(root));
    }
  }
}
