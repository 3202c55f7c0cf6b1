package org.mixel;

/**
 * An input that cannot be used: a damaged file, an option out of its range, data of the wrong
 * shape.
 *
 * <p>The message is one plain line that says what is wrong, where, and what to do about it; the
 * command line prints it as it is and exits with code 2.
 */
public sealed class InputException extends RuntimeException permits DivergedException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one line: what, where, and the remedy
   */
  public InputException(String message) {
    super(message);
  }

  /**
   * @param message one line: what, where, and the remedy
   * @param cause what was thrown by the reader that found the damage
   */
  public InputException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Refuses an input unless a rule holds.
   *
   * @param otherwise one line: what, where, and the remedy
   * @throws InputException if it does not hold
   */
  public static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new InputException(otherwise);
    }
  }
}
