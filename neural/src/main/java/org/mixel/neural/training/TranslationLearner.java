package org.mixel.neural.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.mixel.mfa.Conditional;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.neural.model.Architecture;
import org.mixel.neural.model.Scaling;
import org.mixel.neural.model.TranslatedMixture;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.ParameterSource;
import org.mixel.neural.network.Parameters;
import org.mixel.neural.network.TranslationNetworks;
import org.mixel.neural.objective.TranslationLoss;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.SafeTensors;

/**
 * A U-Net that learns to turn a mixture's reconstruction of an image, by its most probable
 * component, back into the image (Richardson and Weiss 2018, section 5.1).
 */
final class TranslationLearner implements Learner {
  private final TranslatedMixture generator;
  private final Adversaries adversaries;
  private final Conditional reconstruction;
  private final Scaling scaling;
  private final TranslationLoss loss = TranslationLoss.defaults();

  private TranslationLearner(
      TranslatedMixture generator,
      Adversaries adversaries,
      Conditional reconstruction,
      Scaling scaling) {
    this.generator = generator;
    this.adversaries = adversaries;
    this.reconstruction = reconstruction;
    this.scaling = scaling;
  }

  /**
   * @param mixture that reconstructs; must stay open as long as the learner
   * @param critics where the critic's parameters come from
   * @param state of an interrupted training, empty at the start
   */
  static TranslationLearner of(
      Architecture architecture,
      TranslatedMixture generator,
      MixtureOfFactorAnalyzers mixture,
      ParameterSource critics,
      Scaling scaling,
      NetworkOptions options,
      SafeTensors state) {
    Parameters parameters = Parameters.from(critics);
    Network critic =
        TranslationNetworks.critic(
            parameters, Objects.requireNonNull(architecture.image()), architecture.width());
    double rate = options.learningRate();
    return new TranslationLearner(
        generator,
        Adversaries.of(architecture.kind(), generator, critic, parameters, rate, rate, state),
        Conditional.ofEverything(mixture),
        scaling);
  }

  @Override
  public Map<String, Double> step(RowFeed feed, RandomStream random) {
    try (NativeScope scope = new NativeScope()) {
      Tensor rows = feed.next();
      Tensor real = scaling.toNetwork(rows);
      Tensor given =
          generator.enlarge(scaling.toNetwork(reconstruction.mostProbable(generator.reduce(rows))));
      Tensor made = generator.network().forward(given, true);
      Tensor ofCritic = loss.ofCritic(adversaries.critic(), given, real, made.detach());
      adversaries.criticDescent().step(ofCritic);
      TranslationLoss.Parts ofGenerator = loss.ofGenerator(adversaries.critic(), given, real, made);
      adversaries.generatorDescent().step(ofGenerator.sum());
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("critic_loss", ofCritic.item().toDouble());
      figures.put("generator_loss", ofGenerator.adversarial().item().toDouble());
      figures.put("error", ofGenerator.error().item().toDouble());
      return figures;
    }
  }

  @Override
  public TranslatedMixture generator() {
    return generator;
  }

  @Override
  public Map<String, Tensor> state() {
    return adversaries.state();
  }

  @Override
  public void close() {
    reconstruction.close();
    adversaries.close();
  }
}
