package org.mixel.neural;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.neural.network.ParameterSource;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.SafeTensors;

/**
 * Networks that learn together, step by step: a generator and what it learns with. Owns all of it
 * but the generator.
 */
interface Learner extends AutoCloseable {
  /**
   * The parts that a learner is built from. All of them stay their owners'.
   *
   * @param networks where the parameters of further networks come from, by the beginning of their
   *     names
   * @param state of an interrupted training, empty at the start
   * @param mixture that training begins with, or null
   * @param rows the data
   */
  record Setup(
      Architecture architecture,
      Generator generator,
      ParameterSource networks,
      SafeTensors state,
      Scaling scaling,
      NetworkOptions options,
      @Nullable MixtureOfFactorAnalyzers mixture,
      Samples rows,
      ComputeDevice device,
      Progress progress) {}

  /**
   * One step.
   *
   * @param rows the rows to learn from
   * @param random everything that is drawn in this step
   * @return figures by name, always the same names in the same order; one that is not finite says
   *     that training has failed
   */
  Map<String, Double> step(DataLoader rows, RandomStream random);

  /** The network that learns to draw rows. */
  Generator generator();

  /**
   * The state that the next step depends on, besides the generator; the tensors stay this object's
   * or belong to the current scope.
   */
  Map<String, Tensor> state();

  @Override
  void close();

  /** Puts tensors under names that begin so. */
  static void put(Map<String, Tensor> all, String beginning, Map<String, Tensor> some) {
    some.forEach((name, tensor) -> all.put(beginning + name, tensor));
  }
}
