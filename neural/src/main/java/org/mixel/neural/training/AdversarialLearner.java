package org.mixel.neural.training;

import java.util.LinkedHashMap;
import java.util.List;
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
  private final Generator generator;
  private final Network critic;
  private final AdversarialLoss loss;
  private final Scaling scaling;
  private final int batch;
  private final int criticSteps;
  private final Descent generatorDescent;
  private final Parameters criticParameters;
  private final Descent criticDescent;

  private AdversarialLearner(
      Generator generator,
      Network critic,
      AdversarialLoss loss,
      Scaling scaling,
      NetworkOptions options,
      Descent generatorDescent,
      Parameters criticParameters,
      Descent criticDescent) {
    this.generator = generator;
    this.critic = critic;
    this.loss = loss;
    this.scaling = scaling;
    this.batch = options.batch();
    this.criticSteps = Math.max(1, options.criticSteps());
    this.generatorDescent = generatorDescent;
    this.criticParameters = criticParameters;
    this.criticDescent = criticDescent;
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
    return new AdversarialLearner(
        generator,
        critic,
        loss,
        scaling,
        options,
        Descent.of(
            List.of(generator.parameters()),
            kind,
            options.learningRate() * haste(generator, options.batch()),
            state.below("generator_optimizer.")),
        parameters,
        Descent.of(
            List.of(parameters), kind, options.learningRate(), state.below("critic_optimizer.")));
  }

  /**
   * By how much a generator's rate is larger than the critic's. A mixture's component moves only in
   * the steps in which it is drawn, one of {@code K / batch}, and must keep up all the same.
   */
  private static double haste(Generator generator, int batch) {
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

  @Override
  public Generator generator() {
    return generator;
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    Learner.put(state, "critic.", criticParameters.named());
    Learner.put(state, "generator_optimizer.", generatorDescent.state());
    Learner.put(state, "critic_optimizer.", criticDescent.state());
    double[] remembered = loss.state();
    if (remembered.length > 0) {
      state.put("loss", Tensors.of(remembered, remembered.length));
    }
    return state;
  }

  @Override
  public void close() {
    generatorDescent.close();
    criticDescent.close();
    criticParameters.close();
    generator.close();
  }
}
