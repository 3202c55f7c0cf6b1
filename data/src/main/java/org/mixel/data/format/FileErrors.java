package org.mixel.data.format;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;

/** Turns failures of reading into one plain line that names the file. */
final class FileErrors {
  private FileErrors() {}

  /** Something that reads a file. */
  @FunctionalInterface
  interface Reading<T> {
    /** Reads. */
    T read() throws IOException;
  }

  /** A file that contradicts itself. */
  static final class DamageException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what is wrong, in a few words
     */
    DamageException(String message) {
      super(message);
    }

    DamageException(Throwable cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * Runs a reader.
   *
   * @param file the file, as errors call it
   * @throws InputException if it throws {@link IOException}, or finds no memory
   */
  static <T> T naming(Object file, Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException e) {
      throw new InputException(file + ": " + reason(e), e);
    } catch (OutOfMemoryError e) {
      throw new InputException(
          file + ": does not fit into memory; give Java more with MIXEL_JAVA_OPTS=-Xmx8g", e);
    }
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "may not be read; check its permissions";
    }
    if (e instanceof FileSystemException system) {
      return "cannot be read" + suffix(system.getReason());
    }
    String text = String.valueOf(e.getMessage());
    // The last are the words of the tar reader, which has no exceptions of its own for them.
    if (e instanceof EOFException
        || text.startsWith("Truncated")
        || text.startsWith("premature end")) {
      return "ends early; it is cut off, so get it again" + suffix(ownText(e));
    }
    if (e instanceof ZipException
        || e instanceof DamageException
        || text.startsWith("Corrupted")
        || text.startsWith("broken archive")) {
      return "is damaged, so get it again" + suffix(e.getMessage());
    }
    return "cannot be read" + suffix(e.getMessage());
  }

  /** The JDK's own texts about early ends say nothing more. */
  private static @Nullable String ownText(IOException e) {
    String text = e.getMessage();
    return text == null
            || text.startsWith("Unexpected")
            || text.startsWith("Truncated")
            || text.startsWith("premature end")
        ? null
        : text;
  }

  private static String suffix(@Nullable String text) {
    return text == null || text.isBlank()
        ? ""
        : " (" + text.strip().lines().findFirst().get() + ")";
  }
}
