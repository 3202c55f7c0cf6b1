package org.mixel.mfa.training;

import static org.mixel.InputException.require;

/**
 * When a training ends.
 *
 * @param iterations at most so many, each a pass over the training rows
 * @param tolerance training stops when an iteration raises the training objective by less than this
 *     many nats per row, and does not lower it; 0 never stops it
 * @param patience with validation rows, training stops when this many iterations in a row did not
 *     raise their log-likelihood
 */
public record Stopping(int iterations, double tolerance, int patience) {
  /**
   * @throws org.mixel.InputException if a number is out of its range
   */
  public Stopping {
    require(iterations >= 1, "iterations must be at least 1, got " + iterations);
    require(tolerance >= 0, "tolerance must be at least 0, got " + tolerance);
    require(patience >= 1, "patience must be at least 1, got " + patience);
  }

  /** At most 30 iterations, a tolerance of 0.01 nats, a patience of 3: for pixels in [0, 1]. */
  public static Stopping defaults() {
    return new Stopping(30, 1e-2, 3);
  }

  /** The same with another limit on the iterations. */
  public Stopping withIterations(int most) {
    return new Stopping(most, tolerance, patience);
  }

  /** The same with another tolerance in nats per row. */
  public Stopping withTolerance(double nats) {
    return new Stopping(iterations, nats, patience);
  }

  /** The same with another patience. */
  public Stopping withPatience(int count) {
    return new Stopping(iterations, tolerance, count);
  }
}
