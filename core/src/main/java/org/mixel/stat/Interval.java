package org.mixel.stat;

import java.util.Arrays;
import java.util.Locale;

/**
 * The range of a figure.
 *
 * @param low its lower end
 * @param high its upper end
 */
public record Interval(double low, double high) {
  /**
   * The range that leaves out a share of simulated values at both ends together, half of it at
   * each.
   *
   * @param values enough that {@code share / 2 * (values.length + 1)} is at least 1
   * @param share in (0, 1), such as 0.05 for an interval that holds 95% of the values
   */
  public static Interval central(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int tail = (int) (share / 2 * (sorted.length + 1)) - 1;
    return new Interval(sorted[tail], sorted[sorted.length - 1 - tail]);
  }

  /** This interval of a figure that is divided by a number above 0. */
  public Interval dividedBy(double number) {
    return new Interval(low / number, high / number);
  }

  /**
   * This interval as {@code LOW to HIGH}.
   *
   * @param format for both ends, as of {@link String#format}
   */
  public String toString(String format) {
    return String.format(Locale.ROOT, format + " to " + format, low, high);
  }
}
