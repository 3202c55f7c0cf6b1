package org.mixel.cli;

import java.util.Locale;
import java.util.regex.Pattern;
import org.mixel.Progress;
import picocli.CommandLine.Model.CommandSpec;

/**
 * How a command spells options. Messages of the library name an option by its Java name in
 * backquotes, such as {@code `noiseFloor`}. A command that has the option calls it {@code
 * --noise-floor}; for one that lacks it, the name is two plain words.
 *
 * @param command the command that runs
 */
record OptionNames(CommandSpec command) {
  /** A name that stands alone, not part of a file's name. */
  private static final Pattern QUOTED =
      Pattern.compile("(?<![^\\s(])`([a-z][A-Za-z0-9]*)`(?=[,;:.?)]*(\\s|$))");

  /** The message with every option spelled as the command knows it. */
  String in(String message) {
    return QUOTED.matcher(message).replaceAll(match -> spelled(match.group(1)));
  }

  private String spelled(String name) {
    String words = name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    String option = "--" + words.replace(' ', '-');
    return command.findOption(option) == null ? words : option;
  }

  /** The same progress, whose notes are spelled for the command. */
  Progress in(Progress progress) {
    return new Progress() {
      @Override
      public Stage begin(String name, long steps) {
        return progress.begin(name, steps);
      }

      @Override
      public void tell(String note) {
        progress.tell(in(note));
      }
    };
  }
}
