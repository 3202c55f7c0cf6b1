package org.mixel.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Memory on disk is there when it is given out: a disk that fills later does not end the program.
 */
class ScratchFileTest {
  private static final int PART = 3 << 20;

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "the size on disk is asked of Linux")
  void theDiskHasTheRoomOfAPartBeforeItIsMapped() throws Exception {
    try (ScratchFile file = ScratchFile.create(2L * PART)) {
      file.map(PART);
      assertThat(bytesOnDisk()).isGreaterThanOrEqualTo(PART);
      file.map(PART);
      assertThat(bytesOnDisk()).isGreaterThanOrEqualTo(2L * PART);
    }
  }

  @Test
  void partsAreZerosAndLieBesideEachOther() throws IOException {
    try (ScratchFile file = ScratchFile.create(-1)) {
      ByteBuffer one = file.map(100_001);
      ByteBuffer other = file.map(7);
      assertThat(one).isEqualTo(ByteBuffer.allocate(100_001));
      assertThat(other).isEqualTo(ByteBuffer.allocate(7));
      while (one.hasRemaining()) {
        one.put((byte) 1);
      }
      assertThat(other).isEqualTo(ByteBuffer.allocate(7));
      assertThat(file.channel().size()).isEqualTo(100_008);
    }
  }

  /** What the one scratch file of this process takes; it has no name any more. */
  private static long bytesOnDisk() throws Exception {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      List<Path> scratch = open.filter(ScratchFileTest::isScratch).toList();
      assertThat(scratch).hasSize(1);
      String file =
          "/proc/" + ProcessHandle.current().pid() + "/fd/" + scratch.get(0).getFileName();
      Process stat = new ProcessBuilder("stat", "-L", "-c", "%b %B", file).start();
      String[] blocks =
          new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .strip()
              .split(" ");
      return Long.parseLong(blocks[0]) * Long.parseLong(blocks[1]);
    }
  }

  private static boolean isScratch(Path link) {
    try {
      return Files.readSymbolicLink(link).toString().matches(".*/tmp/rows[0-9]+\\.tmp.*");
    } catch (IOException e) {
      // The folder of links itself, which is closed again.
      return false;
    }
  }
}
