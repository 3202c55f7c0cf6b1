package org.mixel.cli;

import static org.mixel.InputException.require;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, before or after its name. */
final class CommonOptions {
  private static final int LAST = 1000;

  /** Enough for machines with fewer cores; the native libraries crash with several hundred. */
  private static final int MOST_THREADS = 64;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      order = LAST,
      description = "Print one JSON document on the standard output, and nothing else there.")
  private boolean json;

  @Option(
      names = "--quiet",
      scope = ScopeType.INHERIT,
      order = LAST + 1,
      description = "No progress and no notes on the standard error.")
  private boolean quiet;

  @Option(
      names = "--seed",
      scope = ScopeType.INHERIT,
      order = LAST + 2,
      paramLabel = "S",
      defaultValue = "0",
      description = "The same seed gives the same result (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--threads",
      scope = ScopeType.INHERIT,
      order = LAST + 3,
      paramLabel = "N",
      description = "Compute with so many threads (default: one per core).")
  private @Nullable Integer threads;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      order = LAST + 4,
      description = "Show the stack trace of a failure.")
  private boolean debug;

  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Option(
      names = {"-h", "--help"},
      scope = ScopeType.INHERIT,
      order = LAST + 5,
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Option(
      names = {"-V", "--version"},
      scope = ScopeType.INHERIT,
      order = LAST + 6,
      versionHelp = true,
      description = "Show the versions of Mixel and Java.")
  private boolean version;

  boolean json() {
    return json;
  }

  boolean quiet() {
    return quiet;
  }

  long seed() {
    return seed;
  }

  boolean debug() {
    return debug;
  }

  /** How many threads to compute with; nothing for one per core. */
  OptionalInt threads() {
    if (threads == null) {
      return OptionalInt.empty();
    }
    require(threads >= 1, "--threads must be at least 1, got " + threads);
    int most = Math.max(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    require(
        threads <= most,
        "--threads must be at most %d on this machine, got %d".formatted(most, threads));
    return OptionalInt.of(threads);
  }
}
