package org.mixel.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the program in this process, with a command that does what a test asks. */
final class Runs {
  private Runs() {}

  /** The exit code and output of a run. */
  record Outcome(int exitCode, String out, String err) {}

  /** The work of {@code mixel act}. */
  @FunctionalInterface
  interface Action {
    Answer run(Session session) throws Exception;
  }

  @Command(name = "act", description = "Does what the test asks.")
  private static final class Act extends Subcommand {
    private final Action action;

    @Option(names = "--components", defaultValue = "1")
    private int components;

    Act(Action action) {
      this.action = action;
    }

    @Override
    Answer run(Session session) throws Exception {
      return components == 1 ? action.run(session) : Answer.of(components, "");
    }
  }

  static Outcome run(Action action, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Outcome outcome = run(out, action, args);
    return new Outcome(outcome.exitCode(), out.toString(StandardCharsets.UTF_8), outcome.err());
  }

  static Outcome run(OutputStream out, Action action, String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Mixel mixel = new Mixel(out, new PrintStream(err, true, StandardCharsets.UTF_8));
    int exitCode =
        mixel.execute(mixel.commandLine(Arrays.asList(args)::contains, new Act(action)), args);
    return new Outcome(exitCode, "", err.toString(StandardCharsets.UTF_8));
  }
}
