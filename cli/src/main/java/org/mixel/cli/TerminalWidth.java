package org.mixel.cli;

import java.util.OptionalInt;

/** The terminal that the standard error goes to, as the launcher found it. */
final class TerminalWidth {
  private TerminalWidth() {}

  /** Its width, or nothing if the standard error is not a terminal. */
  static OptionalInt columns() {
    Integer columns = Integer.getInteger("mixel.columns");
    return columns == null ? OptionalInt.empty() : OptionalInt.of(Math.max(20, columns));
  }
}
