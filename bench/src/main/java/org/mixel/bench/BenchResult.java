package org.mixel.bench;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mixel.bench.BenchCase.Timing;

/**
 * One line of the table; without figures if the case was left out.
 *
 * @param name the case
 * @param seconds median over the repetitions
 * @param floorSeconds median over the repetitions, if the case has a floor
 * @param ratio of the two, or the figure that the case is about where it has no floor
 * @param note what the figures do not say, or why there are none
 */
public record BenchResult(
    String name,
    @Nullable Double seconds,
    @Nullable Double floorSeconds,
    @Nullable Double ratio,
    String note) {

  static BenchResult of(String name, List<Timing> timings, String note) {
    double seconds = median(timings.stream().map(Timing::seconds));
    if (timings.stream().anyMatch(timing -> timing.ratio() == null)) {
      return new BenchResult(name, seconds, null, null, note);
    }
    if (timings.stream().anyMatch(timing -> timing.floorSeconds() == null)) {
      return new BenchResult(
          name, seconds, null, median(timings.stream().map(Timing::ratio)), note);
    }
    double floor = median(timings.stream().map(Timing::floorSeconds));
    return new BenchResult(name, seconds, floor, seconds / floor, note);
  }

  static BenchResult leftOut(String name, String reason) {
    return new BenchResult(name, null, null, null, "left out: " + reason);
  }

  static double median(Stream<@Nullable Double> figures) {
    double[] sorted = figures.mapToDouble(Objects::requireNonNull).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
