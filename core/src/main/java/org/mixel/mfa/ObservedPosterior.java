package org.mixel.mfa;

import org.bytedeco.pytorch.Tensor;
import org.mixel.tensor.NativeScope;

/**
 * The posterior of some rows under one component given their observed values; float64 tensors of
 * the current scope.
 *
 * @param logJoint natural log of {@code pi_k p(x_o | k)}, {@code [n]} in nats
 * @param mean {@code E[z | x_o, k]}, {@code [n, l]}
 * @param root {@code R} with {@code Cov[z | x_o, k] = R' R}, {@code [n, l, l]}
 */
public record ObservedPosterior(Tensor logJoint, Tensor mean, Tensor root) {
  /** Covariances of {@code z}, {@code [n, l, l]}. */
  public Tensor covariance() {
    return NativeScope.compute(() -> root.transpose(1, 2).bmm(root));
  }
}
