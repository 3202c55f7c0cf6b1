package org.mixel.neural;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
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
  private static final int FIRST_BURSTS = 25;
  private static final int BURST_EVERY = 500;
  private static final int BURST = 100;

  private final Generator generator;
  private final Parameters criticParameters;
  private final Network critic;
  private final Descent generatorDescent;
  private final Descent criticDescent;
  private final Losses.Adversarial loss;
  private final Scaling scaling;
  private final int batch;
  private final int criticSteps;
  private final boolean bursts;

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
    this(setup, critic, loss, rule, 1, false);
  }

  /**
   * The same with the critic ahead or behind.
   *
   * @param factor by which the generator's rate is larger than the critic's
   * @param bursts whether the critic takes 100 steps in each of the first 25 and in every 500th
   */
  AdversarialLearner(
      Setup setup,
      Function<Parameters, Network> critic,
      Losses.Adversarial loss,
      Descent.Rule rule,
      double factor,
      boolean bursts) {
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
    this.bursts = bursts;
  }

  private static boolean isBurst(long step) {
    return step < FIRST_BURSTS || step % BURST_EVERY == 0;
  }

  /** Batches that the critic takes in a whole training with bursts. */
  static long batchesWithBursts(NetworkOptions options) {
    long bursts = LongStream.range(0, options.steps()).filter(AdversarialLearner::isBurst).count();
    return bursts * BURST + (options.steps() - bursts) * options.criticSteps();
  }

  @Override
  public Map<String, Double> step(Step step, DataLoader loader, RandomStream random) {
    double rate = step.rate() * loss.rate();
    int count = bursts && isBurst(step.number()) ? BURST : criticSteps;
    double criticLoss = 0;
    for (int i = 0; i < count; i++) {
      criticLoss += stepCritic(loader, random, rate) / count;
    }
    double generatorLoss = stepGenerator(random, rate);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("critic_loss", criticLoss);
    figures.put("generator_loss", generatorLoss);
    figures.putAll(loss.endStep(generatorLoss));
    return figures;
  }

  private double stepCritic(DataLoader loader, RandomStream random, double rate) {
    try (NativeScope scope = new NativeScope()) {
      Tensor real = scaling.toNetwork(loader.next());
      Tensor value = loss.ofCritic(critic, real, drawn(random), random);
      criticDescent.step(value, rate);
      loss.constrain(criticParameters);
      return value.item().toDouble();
    }
  }

  private Tensor drawn(RandomStream random) {
    try (NoGradGuard constant = new NoGradGuard()) {
      return generator.draw(random, batch, true);
    }
  }

  private double stepGenerator(RandomStream random, double rate) {
    try (NativeScope scope = new NativeScope()) {
      Generator.Draw draw = generator.drawToTrain(random, batch);
      Tensor value = loss.ofGenerator(critic, draw.rows());
      Tensor chosen = draw.logProbability();
      generatorDescent.step(
          chosen == null ? value : value.add(Losses.ofChoices(critic, draw.rows(), chosen)), rate);
      return value.item().toDouble();
    }
  }
}
