package org.mixel.neural.objective;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.mixel.InputException;
import org.mixel.neural.network.Network;
import org.mixel.tensor.RandomStream;

/**
 * The Wasserstein loss of a critic that is kept smooth by a penalty on its gradient, which should
 * have length 1 everywhere between real and made rows (Gulrajani et al. 2017, algorithm 1).
 *
 * @param weight of the penalty
 */
public record GradientPenaltyLoss(double weight) implements AdversarialLoss {
  /**
   * @throws InputException if the weight is negative
   */
  public GradientPenaltyLoss {
    if (!(weight >= 0)) {
      throw new InputException(
          "the weight of the gradient penalty must not be negative: " + weight);
    }
  }

  /** The paper's 10. */
  public static GradientPenaltyLoss defaults() {
    return new GradientPenaltyLoss(10);
  }

  @Override
  public Tensor ofCritic(Network critic, Tensor real, Tensor made, RandomStream random) {
    Tensor share = random.uniform(real.device(), real.size(0), 1).to(real.scalar_type());
    Tensor between = made.add(real.sub(made).mul(share));
    Tensor distance = critic.forward(made, true).mean().sub(critic.forward(real, true).mean());
    return distance.add(penalty(critic, between), new Scalar(weight));
  }

  /**
   * The mean of {@code (|grad D(u)| - 1)^2}, differentiable in the critic's parameters by a second
   * derivative.
   *
   * @param rows {@code u}, {@code [n, d]}
   */
  static Tensor penalty(Network critic, Tensor rows) {
    Tensor points = rows.detach().requires_grad_(true);
    // Each row's value depends on that row alone: the gradient of the sum holds all gradients.
    Tensor sum = critic.forward(points, true).sum();
    Tensor slopes =
        torch
            .grad(
                new TensorVector(sum),
                new TensorVector(points),
                new TensorVector(),
                new BoolOptional(true),
                true,
                false)
            .get(0);
    Tensor lengths = slopes.norm(new ScalarOptional(new Scalar(2)), new long[] {1}, false);
    return lengths.sub(new Scalar(1)).square().mean();
  }

  @Override
  public Tensor ofGenerator(Network critic, Tensor made) {
    return critic.forward(made, true).mean().neg();
  }
}
