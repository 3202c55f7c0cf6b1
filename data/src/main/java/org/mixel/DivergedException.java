package org.mixel;

/**
 * A training that diverged: its figures are not finite, or worse than at its start. Only other
 * options can mend that. The command line prints the message and exits with code 1.
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
