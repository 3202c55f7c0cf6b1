package org.mixel.neural;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/** The means of the figures of some steps, and the number of steps in a second. */
final class MeanFigures {
  static final String STEPS_PER_SECOND = "steps_per_second";

  private static final String COUNTS = "counts";
  private static final String SUM = "sum.";

  private final Map<String, Double> sums = new LinkedHashMap<>();
  private long nanos;
  private long steps;

  /** The sums since the last call of {@link #take}; they belong to the current scope. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put(COUNTS, Tensors.of(new long[] {steps, nanos}, 2));
    sums.forEach((name, sum) -> state.put(SUM + name, Tensors.of(new double[] {sum}, 1)));
    return state;
  }

  /**
   * Resumes from a {@link #state}.
   *
   * @throws org.mixel.InputException if it is none
   */
  void restore(SafeTensors state) {
    long[] counts = Tensors.longs(state.get(COUNTS, 2));
    steps = counts[0];
    nanos = counts[1];
    state
        .below(SUM)
        .tensors()
        .forEach((name, sum) -> sums.put(name, Tensors.doubles(sum.reshape(1))[0]));
  }

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
