package org.mixel.neural.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.mixel.neural.model.Generator;
import org.mixel.neural.model.ModelKind;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.SafeTensors;

/**
 * A generator and its critic, each with its optimiser; all is closed with this.
 *
 * @param criticParameters of the critic
 */
record Adversaries(
    Generator generator,
    Network critic,
    Parameters criticParameters,
    Descent generatorDescent,
    Descent criticDescent)
    implements AutoCloseable {
  /**
   * With the optimisers of the kind's authors.
   *
   * @param generatorRate the generator's step size
   * @param criticRate the critic's
   * @param state of an interrupted training, empty at the start
   * @throws org.mixel.InputException if the state does not fit the parameters
   */
  static Adversaries of(
      ModelKind kind,
      Generator generator,
      Network critic,
      Parameters criticParameters,
      double generatorRate,
      double criticRate,
      SafeTensors state) {
    return new Adversaries(
        generator,
        critic,
        criticParameters,
        Descent.of(
            List.of(generator.parameters()),
            kind,
            generatorRate,
            state.below("generator_optimizer.")),
        Descent.of(List.of(criticParameters), kind, criticRate, state.below("critic_optimizer.")));
  }

  /** What the next step depends on, besides the generator, as {@link Learner#state} has it. */
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
    generator.close();
  }
}
