package org.mixel.neural;

import java.util.Map;
import java.util.TreeMap;
import org.mixel.neural.network.Losses;
import org.mixel.neural.network.Parameters;
import org.mixel.neural.network.WeightRule;

/**
 * Wasserstein GAN (Arjovsky, Chintala and Bottou 2017, algorithm 1 and their code): the networks of
 * {@link Dcgan}, a critic whose parameters are clipped to 0.01, normal noise, RMSProp.
 *
 * @param criticBursts whether the critic takes 100 steps in each of the generator's first 25 and in
 *     every 500th, as in that code, so that it is near its best when the generator asks it
 * @param freeScales whether weights alone are clipped, not biases nor the scales of normalised
 *     channels, which that code clips, too: the critic stays alive in long trainings
 */
public record Wgan(boolean criticBursts, boolean freeScales) implements Recipe {
  /** The same number of critic steps throughout, and all clipped. */
  public Wgan() {
    this(false, false);
  }

  @Override
  public String kind() {
    return "wgan";
  }

  @Override
  public Defaults defaults() {
    return new Defaults(64, 5e-5, 64, 100, 5);
  }

  @Override
  public int smallestSide() {
    return Dcgan.SMALLEST_SIDE;
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    if (criticBursts) {
      settings.put("critic_bursts", "true");
    }
    if (freeScales) {
      settings.put("free_scales", "true");
    }
    return settings;
  }

  @Override
  public long batches(NetworkOptions options) {
    return criticBursts
        ? AdversarialLearner.batchesWithBursts(options)
        : Recipe.super.batches(options);
  }

  @Override
  public Generator generator(Architecture architecture, Parameters.Source source) {
    return LatentGenerator.of(
        architecture,
        source,
        LatentGenerator.Noise.NORMAL,
        parameters -> Dcgan.generator(parameters, architecture, WeightRule.SMALL_NORMAL));
  }

  @Override
  public Learner learner(Learner.Setup setup) {
    return new AdversarialLearner(
        setup,
        parameters -> Dcgan.critic(parameters, setup.architecture(), true),
        Losses.Wasserstein.defaults().withFreeScales(freeScales),
        Descent.Rule.rmsProp(),
        1,
        criticBursts);
  }
}
