package org.mixel.spark.command;

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

  private SparkCommand() {}

  /** Runs a command; the exit code is 0, 1 for a failure or 2 for unusable input. */
  public static void main(String[] arguments) {
    CommandLine line =
        new CommandLine(new SparkCommand())
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  boolean refused = failure instanceof InputException;
                  String text = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
                  System.err.println("mixel: " + text);
                  return refused ? UNUSABLE : 1;
                })
            .setParameterExceptionHandler(
                (failure, words) -> {
                  System.err.println("mixel: " + failure.getMessage());
                  return UNUSABLE;
                });
    System.exit(line.execute(arguments));
  }
}
