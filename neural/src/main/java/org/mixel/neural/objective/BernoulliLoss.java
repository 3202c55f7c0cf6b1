package org.mixel.neural.objective;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The negative log-likelihood of pixels in [0, 1] as probabilities of independent bits (Kingma and
 * Welling 2014, appendix C.1): the sum over pixels of {@code log(1 + e^a) - x a} at logit {@code
 * a}.
 */
public record BernoulliLoss() implements ReconstructionLoss {
  @Override
  public Tensor of(Tensor logits, Tensor rows) {
    return torch.softplus(logits).sub(rows.mul(logits)).sum(1).mean();
  }
}
