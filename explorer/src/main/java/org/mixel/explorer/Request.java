package org.mixel.explorer;

import static org.mixel.explorer.Refusal.BAD_REQUEST;
import static org.mixel.explorer.Refusal.require;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A request that has passed the {@link Gate}.
 *
 * @param method {@code GET} or {@code POST}
 * @param path the address as it was sent, without its query
 * @param query the parameters, each given once
 * @param body reads the body
 */
record Request(String method, String path, Map<String, String> query, Body body) {
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,9}");
  private static final Pattern SEED = Pattern.compile("0|-?[1-9][0-9]{0,18}");

  /** The body of a request. */
  @FunctionalInterface
  interface Body {
    /**
     * Reads all of it.
     *
     * @param most bytes, at most
     * @throws Refusal if it has more
     */
    byte[] read(int most) throws IOException;
  }

  /** A parameter. */
  String text(String name) {
    String value = query.get(name);
    require(value != null, BAD_REQUEST, "the parameter " + name + " is missing");
    return String.valueOf(value);
  }

  /** A parameter that is a seed; 0 if it is not given. */
  long seed(String name) {
    String text = query.getOrDefault(name, "0");
    require(SEED.matcher(text).matches(), BAD_REQUEST, name + " must be a number");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new Refusal(BAD_REQUEST, name + " must be a number of 64 bits");
    }
  }

  /**
   * Row numbers that are parted by commas.
   *
   * @param most how many at most
   * @param rows each is less than this
   */
  int[] ids(String name, int most, int rows) {
    String[] texts = text(name).split(",", most + 2);
    require(texts.length <= most, BAD_REQUEST, "at most " + most + " rows are sent at once");
    int[] ids = new int[texts.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = below(texts[i], rows, "row");
    }
    return ids;
  }

  /**
   * A number from 0.
   *
   * @param bound it is less than this
   * @param what it counts, for messages
   */
  static int below(String text, int bound, String what) {
    require(NUMBER.matcher(text).matches(), BAD_REQUEST, what + " must be a number from 0");
    long number = Long.parseLong(text);
    require(
        number < bound,
        Refusal.NOT_FOUND,
        "there is no %s %d; they are counted from 0 to %d".formatted(what, number, bound - 1));
    return (int) number;
  }
}
