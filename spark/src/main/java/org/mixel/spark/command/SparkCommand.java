package org.mixel.spark.command;

import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.mixel.DivergedException;
import org.mixel.InputException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Mixel on Apache Spark, from the command line. */
@Command(
    name = "mixel spark",
    description = "Fits mixtures and counts NDB's bins on Apache Spark.",
    mixinStandardHelpOptions = true,
    subcommands = {SparkFit.class, SparkNdb.class, SparkBench.class, SparkPlan.class})
public final class SparkCommand {
  private static final int UNUSABLE = 2;
  private static final Pattern NAMED = Pattern.compile("`([a-z][A-Za-z]*)`");
  private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

  private SparkCommand() {}

  /** Runs a command; the exit code is 0, 1 for a failure or 2 for unusable input. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** The exit code of a command. */
  static int run(String... arguments) {
    return run(new CommandLine(new SparkCommand()), arguments);
  }

  /** The exit code of a command of these. */
  static int run(CommandLine line, String... arguments) {
    line.setExecutionExceptionHandler((failure, command, parsed) -> told(failure, command))
        .setParameterExceptionHandler(
            (failure, words) -> {
              System.err.println("mixel: " + failure.getMessage());
              return UNUSABLE;
            });
    try {
      return line.execute(arguments);
    } catch (Throwable e) {
      // The handler gets exceptions, but no errors.
      return told(e, line);
    }
  }

  /** Says in one line what went wrong. */
  private static int told(Throwable failure, CommandLine command) {
    String message =
        Objects.requireNonNullElse(failure.getMessage(), failure.getClass().getSimpleName());
    String text = message.lines().findFirst().orElse("");
    String line =
        failure instanceof OutOfMemoryError
            ? "out of memory (%s); use fewer rows, or give Java more with MIXEL_JAVA_OPTS=-Xmx8g"
                .formatted(text)
            : spelled(text, command);
    System.err.println("mixel: " + line);
    boolean unusable = failure instanceof InputException && !(failure instanceof DivergedException);
    return unusable ? UNUSABLE : 1;
  }

  /** The options that a message names in backquotes, as the command spells them. */
  private static String spelled(String text, CommandLine command) {
    return replaced(
        text,
        words -> {
          String option = "--" + words.replace(' ', '-');
          return command.getCommandSpec().optionsMap().containsKey(option) ? option : words;
        });
  }

  /** A text that names options, in words. */
  static String withoutBackquotes(String text) {
    return replaced(text, words -> words);
  }

  private static String replaced(String text, UnaryOperator<String> spelling) {
    return NAMED
        .matcher(text)
        .replaceAll(
            named ->
                spelling.apply(
                    CAPITAL.matcher(named.group(1)).replaceAll(" $0").toLowerCase(Locale.ROOT)));
  }
}
