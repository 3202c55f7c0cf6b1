package org.mixel.neural;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.mixel.neural.network.Custody;
import org.mixel.neural.network.Losses;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/** A generator against a critic: some steps of the critic, then one of the generator. */
final class AdversarialLearner implements Learner {
  private final Generator generator;
  private final Adversaries adversaries;
  private final Losses.Adversarial loss;
  private final Scaling scaling;
  private final int batch;
  private final int criticSteps;

  private AdversarialLearner(Setup setup, Adversaries adversaries, Losses.Adversarial loss) {
    this.generator = setup.generator();
    this.adversaries = adversaries;
    this.loss = loss;
    this.scaling = setup.scaling();
    this.batch = setup.options().batch();
    this.criticSteps = Math.max(1, setup.options().criticSteps());
  }

  /**
   * @param critic builds the critic
   * @param loss of both; restored from the state of an interrupted training
   * @param rule the optimiser of both
   * @throws org.mixel.InputException if the stored state does not fit
   */
  static AdversarialLearner of(
      Setup setup,
      Function<Parameters, ? extends Network> critic,
      Losses.Adversarial loss,
      Descent.Rule rule) {
    return of(setup, critic, loss, rule, 1);
  }

  /** The same with a rate of the generator that is larger than the critic's by a factor. */
  static AdversarialLearner of(
      Setup setup,
      Function<Parameters, ? extends Network> critic,
      Losses.Adversarial loss,
      Descent.Rule rule,
      double generatorRate) {
    try (Custody custody = new Custody()) {
      Adversaries adversaries = custody.add(Adversaries.of(setup, critic, rule, generatorRate));
      if (!setup.state().tensors().isEmpty() && loss.state().length > 0) {
        loss.restore(Tensors.doubles(setup.state().get("loss", -1)));
      }
      return custody.handOver(new AdversarialLearner(setup, adversaries, loss));
    }
  }

  @Override
  public Map<String, Double> step(DataLoader rows, RandomStream random) {
    double criticLoss = 0;
    for (int i = 0; i < criticSteps; i++) {
      criticLoss += stepCritic(rows, random) / criticSteps;
    }
    double generatorLoss = stepGenerator(random);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("critic_loss", criticLoss);
    figures.put("generator_loss", generatorLoss);
    figures.putAll(loss.endStep(generatorLoss));
    return figures;
  }

  private double stepCritic(DataLoader rows, RandomStream random) {
    try (NativeScope scope = new NativeScope()) {
      Tensor real = scaling.toNetwork(rows.next());
      Tensor value = loss.ofCritic(adversaries.critic(), real, drawn(random), random);
      adversaries.criticDescent().step(value);
      loss.constrain(adversaries.criticParameters());
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
      Tensor made = generator.draw(random, batch, true);
      Tensor value = loss.ofGenerator(adversaries.critic(), made);
      adversaries.generatorDescent().step(value);
      return value.item().toDouble();
    }
  }

  @Override
  public Generator generator() {
    return generator;
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = adversaries.state();
    double[] remembered = loss.state();
    if (remembered.length > 0) {
      state.put("loss", Tensors.of(remembered, remembered.length));
    }
    return state;
  }

  @Override
  public void close() {
    adversaries.close();
  }
}
