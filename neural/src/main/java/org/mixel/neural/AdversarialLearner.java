package org.mixel.neural;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.mixel.neural.network.Losses;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/** A generator against a critic: some steps of the critic, then one of the generator. */
final class AdversarialLearner implements Learner {
  private final Generator generator;
  private final Parameters criticParameters;
  private final Network critic;
  private final Descent generatorDescent;
  private final Descent criticDescent;
  private final Losses.Adversarial loss;
  private final Scaling scaling;
  private final int batch;
  private final int criticSteps;

  /**
   * @param critic builds the critic
   * @param loss of both; restored from the state of an interrupted training
   * @param rule the optimiser of both
   * @throws org.mixel.InputException if the stored state does not fit
   */
  AdversarialLearner(
      Setup setup,
      Function<Parameters, Network> critic,
      Losses.Adversarial loss,
      Descent.Rule rule) {
    this(setup, critic, loss, rule, 1);
  }

  /** The same with a rate of the generator that is larger than the critic's by a factor. */
  AdversarialLearner(
      Setup setup,
      Function<Parameters, Network> critic,
      Losses.Adversarial loss,
      Descent.Rule rule,
      double factor) {
    double rate = setup.options().learningRate();
    generator = setup.generator();
    criticParameters = setup.parameters("critic.");
    this.critic = critic.apply(criticParameters);
    generatorDescent =
        setup.descent("generator_optimizer.", List.of(generator.parameters()), rule, rate * factor);
    criticDescent = setup.descent("critic_optimizer.", List.of(criticParameters), rule, rate);
    this.loss = loss;
    if (loss.state().length > 0) {
      if (!setup.stored().tensors().isEmpty()) {
        loss.restore(Tensors.doubles(setup.stored().get("loss", -1)));
      }
      setup.state().keep("", () -> Map.of("loss", Tensors.of(loss.state(), loss.state().length)));
    }
    scaling = setup.scaling();
    batch = setup.options().batch();
    criticSteps = Math.max(1, setup.options().criticSteps());
  }

  @Override
  public Map<String, Double> step(DataLoader loader, RandomStream random) {
    double criticLoss = 0;
    for (int i = 0; i < criticSteps; i++) {
      criticLoss += stepCritic(loader, random) / criticSteps;
    }
    double generatorLoss = stepGenerator(random);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("critic_loss", criticLoss);
    figures.put("generator_loss", generatorLoss);
    figures.putAll(loss.endStep(generatorLoss));
    return figures;
  }

  private double stepCritic(DataLoader loader, RandomStream random) {
    try (NativeScope scope = new NativeScope()) {
      Tensor real = scaling.toNetwork(loader.next());
      Tensor value = loss.ofCritic(critic, real, drawn(random), random);
      criticDescent.step(value);
      loss.constrain(criticParameters);
      return value.item().toDouble();
    }
  }

  private Tensor drawn(RandomStream random) {
    try (NoGradGuard constant = new NoGradGuard()) {
      return generator.draw(random, batch, true);
    }
  }

  private double stepGenerator(RandomStream random) {
    try (NativeScope scope = new NativeScope()) {
      Tensor value = loss.ofGenerator(critic, generator.draw(random, batch, true));
      generatorDescent.step(value);
      return value.item().toDouble();
    }
  }
}
