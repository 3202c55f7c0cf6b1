package org.mixel.neural.objective;

import org.bytedeco.pytorch.Tensor;

/** How badly made rows stand for the rows that they were encoded from, in nats. */
public sealed interface ReconstructionLoss permits BernoulliLoss, FeatureLoss {
  /**
   * The mean over rows.
   *
   * @param logits of the decoded pixels, {@code [n, d]}
   * @param rows the pixels, in [0, 1]
   * @return one number
   */
  Tensor of(Tensor logits, Tensor rows);
}
