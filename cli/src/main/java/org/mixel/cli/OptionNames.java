package org.mixel.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.mixel.Progress;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * How a command spells options. Messages of the library name an option by its Java name in
 * backquotes, such as {@code `noiseFloor`}. A command that has the option calls it {@code
 * --noise-floor}; for one that lacks it, the name is two plain words. Names of files that the user
 * gave stay as they are.
 *
 * @param command the command that runs
 */
record OptionNames(CommandSpec command) {
  private static final String QUOTED = "(?<![^\\s(])`([a-z][A-Za-z0-9]*)`(?=[,;:.?)]*(\\s|$))";

  /** The message with every option spelled as the command knows it. */
  String in(String message) {
    return Pattern.compile(files() + QUOTED)
        .matcher(message)
        .replaceAll(
            match ->
                match.group(1) == null
                    ? Matcher.quoteReplacement(match.group())
                    : spelled(match.group(1)));
  }

  /** The words that the user gave, and files in folders of these names: no options. */
  private String files() {
    ParseResult parsed = command.commandLine().getParseResult();
    return parsed == null
        ? ""
        : parsed.originalArgs().stream()
            .map(word -> word.replaceFirst("^-[^=]*=", "").replaceFirst("/+$", ""))
            .filter(word -> !word.isEmpty())
            .map(word -> Pattern.quote(word) + "(?:/\\S[^:]*)?|")
            .collect(Collectors.joining());
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
