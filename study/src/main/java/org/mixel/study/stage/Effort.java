package org.mixel.study.stage;

import java.util.Locale;
import org.mixel.InputException;

/** How long networks are trained. */
public enum Effort {
  /** Minutes: enough to see all parts of a report, too little to judge networks. */
  QUICK,
  /** Hours on two cores: each network about as long as it needs, some from several seeds. */
  FULL;

  /**
   * @throws InputException if no effort is called so
   */
  public static Effort of(String text) {
    return InputException.choose("`effort`", values(), text);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
