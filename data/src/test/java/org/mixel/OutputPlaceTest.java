package org.mixel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whether an output can be written is known before the work, and asking leaves nothing behind. */
class OutputPlaceTest {
  @TempDir private Path folder;

  private static void assertRefused(String message, Runnable check) {
    assertThatThrownBy(check::run)
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void whatCanBeWrittenIsLeftAsItIs() throws IOException {
    Path old = Files.writeString(folder.resolve("old.npy"), "old");
    OutputPlace.requireFile(old);
    OutputPlace.requireFile(folder.resolve("new/deep.npy"));
    OutputPlace.requireFolder(folder);
    OutputPlace.requireEmptyFolder(folder.resolve("new"));
    OutputPlace.requireSpace(folder.resolve("new/deep.npy"), 1);
    assertThat(folder).isDirectoryContaining(old::equals);
    assertThat(Files.list(folder)).containsExactly(old);
    assertThat(old).hasContent("old");
  }

  @Test
  void whatCannotBeIsSaidInALine() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertRefused("is a directory; name a file", () -> OutputPlace.requireFile(folder));
    assertRefused("is not a folder", () -> OutputPlace.requireFile(file.resolve("m.mfa")));
    assertRefused("is not a folder", () -> OutputPlace.requireFolder(file));
    assertRefused("is not a folder", () -> OutputPlace.requireFolder(file.resolve("a/b")));
    assertRefused("holds something", () -> OutputPlace.requireEmptyFolder(folder));
    assertRefused("MB are free there", () -> OutputPlace.requireSpace(file, Long.MAX_VALUE / 2));
    String name = "n".repeat(255);
    assertRefused("cannot be written there", () -> OutputPlace.requireFile(folder.resolve(name)));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void devicesAreFilesAndNoFolders() {
    Path none = Path.of("/dev/null");
    assertThatCode(() -> OutputPlace.requireFile(none)).doesNotThrowAnyException();
    assertThatCode(() -> OutputPlace.requireSpace(none, Long.MAX_VALUE)).doesNotThrowAnyException();
    assertRefused("/dev/null: is not a folder", () -> OutputPlace.requireFolder(none));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void readOnlyPlacesAreToldFromOthers() throws IOException {
    Path file = Files.writeString(folder.resolve("m.mfa"), "x");
    Path closed = Files.createDirectory(folder.resolve("closed"));
    assertThat(file.toFile().setWritable(false)).isTrue();
    assertThat(closed.toFile().setWritable(false)).isTrue();
    // Nothing is read-only to the superuser.
    assumeFalse(Files.isWritable(file));
    assertRefused("is read-only", () -> OutputPlace.requireFile(file));
    assertRefused("permission denied", () -> OutputPlace.requireFile(closed.resolve("m.mfa")));
    assertRefused("permission denied", () -> OutputPlace.requireFolder(closed));
  }

  @Test
  void theDiskSaysWhyALibraryFailed() {
    IOException disk = new IOException("No space left on device");
    assertThat(OutputPlace.reason(new IOException("I/O error writing PNG file!", disk)))
        .isEqualTo("No space left on device");
    assertThat(OutputPlace.reason(new IOException("damaged", new RuntimeException("x"))))
        .isEqualTo("damaged");
  }
}
