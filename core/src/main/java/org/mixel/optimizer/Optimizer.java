package org.mixel.optimizer;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * A rule by which parameters move against their gradients, with what it remembers of earlier steps.
 * Owns native memory until {@link #close()}; not safe for use by several threads.
 */
public sealed interface Optimizer extends AutoCloseable permits Adam, RmsProp {
  /**
   * Moves the parameters, in place.
   *
   * @param parameters always the same number of tensors, of the same shapes
   * @param gradients of what is to become small, one for each
   * @param factor of the step size, for this step alone
   */
  void step(Tensor[] parameters, Tensor[] gradients, double factor);

  /** A step of the whole step size. */
  default void step(Tensor[] parameters, Tensor[] gradients) {
    step(parameters, gradients, 1);
  }

  /**
   * The state that the next step depends on besides the parameters; the tensors stay this object's
   * or belong to the current scope.
   */
  Map<String, Tensor> state();

  @Override
  void close();
}
