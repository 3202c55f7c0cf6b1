package org.mixel.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear axis with ticks on round numbers.
 *
 * @param min where it begins
 * @param max where it ends
 * @param step distance of ticks: 1, 2 or 5 times a power of ten
 */
record Scale(double min, double max, double step) {
  /**
   * The smallest round range that holds all values.
   *
   * @param intervals rough number of steps, at least 2
   */
  static Scale around(double low, double high, int intervals) {
    double span = high > low ? high - low : Math.max(1e-9, Math.abs(low) * 0.1);
    double raw = span / intervals;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double lead = raw / power;
    double step = power * (lead > 5 ? 10 : lead > 2 ? 5 : lead > 1 ? 2 : 1);
    double min = step * Math.floor(low / step + 1e-9);
    double max = step * Math.ceil(high / step - 1e-9);
    return new Scale(min, max > min ? max : min + step, step);
  }

  /** The multiples of the step from beginning to end. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    long first = (long) Math.ceil(min / step - 1e-9);
    long last = (long) Math.floor(max / step + 1e-9);
    for (long i = first; i <= last; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** A value with as many decimals as ticks need to differ. */
  String label(double value) {
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    String text = String.format(Locale.ROOT, "%,." + decimals + "f", value);
    return text.startsWith("-") ? "−" + text.substring(1) : text;
  }
}
