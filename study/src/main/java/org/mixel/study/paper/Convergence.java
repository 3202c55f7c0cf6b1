package org.mixel.study.paper;

import org.mixel.study.paper.StageRecord.Training;

/** Whether a training has come to an end, by the least divergence so far of its curve. */
final class Convergence {
  /** A training whose divergence fell by less than this share in its last quarter has converged. */
  private static final double LITTLE = 0.02;

  private static final double LAST = 0.25;

  private Convergence() {}

  /** Whether a training has converged by a figure of its curve; empty without a curve. */
  static String outcome(Training training, String figure) {
    double fell = fell(training, figure);
    if (Double.isNaN(fell)) {
      return "";
    }
    if (2 * training.chosen() < training.steps()) {
      return "past its best";
    }
    return fell < LITTLE ? "yes" : "no";
  }

  /** By which share the least divergence so far fell in the last quarter; NaN without a curve. */
  static double fell(Training training, String figure) {
    double until = (1 - LAST) * training.steps();
    double before = least(training, figure, until);
    double end = least(training, figure, training.steps());
    return Double.isFinite(before) ? 1 - end / before : Double.NaN;
  }

  private static double least(Training training, String figure, double steps) {
    return training.curve().stream()
        .filter(line -> line.getOrDefault("step", Double.NaN) <= steps)
        .mapToDouble(line -> line.getOrDefault(figure, Double.NaN))
        .filter(value -> !Double.isNaN(value))
        .min()
        .orElse(Double.NaN);
  }
}
