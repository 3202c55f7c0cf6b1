package org.mixel.neural.objective;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The negative evidence lower bound of a variational auto-encoder (Kingma and Welling 2014,
 * equation 10): reconstruction plus the divergence of the posterior {@code N(m, v)} from the prior
 * {@code N(0, I)}, {@code sum (m^2 + v - log v - 1) / 2}.
 */
public final class VariationalLoss {
  private VariationalLoss() {}

  /**
   * The posterior's divergence from the prior, averaged over rows, in nats.
   *
   * @param mean {@code [n, latent]}
   * @param logVariance {@code [n, latent]}
   */
  public static Tensor divergence(Tensor mean, Tensor logVariance) {
    return mean.square()
        .add(logVariance.exp())
        .sub(logVariance)
        .sub(new Scalar(1))
        .sum(1)
        .mean()
        .mul(new Scalar(0.5));
  }

  /**
   * Latent rows of the posterior, differentiable in its parameters.
   *
   * @param noise standard normal, {@code [n, latent]}
   */
  public static Tensor draw(Tensor mean, Tensor logVariance, Tensor noise) {
    return mean.add(logVariance.mul(new Scalar(0.5)).exp().mul(noise));
  }
}
