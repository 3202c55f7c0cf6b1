package org.mixel.neural;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.mixel.neural.network.Custody;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.SafeTensors;

/**
 * A critic of a generator, and the optimisers of both. Owns all but the generator.
 *
 * @param criticParameters of the critic
 */
record Adversaries(
    Network critic, Parameters criticParameters, Descent generatorDescent, Descent criticDescent)
    implements AutoCloseable {
  /**
   * @param critic builds the critic
   * @param generatorRate by how much the generator's rate is larger than the critic's
   * @throws org.mixel.InputException if the stored state does not fit the parameters
   */
  static Adversaries of(
      Learner.Setup setup,
      Function<Parameters, ? extends Network> critic,
      Descent.Rule rule,
      double generatorRate) {
    double rate = setup.options().learningRate();
    SafeTensors state = setup.state();
    try (Custody custody = new Custody()) {
      Parameters parameters = custody.add(Parameters.from(setup.networks().below("critic.")));
      Network network = critic.apply(parameters);
      Descent ofGenerator =
          custody.add(
              Descent.of(
                  List.of(setup.generator().parameters()),
                  rule,
                  rate * generatorRate,
                  state.below("generator_optimizer.")));
      Descent ofCritic =
          custody.add(
              Descent.of(List.of(parameters), rule, rate, state.below("critic_optimizer.")));
      return custody.handOver(new Adversaries(network, parameters, ofGenerator, ofCritic));
    }
  }

  /** The state that the next step depends on, as {@link Learner#state} has it. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    Learner.put(state, "critic.", criticParameters.named());
    Learner.put(state, "generator_optimizer.", generatorDescent.state());
    Learner.put(state, "critic_optimizer.", criticDescent.state());
    return state;
  }

  @Override
  public void close() {
    generatorDescent.close();
    criticDescent.close();
    criticParameters.close();
  }
}
