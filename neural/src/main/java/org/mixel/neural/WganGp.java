package org.mixel.neural;

import org.mixel.neural.network.Losses;
import org.mixel.neural.network.Parameters;
import org.mixel.neural.network.WeightRule;

/**
 * Wasserstein GAN with gradient penalty (Gulrajani et al. 2017, algorithm 1 and their code): the
 * networks of {@link Dcgan} without batch normalisation in the critic, a penalty of weight 10 on
 * the critic's gradient, normal noise.
 */
public record WganGp() implements Recipe {
  @Override
  public String kind() {
    return "wgan-gp";
  }

  @Override
  public Defaults defaults() {
    return new Defaults(64, 1e-4, 64, 128, 5);
  }

  @Override
  public int smallestSide() {
    return Dcgan.SMALLEST_SIDE;
  }

  @Override
  public Generator generator(Architecture architecture, Parameters.Source source) {
    return LatentGenerator.of(
        architecture,
        source,
        LatentGenerator.Noise.NORMAL,
        parameters -> Dcgan.generator(parameters, architecture, WeightRule.HE));
  }

  @Override
  public Learner learner(Learner.Setup setup) {
    return new AdversarialLearner(
        setup,
        parameters -> Dcgan.critic(parameters, setup.architecture(), false),
        Losses.GradientPenalty.defaults(),
        Descent.Rule.adam(0, 0.9));
  }
}
