package org.mixel.cli;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Wrong usage, reported in one line. */
final class UsageErrors {
  private UsageErrors() {}

  /** The line that reports a failure, with the nearest word that picocli knows. */
  static String line(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    return "mixel: %s (see %s --help)"
        .formatted(Failure.oneLine(problem(failure)), command.getCommandSpec().qualifiedName());
  }

  private static String problem(ParameterException failure) {
    CommandSpec command = failure.getCommandLine().getCommandSpec();
    if (failure instanceof UnmatchedArgumentException unmatched) {
      return unknown(command, unmatched.getUnmatched().get(0));
    }
    String message = Objects.requireNonNullElse(failure.getMessage(), "wrong usage");
    if (!(failure instanceof MissingParameterException) && message.startsWith("Missing required")) {
      return "no command given";
    }
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  private static String unknown(CommandSpec command, String word) {
    if (word.startsWith("-") && word.length() > 1) {
      String option = word.split("=", 2)[0];
      Stream<String> options =
          command.options().stream().flatMap(known -> Stream.of(known.names()));
      return "unknown option " + option + suggestion(option, options);
    }
    if (!command.subcommands().isEmpty()) {
      return "unknown command " + word + suggestion(word, command.subcommands().keySet().stream());
    }
    return "unexpected argument " + word;
  }

  private static String suggestion(String word, Stream<String> known) {
    return nearest(word, known.toList()).map(near -> "; did you mean " + near + "?").orElse("");
  }

  /** The known word that is a few slips of the pen away, if there is one. */
  static Optional<String> nearest(String word, List<String> known) {
    return known.stream()
        .filter(candidate -> distance(word, candidate) <= Math.max(1, candidate.length() / 3))
        .min((a, b) -> Integer.compare(distance(word, a), distance(word, b)));
  }

  /**
   * Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
   */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
