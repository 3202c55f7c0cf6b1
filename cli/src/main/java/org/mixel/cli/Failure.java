package org.mixel.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.mixel.DivergedException;
import org.mixel.InputException;
import picocli.CommandLine.ExitCode;

/**
 * How a command ended that did not end well.
 *
 * @param exitCode 2 for an input that cannot be used, 1 for everything else
 * @param message one line, or nothing where nobody is left to read it
 */
record Failure(int exitCode, Optional<String> message) {
  static Failure of(Throwable thrown) {
    Throwable cause = innermost(thrown);
    if (cause instanceof DivergedException) {
      return new Failure(ExitCode.SOFTWARE, Optional.of(oneLine(cause)));
    }
    if (cause instanceof InputException) {
      return new Failure(ExitCode.USAGE, Optional.of(oneLine(cause)));
    }
    if (readerIsGone(cause)) {
      return new Failure(ExitCode.SOFTWARE, Optional.empty());
    }
    return new Failure(ExitCode.SOFTWARE, Optional.of(describe(cause)));
  }

  /** One line without control characters, whatever a file name or a library put there. */
  static String oneLine(String text) {
    return text.strip().replaceAll("\\p{Cntrl}+", " ");
  }

  private static Throwable innermost(Throwable thrown) {
    Throwable cause = thrown.getCause();
    boolean wrapper = thrown instanceof ExecutionException || thrown instanceof CompletionException;
    return wrapper && cause != null ? innermost(cause) : thrown;
  }

  private static boolean readerIsGone(Throwable thrown) {
    Throwable cause = thrown instanceof UncheckedIOException ? thrown.getCause() : thrown;
    return cause instanceof IOException && "Broken pipe".equals(cause.getMessage());
  }

  private static String describe(Throwable thrown) {
    if (thrown instanceof OutOfMemoryError) {
      return "out of memory ("
          + firstLine(thrown)
          + "); use smaller batches or fewer rows, or give Java more with MIXEL_JAVA_OPTS=-Xmx8g";
    }
    if (thrown instanceof NoSuchFileException || thrown instanceof FileNotFoundException) {
      return firstLine(thrown) + ": no such file";
    }
    if (thrown instanceof AccessDeniedException) {
      return firstLine(thrown) + ": permission denied";
    }
    if (thrown instanceof FileSystemException
        || thrown instanceof UncheckedIOException
        || thrown instanceof UnsatisfiedLinkError) {
      return firstLine(thrown);
    }
    boolean telling = thrown.getMessage() != null && thrown.getClass() == RuntimeException.class;
    return telling || thrown instanceof IOException
        ? firstLine(thrown)
        : "internal error: "
            + thrown.getClass().getSimpleName()
            + (thrown.getMessage() == null ? "" : ": " + firstLine(thrown))
            + " (--debug shows where)";
  }

  private static String oneLine(Throwable thrown) {
    return oneLine(text(thrown));
  }

  private static String firstLine(Throwable thrown) {
    return oneLine(text(thrown).strip().lines().findFirst().orElse(""));
  }

  private static String text(Throwable thrown) {
    return Objects.requireNonNullElse(thrown.getMessage(), thrown.getClass().getSimpleName());
  }
}
