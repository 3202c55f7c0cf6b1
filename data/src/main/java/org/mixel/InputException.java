package org.mixel;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An input that cannot be used: a damaged file, an option out of its range, data of the wrong
 * shape.
 *
 * <p>The message is one plain line that says what is wrong, where, and what to do about it; the
 * command line prints it as it is and exits with code 2.
 */
public sealed class InputException extends RuntimeException permits DivergedException {
  private static final long serialVersionUID = 1L;
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\u2028\\u2029]");

  /**
   * @param message one line: what, where, and the remedy
   */
  public InputException(String message) {
    super(plain(message));
  }

  /**
   * @param message one line: what, where, and the remedy
   * @param cause what was thrown by the reader that found the damage
   */
  public InputException(String message, Throwable cause) {
    super(plain(message), cause);
  }

  /** The content of a damaged file may not break the line, nor reach a terminal as a command. */
  private static String plain(String message) {
    return UNPRINTABLE.matcher(message).replaceAll(" ");
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

  /**
   * Finds a value by the name that users call it by.
   *
   * @param option what is chosen, for the message
   * @param values at least two
   * @param name {@code toString} of one of them
   * @throws InputException that lists the names if there is no such value
   */
  public static <T> T choose(String option, T[] values, String name) {
    List<String> names = Arrays.stream(values).map(Object::toString).toList();
    int index = names.indexOf(name);
    int last = names.size() - 1;
    require(
        index >= 0,
        "%s must be %s or %s, got %s"
            .formatted(option, String.join(", ", names.subList(0, last)), names.get(last), name));
    return values[index];
  }
}
