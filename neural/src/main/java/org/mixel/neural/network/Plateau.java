package org.mixel.neural.network;

import static org.mixel.InputException.require;

/**
 * A factor of a learning rate that is halved whenever a figure, averaged over some steps, is no
 * lower than the lowest such average before. Not safe for use by several threads.
 */
final class Plateau {
  private final int steps;
  private double rate = 1;
  private double lowest = Double.POSITIVE_INFINITY;
  private double sum;
  private int count;

  /**
   * @param steps that an average is taken over; 0 never halves the factor
   */
  Plateau(int steps) {
    this.steps = steps;
  }

  /** Takes the figure of a step. */
  void add(double figure) {
    if (steps == 0) {
      return;
    }
    sum += figure;
    count++;
    if (count == steps) {
      double mean = sum / steps;
      if (mean >= lowest) {
        rate /= 2;
      }
      lowest = Math.min(lowest, mean);
      sum = 0;
      count = 0;
    }
  }

  double rate() {
    return rate;
  }

  /** What the next figure meets; nothing if the factor never changes. */
  double[] state() {
    return steps == 0 ? new double[0] : new double[] {rate, lowest, sum, count};
  }

  /**
   * Goes on from a {@link #state}.
   *
   * @throws org.mixel.InputException if it is none
   */
  void restore(double[] state) {
    require(state.length == state().length, "the state of the learning rate's plateau is damaged");
    if (steps > 0) {
      rate = state[0];
      lowest = state[1];
      sum = state[2];
      count = (int) state[3];
    }
  }
}
