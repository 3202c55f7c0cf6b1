package org.mixel.neural.training;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.mixel.data.ImageShape;
import org.mixel.neural.model.Architecture;
import org.mixel.neural.model.Generator;
import org.mixel.neural.model.MixtureGenerator;
import org.mixel.neural.model.ModelKind;
import org.mixel.neural.model.Scaling;
import org.mixel.neural.network.ConvolutionalNetworks;
import org.mixel.neural.network.DenseNetworks;
import org.mixel.neural.network.EquilibriumNetworks;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.ParameterSource;
import org.mixel.neural.network.Parameters;
import org.mixel.neural.objective.AdversarialLoss;
import org.mixel.neural.objective.EquilibriumLoss;
import org.mixel.neural.objective.GradientPenaltyLoss;
import org.mixel.neural.objective.NonSaturatingLoss;
import org.mixel.neural.objective.WassersteinLoss;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/** A generator against a critic: some steps of the critic, then one of the generator. */
final class AdversarialLearner implements Learner {
  private final Adversaries adversaries;
  private final AdversarialLoss loss;
  private final Scaling scaling;
  private final int batch;
  private final int criticSteps;

  private AdversarialLearner(
      Adversaries adversaries, AdversarialLoss loss, Scaling scaling, NetworkOptions options) {
    this.adversaries = adversaries;
    this.loss = loss;
    this.scaling = scaling;
    this.batch = options.batch();
    this.criticSteps = Math.max(1, options.criticSteps());
  }

  /**
   * @param critics where the critic's parameters come from
   * @param state of an interrupted training, empty at the start
   */
  static AdversarialLearner of(
      Architecture architecture,
      Generator generator,
      ParameterSource critics,
      Scaling scaling,
      NetworkOptions options,
      SafeTensors state) {
    ModelKind kind = architecture.kind();
    Parameters parameters = Parameters.from(critics);
    Network critic = critic(architecture, parameters);
    AdversarialLoss loss =
        switch (kind) {
          case DCGAN -> new NonSaturatingLoss();
          case WGAN -> WassersteinLoss.defaults();
          case WGAN_GP, ADVERSARIAL_MFA -> GradientPenaltyLoss.defaults();
          case BEGAN -> new EquilibriumLoss(options.gamma());
          default -> throw new IllegalArgumentException(kind + " has no adversary");
        };
    if (!state.tensors().isEmpty() && loss.state().length > 0) {
      loss.restore(Tensors.doubles(state.get("loss", -1)));
    }
    double rate = options.learningRate();
    return new AdversarialLearner(
        Adversaries.of(
            kind,
            generator,
            critic,
            parameters,
            rate * rateMultiplier(generator, options.batch()),
            rate,
            state),
        loss,
        scaling,
        options);
  }

  /**
   * By how much a generator's rate is larger than the critic's. A mixture's component moves only in
   * the steps in which it is drawn, one of {@code K / batch}, and must keep up all the same.
   */
  private static double rateMultiplier(Generator generator, int batch) {
    return generator instanceof MixtureGenerator mixture
        ? Math.max(1, (double) mixture.components() / batch)
        : 1;
  }

  private static Network critic(Architecture architecture, Parameters parameters) {
    ImageShape image = architecture.image();
    int width = architecture.width();
    int dims = architecture.dims();
    boolean equilibrium = architecture.kind() == ModelKind.BEGAN;
    if (image == null) {
      return equilibrium
          ? DenseNetworks.autoEncoder(parameters, "critic", dims, width, architecture.latent())
          : DenseNetworks.of(parameters, "critic", dims, width, 1);
    }
    if (equilibrium) {
      return EquilibriumNetworks.autoEncoder(parameters, image, architecture.latent(), width);
    }
    boolean penalised =
        architecture.kind() == ModelKind.WGAN_GP
            || architecture.kind() == ModelKind.ADVERSARIAL_MFA;
    return ConvolutionalNetworks.critic(parameters, image, width, !penalised);
  }

  @Override
  public Map<String, Double> step(RowFeed feed, RandomStream random) {
    double criticLoss = 0;
    for (int i = 0; i < criticSteps; i++) {
      criticLoss += stepCritic(feed, random) / criticSteps;
    }
    double generatorLoss = stepGenerator(random);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("critic_loss", criticLoss);
    figures.put("generator_loss", generatorLoss);
    figures.putAll(loss.endStep(generatorLoss));
    return figures;
  }

  private double stepCritic(RowFeed feed, RandomStream random) {
    try (NativeScope scope = new NativeScope()) {
      Tensor real = scaling.toNetwork(feed.next());
      Tensor value = loss.ofCritic(adversaries.critic(), real, drawn(random), random);
      adversaries.criticDescent().step(value);
      loss.constrain(adversaries.criticParameters());
      return value.item().toDouble();
    }
  }

  private Tensor drawn(RandomStream random) {
    try (NoGradGuard constant = new NoGradGuard()) {
      return adversaries.generator().draw(random, batch, true);
    }
  }

  private double stepGenerator(RandomStream random) {
    try (NativeScope scope = new NativeScope()) {
      Tensor made = adversaries.generator().draw(random, batch, true);
      Tensor value = loss.ofGenerator(adversaries.critic(), made);
      adversaries.generatorDescent().step(value);
      return value.item().toDouble();
    }
  }

  @Override
  public Generator generator() {
    return adversaries.generator();
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
