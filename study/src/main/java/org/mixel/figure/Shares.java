package org.mixel.figure;

import java.util.Locale;

/** Proportions and test statistics in words. */
final class Shares {
  private Shares() {}

  /** A proportion as a percentage with two decimals. */
  static String percent(double share) {
    return Double.isNaN(share) ? "–" : String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  /** A signed z statistic with one decimal. */
  static String z(double z) {
    if (Double.isNaN(z)) {
      return "z undefined";
    }
    String size = String.format(Locale.ROOT, "%.1f", Math.abs(z));
    return "z = " + (z < 0 ? "−" : "+") + size;
  }
}
