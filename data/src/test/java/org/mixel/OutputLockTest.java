package org.mixel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One output is made by one at a time, and the lock leaves nothing behind. */
class OutputLockTest {
  @TempDir private Path folder;

  @Test
  void aSecondIsRefusedUntilTheFirstIsDone() throws IOException {
    Path output = folder.resolve("new/m.mfa");
    try (OutputLock lock = OutputLock.of(output)) {
      assertThat(folder.resolve("new/m.mfa.lock")).exists();
      assertThatThrownBy(() -> OutputLock.of(folder.resolve("new/../new/m.mfa")))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("another process is making it (it holds m.mfa.lock)");
      OutputLock.of(folder.resolve("new/other.mfa")).close();
    }
    assertThat(folder).isEmptyDirectory();
    try (OutputLock lock = OutputLock.of(output)) {
      Files.writeString(output, "done");
    }
    assertThat(output).hasContent("done");
    assertThat(folder.resolve("new/m.mfa.lock")).doesNotExist();
  }

  @Test
  void whatIsNoLockIsNotTaken() throws IOException {
    Path mine = Files.writeString(folder.resolve("m.mfa.lock"), "mine");
    assertThatThrownBy(() -> OutputLock.of(folder.resolve("m.mfa")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(mine + ": is in the way");
    assertThat(mine).hasContent("mine");
  }

  @Test
  void oneThatAKilledProcessLeftIsTakenOver() throws IOException {
    Files.createFile(folder.resolve("m.mfa.lock"));
    OutputLock.of(folder.resolve("m.mfa")).close();
    assertThat(folder).isEmptyDirectory();
  }
}
