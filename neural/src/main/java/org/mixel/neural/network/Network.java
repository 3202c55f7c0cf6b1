package org.mixel.neural.network;

import org.bytedeco.pytorch.Tensor;

/** A differentiable function of rows. */
@FunctionalInterface
public interface Network {
  /**
   * Evaluates it.
   *
   * @param rows {@code [n, in]}
   * @param training whether batches are normalised by their own statistics, which then also move
   *     the running averages
   * @return {@code [n, out]}, owned by the current scope
   */
  Tensor forward(Tensor rows, boolean training);
}
