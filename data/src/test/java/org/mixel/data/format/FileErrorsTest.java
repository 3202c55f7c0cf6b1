package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mixel.InputException;

/** Every failure of reading becomes one line that says what to do. */
class FileErrorsTest {
  private static final String CUT = "ends early; it is cut off, so get it again";
  private static final String DAMAGED = "is damaged, so get it again";

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new NoSuchFileException("f"), "no such file"),
        Arguments.of(new AccessDeniedException("f"), "may not be read; check its permissions"),
        Arguments.of(
            new FileSystemException("f", null, "too long\nmore"), "cannot be read (too long)"),
        Arguments.of(new FileSystemException("f", null, null), "cannot be read"),
        Arguments.of(new EOFException(), CUT),
        Arguments.of(new EOFException("within row 3"), CUT + " (within row 3)"),
        Arguments.of(new EOFException("Unexpected end of ZLIB input stream"), CUT),
        Arguments.of(new IOException("Truncated TAR archive"), CUT),
        Arguments.of(new IOException("premature end of tar archive"), CUT),
        Arguments.of(new ZipException("bad CRC"), DAMAGED + " (bad CRC)"),
        Arguments.of(new FileErrors.DamageException("two ends"), DAMAGED + " (two ends)"),
        Arguments.of(new FileErrors.DamageException(new IllegalStateException()), DAMAGED),
        Arguments.of(new IOException("Corrupted header"), DAMAGED + " (Corrupted header)"),
        Arguments.of(new IOException("broken archive"), DAMAGED + " (broken archive)"),
        Arguments.of(new IOException("  "), "cannot be read"),
        Arguments.of(new IOException(), "cannot be read"),
        Arguments.of(new IOException("disk on fire"), "cannot be read (disk on fire)"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void everyFailureIsALine(IOException failure, String line) {
    assertThatThrownBy(
            () ->
                FileErrors.naming(
                    "f",
                    () -> {
                      throw failure;
                    }))
        .isInstanceOf(InputException.class)
        .hasMessage("f: " + line)
        .hasCause(failure);
  }

  @Test
  void memoryThatIsNotThereIsALineToo() {
    assertThatThrownBy(
            () ->
                FileErrors.naming(
                    "f",
                    () -> {
                      throw new OutOfMemoryError("heap");
                    }))
        .isInstanceOf(InputException.class)
        .hasMessage("f: does not fit into memory; give Java more with MIXEL_JAVA_OPTS=-Xmx8g");
    assertThat(FileErrors.<String>naming("f", () -> "read")).isEqualTo("read");
  }
}
