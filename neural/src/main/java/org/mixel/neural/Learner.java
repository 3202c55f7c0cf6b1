package org.mixel.neural;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.neural.network.Custody;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.SafeTensors;

/** Networks that learn together, step by step: a generator and what it learns with. */
@FunctionalInterface
interface Learner {
  /**
   * A step.
   *
   * @param number of steps before it
   * @param rate factor of the learning rates
   */
  record Step(long number, double rate) {}

  /**
   * Takes a step.
   *
   * @param loader the rows to learn from
   * @param random everything that is drawn in this step
   * @return figures by name, always the same names in the same order; one that is not finite says
   *     that training has failed
   */
  Map<String, Double> step(Step step, DataLoader loader, RandomStream random);

  /**
   * The parts that a learner is built from. All of them stay their owners'.
   *
   * @param networks where the parameters of further networks come from, by the beginning of their
   *     names
   * @param stored the state of an interrupted training, empty at the start
   * @param state receives what the learner makes
   * @param mixture that training begins with, or null
   * @param rows the data
   */
  record Setup(
      Architecture architecture,
      Generator generator,
      Parameters.Source networks,
      SafeTensors stored,
      State state,
      Scaling scaling,
      NetworkOptions options,
      @Nullable MixtureOfFactorAnalyzers mixture,
      Samples rows,
      ComputeDevice device,
      Progress progress) {
    /** The parameters of a further network; the state owns and stores them under this beginning. */
    Parameters parameters(String beginning) {
      Parameters parameters = state.own(Parameters.from(networks.below(beginning)));
      state.keep(beginning, parameters::named);
      return parameters;
    }

    /**
     * The optimiser of some parameters; the state owns and stores it under this beginning.
     *
     * @throws org.mixel.InputException if the stored state does not fit the parameters
     */
    Descent descent(String beginning, List<Parameters> parameters, Descent.Rule rule, double rate) {
      Descent descent = state.own(Descent.of(parameters, rule, rate, stored.below(beginning)));
      state.keep(beginning, descent::state);
      return descent;
    }
  }

  /** The state that the next step depends on, besides the generator. Owns it. */
  final class State implements AutoCloseable {
    private final Custody parts = new Custody();
    private final Map<String, Supplier<Map<String, Tensor>>> kept = new LinkedHashMap<>();

    /** Closes a part with this. */
    <T extends AutoCloseable> T own(T part) {
      return parts.add(part);
    }

    /** Stores tensors in every checkpoint, under names that begin so. */
    void keep(String beginning, Supplier<Map<String, Tensor>> tensors) {
      kept.put(beginning, tensors);
    }

    /** All of it by name; the tensors stay this object's or belong to the current scope. */
    Map<String, Tensor> named() {
      Map<String, Tensor> all = new LinkedHashMap<>();
      kept.forEach(
          (beginning, tensors) ->
              tensors.get().forEach((name, tensor) -> all.put(beginning + name, tensor)));
      return all;
    }

    @Override
    public void close() {
      parts.close();
    }
  }
}
