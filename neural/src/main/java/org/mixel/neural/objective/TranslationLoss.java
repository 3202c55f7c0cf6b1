package org.mixel.neural.objective;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.mixel.InputException;
import org.mixel.neural.network.Network;

/**
 * The objective of pix2pix (Isola et al. 2017, equations 1 to 4): the critic tells pairs of a given
 * and a real row from pairs of a given and a made one, patch by patch; the generator deceives it
 * and stays near the real row. As the paper does, the critic's loss is halved.
 *
 * @param nearness weight of the mean absolute error
 */
public record TranslationLoss(double nearness) {
  /**
   * @throws InputException if the weight is negative
   */
  public TranslationLoss {
    if (!(nearness >= 0)) {
      throw new InputException("the weight of the L1 error must not be negative: " + nearness);
    }
  }

  /** The paper's 100. */
  public static TranslationLoss defaults() {
    return new TranslationLoss(100);
  }

  /**
   * The critic's loss.
   *
   * @param given {@code [n, d]}
   * @param real {@code [n, d]}
   * @param made {@code [n, d]}, without their graph
   */
  public Tensor ofCritic(Network critic, Tensor given, Tensor real, Tensor made) {
    Tensor ofReal = NonSaturatingLoss.forReal(critic.forward(pair(given, real), true));
    Tensor ofMade = NonSaturatingLoss.forMade(critic.forward(pair(given, made), true));
    return ofReal.add(ofMade).mul(new Scalar(0.5));
  }

  /** What the generator makes small; the parts are told apart for the log. */
  public record Parts(Tensor adversarial, Tensor error, Tensor sum) {}

  /**
   * The generator's loss.
   *
   * @param made {@code [n, d]}, with their graph
   */
  public Parts ofGenerator(Network critic, Tensor given, Tensor real, Tensor made) {
    Tensor adversarial = NonSaturatingLoss.forReal(critic.forward(pair(given, made), true));
    Tensor error = made.sub(real).abs().mean();
    return new Parts(adversarial, error, adversarial.add(error, new Scalar(nearness)));
  }

  private static Tensor pair(Tensor given, Tensor other) {
    return torch.cat(new TensorVector(given, other), 1);
  }
}
