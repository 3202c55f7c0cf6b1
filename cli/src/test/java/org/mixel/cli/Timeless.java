package org.mixel.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files without what tells of time: speeds, and the seconds and dates of models of a study. */
final class Timeless {
  static final String LOG = ".metrics.jsonl";
  static final String TABLE = ".metrics.csv";
  static final String SETTING = ".setting";
  private static final String RECORD = "stage.json";

  /** The cell before that of the device, in Markdown and in HTML. */
  private static final String SECONDS_OF_A_STAGE = "[0-9]+( \\| |</td>\\s*<td[^>]*>)cpu";

  private static final String DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
  private static final String SPEED = "steps_per_second";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Timeless() {}

  /** Whether two contents of a file are the same but for time. */
  static boolean same(String name, byte[] one, byte[] two) {
    return Arrays.equals(content(name, one), content(name, two));
  }

  private static byte[] content(String name, byte[] bytes) {
    boolean table = name.endsWith(TABLE);
    UnaryOperator<String> change = change(name);
    if (change == null && !table) {
      return bytes;
    }
    List<String> all = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    Stream<String> lines = change == null ? withoutSpeed(all) : all.stream().map(change);
    return lines.collect(Collectors.joining("\n")).getBytes(StandardCharsets.UTF_8);
  }

  /** How a line of such a file is changed, or null if it tells nothing of time. */
  private static @Nullable UnaryOperator<String> change(String name) {
    if (name.endsWith(LOG)) {
      return Timeless::withoutSpeed;
    }
    if (name.endsWith(SETTING)) {
      return line -> line.matches("[0-9.E-]+") ? "seconds" : line;
    }
    if (name.endsWith(RECORD)) {
      return line -> line.replaceFirst("(second|seconds|date)\" : .*", "$1");
    }
    return name.startsWith("out/report.")
        ? line -> line.replaceAll(SECONDS_OF_A_STAGE, "seconds$1cpu").replaceAll(DATE, "date")
        : null;
  }

  /** Rows without the column of the speed; a row may be cut off. */
  private static Stream<String> withoutSpeed(List<String> rows) {
    int column = rows.isEmpty() ? -1 : List.of(rows.get(0).split(",")).indexOf(SPEED);
    return rows.stream()
        .map(
            row -> {
              List<String> cells = new ArrayList<>(List.of(row.split(",", -1)));
              if (column >= 0 && column < cells.size()) {
                cells.remove(column);
              }
              return String.join(",", cells);
            });
  }

  private static String withoutSpeed(String line) {
    try {
      return ((ObjectNode) JSON.readTree(line)).without(SPEED).toString();
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }
}
