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
import java.util.regex.Pattern;
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
  /** What libtorch, its bindings and Java say where the system gives no more memory. */
  private static final Pattern NATIVE =
      Pattern.compile(
          "can't allocate memory|alloc_cpu|bad_alloc|Cannot allocate new|Physical memory|Map failed");

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
    Optional<String> memory = memory(thrown);
    if (memory.isPresent()) {
      return memory.get();
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

  /** How to get by, if memory was missing; a larger heap helps only where Java's own ran out. */
  private static Optional<String> memory(Throwable thrown) {
    String text = firstLine(thrown);
    if (text.contains("native thread")) {
      return Optional.of(
          "the system gives no more threads or memory for them (%s); use fewer with --threads"
              .formatted(text));
    }
    if (text.contains("CUDA out of memory")) {
      return Optional.of(
          "out of memory of the GPU; use smaller batches, fewer rows or a smaller model");
    }
    if (NATIVE.matcher(text).find()) {
      return Optional.of(
          "out of memory beside Java's heap; use smaller batches, fewer rows or a smaller model");
    }
    return thrown instanceof OutOfMemoryError
        ? Optional.of(
            "out of memory (%s); use smaller batches or fewer rows, or give Java more with MIXEL_JAVA_OPTS=-Xmx8g"
                .formatted(text))
        : Optional.empty();
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
