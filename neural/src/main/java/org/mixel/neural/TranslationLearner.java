package org.mixel.neural;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.mixel.mfa.Conditional;
import org.mixel.neural.network.Custody;
import org.mixel.neural.network.Losses;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;

/**
 * A network that learns to turn a mixture's reconstruction of an image, by its most probable
 * component, back into the image (Richardson and Weiss 2018, section 5.1).
 */
final class TranslationLearner implements Learner {
  private final TranslatedMixture generator;
  private final Adversaries adversaries;
  private final Conditional reconstruction;
  private final Scaling scaling;
  private final Losses.Translation loss;

  private TranslationLearner(
      TranslatedMixture generator,
      Adversaries adversaries,
      Conditional reconstruction,
      Scaling scaling,
      Losses.Translation loss) {
    this.generator = generator;
    this.adversaries = adversaries;
    this.reconstruction = reconstruction;
    this.scaling = scaling;
    this.loss = loss;
  }

  /**
   * @param setup its mixture reconstructs, and must stay open as long as the learner
   * @param critic builds the critic
   * @param rule the optimiser of both
   * @throws org.mixel.InputException if the stored state does not fit
   */
  static TranslationLearner of(
      Setup setup,
      Function<Parameters, ? extends Network> critic,
      Losses.Translation loss,
      Descent.Rule rule) {
    TranslatedMixture generator = (TranslatedMixture) setup.generator();
    try (Custody custody = new Custody()) {
      Adversaries adversaries = custody.add(Adversaries.of(setup, critic, rule, 1));
      Conditional reconstruction =
          custody.add(Conditional.ofEverything(requireNonNull(setup.mixture())));
      return custody.handOver(
          new TranslationLearner(generator, adversaries, reconstruction, setup.scaling(), loss));
    }
  }

  @Override
  public Map<String, Double> step(DataLoader loader, RandomStream random) {
    try (NativeScope scope = new NativeScope()) {
      Tensor rows = loader.next();
      Tensor real = scaling.toNetwork(rows);
      Tensor given =
          generator.enlarge(scaling.toNetwork(reconstruction.mostProbable(generator.reduce(rows))));
      Tensor made = generator.network().forward(given, true);
      Tensor ofCritic = loss.ofCritic(adversaries.critic(), given, real, made.detach());
      adversaries.criticDescent().step(ofCritic);
      Losses.Translation.Parts ofGenerator =
          loss.ofGenerator(adversaries.critic(), given, real, made);
      adversaries.generatorDescent().step(ofGenerator.sum());
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("critic_loss", ofCritic.item().toDouble());
      figures.put("generator_loss", ofGenerator.adversarial().item().toDouble());
      figures.put("error", ofGenerator.error().item().toDouble());
      return figures;
    }
  }

  @Override
  public Generator generator() {
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
