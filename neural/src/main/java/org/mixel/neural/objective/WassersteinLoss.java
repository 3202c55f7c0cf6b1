package org.mixel.neural.objective;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.mixel.InputException;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;

/**
 * The critic estimates how far apart the two distributions are, up to a factor, as long as it is
 * smooth: its weights are clipped (Arjovsky, Chintala and Bottou 2017, algorithm 1).
 *
 * @param clip no weight of the critic is larger
 */
public record WassersteinLoss(double clip) implements AdversarialLoss {
  /**
   * @throws InputException if the clip is not positive
   */
  public WassersteinLoss {
    if (!(clip > 0)) {
      throw new InputException("clip must be positive, got " + clip);
    }
  }

  /** The paper's 0.01. */
  public static WassersteinLoss defaults() {
    return new WassersteinLoss(0.01);
  }

  @Override
  public Tensor ofCritic(Network critic, Tensor real, Tensor made, RandomStream random) {
    return critic.forward(made, true).mean().sub(critic.forward(real, true).mean());
  }

  @Override
  public Tensor ofGenerator(Network critic, Tensor made) {
    return critic.forward(made, true).mean().neg();
  }

  @Override
  public void constrain(Parameters critic) {
    try (NativeScope scope = new NativeScope()) {
      ScalarOptional least = new ScalarOptional(new Scalar(-clip));
      ScalarOptional most = new ScalarOptional(new Scalar(clip));
      for (Tensor value : critic.values()) {
        value.clamp_(least, most);
      }
    }
  }
}
