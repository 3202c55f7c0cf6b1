package org.mixel.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The script that completes commands in fish; picocli has none for that shell. */
final class FishCompletion {
  private final String program;
  private final List<String> lines = new ArrayList<>();

  private FishCompletion(String program) {
    this.program = program;
  }

  /**
   * The script of a program.
   *
   * @param root the command that has the others
   */
  static String of(CommandSpec root) {
    FishCompletion script = new FishCompletion(root.name());
    script.add(root, "__fish_use_subcommand");
    root.subcommands().forEach((name, command) -> script.add(name, command));
    return String.join("\n", script.lines) + "\n";
  }

  private void add(String name, CommandLine command) {
    String seen = "__fish_seen_subcommand_from " + name;
    CommandSpec spec = command.getCommandSpec();
    String inside = spec.subcommands().isEmpty() ? seen : seen + "; and not " + seen(spec);
    add(spec, inside);
    spec.subcommands()
        .forEach(
            (nested, inner) -> options(inner.getCommandSpec(), seen + "; and " + seen(nested)));
  }

  private static String seen(CommandSpec spec) {
    return seen(String.join(" ", spec.subcommands().keySet()));
  }

  private static String seen(String names) {
    return "__fish_seen_subcommand_from " + names;
  }

  /** Completes the commands and options of one command. */
  private void add(CommandSpec spec, String condition) {
    spec.subcommands()
        .forEach(
            (name, command) ->
                line(
                    condition,
                    "-f -a "
                        + name
                        + description(command.getCommandSpec().usageMessage().header())));
    options(spec, condition);
  }

  private void options(CommandSpec spec, String condition) {
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        line(condition, names(option) + value(option) + description(option.description()));
      }
    }
  }

  private void line(String condition, String rest) {
    lines.add("complete -c %s -n %s %s".formatted(program, quoted(condition), rest));
  }

  private static String names(OptionSpec option) {
    List<String> words = new ArrayList<>();
    for (String name : option.names()) {
      words.add(name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1));
    }
    return String.join(" ", words);
  }

  /** How the value of an option is completed: not at all, from a list, or as a file. */
  private static String value(OptionSpec option) {
    if (option.arity().max() == 0) {
      return "";
    }
    Iterable<String> candidates = option.completionCandidates();
    if (candidates != null) {
      return " -x -a " + quoted(String.join(" ", candidates).toLowerCase(Locale.ROOT));
    }
    boolean file = option.auxiliaryTypes()[0] == Path.class;
    return file ? " -r -F" : " -x";
  }

  private static String description(String[] text) {
    return text.length == 0 ? "" : " -d " + quoted(text[0]);
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
