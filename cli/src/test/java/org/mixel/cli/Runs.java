package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the program in this process, and checks what every command owes to its user. */
final class Runs {
  private static final ObjectMapper JSON = new ObjectMapper();

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

  /** Runs the program as it is. */
  static Outcome mixel(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Mixel mixel = new Mixel(out, new PrintStream(err, true, StandardCharsets.UTF_8));
    int exitCode = mixel.run(arguments);
    return new Outcome(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The document of a run, to which {@code --json} is added, that must end well. */
  static JsonNode json(String... arguments) throws IOException {
    return json(mixel(with(new String[] {"--json"}, arguments)));
  }

  /** The document of a run that must have ended well. */
  static JsonNode json(Outcome outcome) throws IOException {
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return JSON.readTree(outcome.out());
  }

  /** A run, to which {@code --quiet} is added, must end with exit code 2, one line, no answer. */
  static void refused(String because, String... arguments) {
    refused(because, mixel(with(arguments, "--quiet")));
  }

  /** The run must have ended with exit code 2, one line that says why, and no answer. */
  static void refused(String because, Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).startsWith("mixel: ").contains(because).hasLineCount(1);
  }

  /** The arguments and more behind them. */
  static String[] with(String[] arguments, String... more) {
    return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
  }

  /** Runs the program with {@code mixel act}, which does what a test asks. */
  static Outcome run(Action action, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Outcome outcome = run(out, action, args);
    return new Outcome(outcome.exitCode(), out.toString(StandardCharsets.UTF_8), outcome.err());
  }

  /** As {@link #run(Action, String...)}, but the answer goes elsewhere. */
  static Outcome run(OutputStream out, Action action, String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Mixel mixel = new Mixel(out, new PrintStream(err, true, StandardCharsets.UTF_8));
    int exitCode =
        mixel.execute(mixel.commandLine(Arrays.asList(args)::contains, new Act(action)), args);
    return new Outcome(exitCode, "", err.toString(StandardCharsets.UTF_8));
  }
}
