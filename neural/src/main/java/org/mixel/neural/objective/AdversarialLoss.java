package org.mixel.neural.objective;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.RandomStream;

/** What a critic and a generator make small, against each other. */
public sealed interface AdversarialLoss
    permits NonSaturatingLoss, WassersteinLoss, GradientPenaltyLoss, EquilibriumLoss {
  /**
   * The critic's loss.
   *
   * @param real {@code [n, d]}
   * @param made as many rows of the generator, without their graph
   * @param random for what the loss draws
   * @return one number, differentiable in the critic's parameters
   */
  Tensor ofCritic(Network critic, Tensor real, Tensor made, RandomStream random);

  /**
   * The generator's loss.
   *
   * @param made {@code [n, d]}, with their graph
   * @return one number, differentiable in the generator's parameters
   */
  Tensor ofGenerator(Network critic, Tensor made);

  /** Keeps the critic within bounds after a step of its own; most losses need not. */
  default void constrain(Parameters critic) {}

  /**
   * Ends a step of both.
   *
   * @param generatorLoss as it was
   * @return further figures that tell how training goes, by name
   */
  default Map<String, Double> endStep(double generatorLoss) {
    return Map.of();
  }

  /** What the next step depends on, besides parameters. */
  default double[] state() {
    return new double[0];
  }

  /**
   * Goes on from a {@link #state}.
   *
   * @throws org.mixel.InputException if it is none
   */
  default void restore(double[] state) {}
}
