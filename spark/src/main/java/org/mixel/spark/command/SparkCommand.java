package org.mixel.spark.command;

import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
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
    return new CommandLine(new SparkCommand())
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              boolean refused = failure instanceof InputException;
              String text = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
              System.err.println("mixel: " + spelled(text, command));
              return refused ? UNUSABLE : 1;
            })
        .setParameterExceptionHandler(
            (failure, words) -> {
              System.err.println("mixel: " + failure.getMessage());
              return UNUSABLE;
            })
        .execute(arguments);
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
