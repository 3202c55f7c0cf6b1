package org.mixel.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.mixel.bench.BenchCase.Timing;

/**
 * One line of the table; without figures if the case was left out.
 *
 * @param name the case
 * @param seconds median over the repetitions
 * @param floorSeconds median over the repetitions
 * @param ratio of the two
 * @param note what the figures do not say, or why there are none
 */
public record BenchResult(
    String name,
    @Nullable Double seconds,
    @Nullable Double floorSeconds,
    @Nullable Double ratio,
    String note) {

  static BenchResult of(String name, List<Timing> timings, String note) {
    double seconds = median(timings, Timing::seconds);
    double floor = median(timings, Timing::floorSeconds);
    return new BenchResult(name, seconds, floor, seconds / floor, note);
  }

  static BenchResult leftOut(String name, String reason) {
    return new BenchResult(name, null, null, null, "left out: " + reason);
  }

  private static double median(List<Timing> timings, ToDoubleFunction<Timing> figure) {
    double[] sorted = timings.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
