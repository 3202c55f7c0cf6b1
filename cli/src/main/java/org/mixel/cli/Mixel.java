package org.mixel.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.mixel.WholeFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** The program: {@code mixel COMMAND ...}. */
@Command(
    name = "mixel",
    header = "Statistical models of whole images, and an honest test of generative models.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "mixel COMMAND --help shows its options.",
      "mixel spark --help: fit and ndb on Apache Spark, which the first use fetches."
    })
public final class Mixel {
  private static final List<Class<?>> COMMANDS =
      List.of(
          DemoCommand.class,
          FitCommand.class,
          TrainCommand.class,
          SampleCommand.class,
          ScoreCommand.class,
          ReconstructCommand.class,
          InpaintCommand.class,
          ComponentsCommand.class,
          NdbCommand.class,
          EvaluateCommand.class,
          SharpnessCommand.class,
          ExploreCommand.class,
          StudyCommand.class,
          DataCommand.class,
          BenchCommand.class,
          DoctorCommand.class,
          CompletionCommand.class);

  @Mixin private CommonOptions options;

  private final OutputStream out;
  private final PrintStream err;

  /**
   * @param out receives the answer, and nothing else
   * @param err receives progress, notes and the line that says what went wrong
   */
  Mixel(OutputStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    setUnlessGiven("java.util.logging.SimpleFormatter.format", Session.NOTE + "%5$s%6$s%n");
    // Native memory is freed by scopes: JavaCPP need not count it, nor call the collector.
    setUnlessGiven("org.bytedeco.javacpp.maxBytes", "0");
    setUnlessGiven("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    // What a library prints must not get between the answer and its reader.
    System.setOut(System.err);
    System.exit(new Mixel(new FileOutputStream(FileDescriptor.out), System.err).run(args));
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * Runs one command.
   *
   * @return the exit code: 0 done, 1 failed while working, 2 wrong usage or unusable input
   */
  int run(String... args) {
    return execute(commandLine(Arrays.asList(args)::contains), args);
  }

  /** Runs one command of {@link #commandLine()}. */
  int execute(CommandLine line, String... args) {
    try {
      return line.execute(args);
    } catch (Throwable e) {
      return report(e, line);
    }
  }

  /** All commands and their options, for what documents or completes them. */
  public static CommandLine allCommands() {
    return new Mixel(OutputStream.nullOutputStream(), System.err).commandLine(name -> true);
  }

  /**
   * The commands, answering to this program's streams.
   *
   * @param wanted the names of commands whose options are needed; the others only have their names
   *     and headers, because reading all options takes most of the time of a start
   * @param more commands beside Mixel's own
   */
  CommandLine commandLine(Predicate<String> wanted, Subcommand... more) {
    CommandLine line = new CommandLine(this);
    for (Class<?> command : COMMANDS) {
      Command described = command.getAnnotation(Command.class);
      if (wanted.test(described.name())) {
        line.addSubcommand(command);
      } else {
        CommandSpec listed = CommandSpec.create().name(described.name());
        listed.usageMessage().header(described.header());
        line.addSubcommand(described.name(), listed);
      }
    }
    for (Subcommand command : more) {
      line.addSubcommand(command);
    }
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    line.setUsageHelpWidth(Math.min(100, Math.max(60, TerminalWidth.columns().orElse(100))));
    line.setExpandAtFiles(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command));
    line.setParameterExceptionHandler(
        (failure, arguments) -> {
          err.println(UsageErrors.line(failure));
          return CommandLine.ExitCode.USAGE;
        });
    return line;
  }

  /** Says in one line what went wrong. */
  private int report(Throwable thrown, CommandLine command) {
    Failure failure = Failure.of(thrown);
    if (WholeFile.ended()) {
      // What fails now fails because the user ended the program.
      return failure.exitCode();
    }
    OptionNames names = new OptionNames(command.getCommandSpec());
    failure.message().ifPresent(message -> err.println("mixel: " + names.in(message)));
    if (options.debug()) {
      thrown.printStackTrace(err);
    }
    return failure.exitCode();
  }

  CommonOptions options() {
    return options;
  }

  /**
   * The run of one command.
   *
   * @param names how the command spells options
   */
  Session session(OptionNames names) {
    return new Session(options, names, out, err);
  }
}
