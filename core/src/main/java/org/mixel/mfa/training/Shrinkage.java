package org.mixel.mfa.training;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.mixel.tensor.NativeScope;

/**
 * Covariances between what was learned and their own diagonals (after Ledoit and Wolf, <i>A
 * well-conditioned estimator for large-dimensional covariance matrices</i>, 2004, with the diagonal
 * for a target):
 *
 * <pre>
 *   Sigma_k = (1 - rho_k) A_k A_k' + diag(psi_k + rho_k diag(A_k A_k')),   rho_k = nu / (n_k + nu)
 * </pre>
 *
 * where {@code n_k} are the rows of component {@code k}. The variances of values stay, their
 * correlations are as if {@code nu} more rows had none: many factors of few rows are mostly chance.
 * The result is a factor analyzer as before. Only vectors are shrunk, as far as {@link Trials} find
 * it good; images are not, for their samples suffer.
 */
final class Shrinkage {
  private Shrinkage() {}

  /**
   * Shrinks in place.
   *
   * @param loadings {@code [K, l, d]}
   * @param noise variances, {@code [K, d]}
   * @param owned {@code n_k}, {@code [K]}, float64
   * @param rows {@code nu}
   */
  static void apply(Tensor loadings, Tensor noise, Tensor owned, double rows) {
    try (NativeScope scope = new NativeScope()) {
      Tensor part = owned.add(new Scalar(rows)).reciprocal().mul_(new Scalar(rows));
      Tensor rho = part.to(noise.scalar_type()).unsqueeze(1);
      noise.addcmul_(loadings.square().sum(1), rho);
      loadings.mul_(rho.neg().add_(new Scalar(1)).sqrt_().unsqueeze(2));
    }
  }
}
