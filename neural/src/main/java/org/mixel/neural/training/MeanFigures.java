package org.mixel.neural.training;

import java.util.LinkedHashMap;
import java.util.Map;

/** The means of the figures of some steps, and how many steps were done in a second. */
final class MeanFigures {
  static final String STEPS_PER_SECOND = "steps_per_second";

  private final Map<String, Double> sums = new LinkedHashMap<>();
  private long nanos;
  private int steps;

  void add(Map<String, Double> figures, long took) {
    figures.forEach((name, value) -> sums.merge(name, value, Double::sum));
    nanos += took;
    steps++;
  }

  /** The means since the last call. */
  Map<String, Double> take() {
    Map<String, Double> means = new LinkedHashMap<>();
    sums.forEach((name, sum) -> means.put(name, sum / steps));
    means.put(STEPS_PER_SECOND, steps / (nanos / 1e9));
    sums.clear();
    nanos = 0;
    steps = 0;
    return means;
  }
}
