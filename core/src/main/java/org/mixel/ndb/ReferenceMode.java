package org.mixel.ndb;

import java.util.Locale;
import org.mixel.InputException;

/** Which reference rows place the centres, and which are counted. */
public enum ReferenceMode {
  /**
   * A random half of the rows (at most {@code maxRows}) places the centres, all the others are
   * counted. Reference and candidate are then treated alike, and under equality each bin differs
   * with probability {@code alpha}, or with less where it expects only a few rows.
   */
  HELD_OUT,
  /**
   * The rows that placed the centres are counted, as in the paper: for comparison with published
   * tables. The centres lie where these rows happen to be, so their counts are no sample of the
   * distribution: under equality NDB is far too large where rows are few and dimensions many, and
   * somewhat too small elsewhere.
   */
  PAPER;

  /**
   * @param name {@code held-out} or {@code paper}
   * @throws InputException if it is neither
   */
  public static ReferenceMode of(String name) {
    return InputException.choose("reference", values(), name);
  }

  /** The name on the command line: {@code held-out} or {@code paper}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
