package org.mixel;

/**
 * A training that went astray: its figures are not finite, or worse than where it began. Only other
 * options can mend that, but the work had begun: the command line prints the message as it is and
 * exits with code 1.
 */
public final class DivergedException extends InputException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one line: which training, when, and the remedy
   */
  public DivergedException(String message) {
    super(message);
  }

  /**
   * @param message one line: which training, when, and the remedy
   * @param cause what the computation threw
   */
  public DivergedException(String message, Throwable cause) {
    super(message, cause);
  }
}
