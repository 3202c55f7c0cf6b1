package org.mixel.neural.training;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.mixel.neural.model.Generator;
import org.mixel.tensor.RandomStream;

/** Networks that learn together, step by step. Owns what it learns with, the generator included. */
interface Learner extends AutoCloseable {
  /**
   * One step.
   *
   * @param feed the rows to learn from
   * @param random everything that is drawn in this step
   * @return figures by name, always the same names in the same order; one that is not finite says
   *     that training has failed
   */
  Map<String, Double> step(RowFeed feed, RandomStream random);

  /** What is learnt. */
  Generator generator();

  /**
   * What the next step depends on, besides the generator; the tensors stay this object's or belong
   * to the current scope.
   */
  Map<String, Tensor> state();

  @Override
  void close();

  /** Puts tensors under names that begin so. */
  static void put(Map<String, Tensor> all, String beginning, Map<String, Tensor> some) {
    some.forEach((name, tensor) -> all.put(beginning + name, tensor));
  }
}
