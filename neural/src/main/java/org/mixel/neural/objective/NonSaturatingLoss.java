package org.mixel.neural.objective;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.mixel.neural.network.Network;
import org.mixel.tensor.RandomStream;

/**
 * The critic tells real rows from made ones by a probability; the generator raises that of its own
 * (Goodfellow et al. 2014, section 3: gradients do not vanish where the critic is sure).
 */
public record NonSaturatingLoss() implements AdversarialLoss {
  @Override
  public Tensor ofCritic(Network critic, Tensor real, Tensor made, RandomStream random) {
    return forReal(critic.forward(real, true)).add(forMade(critic.forward(made, true)));
  }

  @Override
  public Tensor ofGenerator(Network critic, Tensor made) {
    return forReal(critic.forward(made, true));
  }

  /** The mean of {@code -log s(logit)}, without overflow. */
  static Tensor forReal(Tensor logits) {
    return torch.softplus(logits.neg()).mean();
  }

  /** The mean of {@code -log(1 - s(logit))}. */
  static Tensor forMade(Tensor logits) {
    return torch.softplus(logits).mean();
  }
}
