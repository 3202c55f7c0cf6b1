package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process that finds no more memory ends with one line that says so, wherever it was missing. */
class MemoryTest {
  @TempDir private Path folder;

  @Test
  void aHeapThatIsTooSmallEndsWithOneLine() throws Exception {
    images();
    for (String command :
        List.of(
            "fit in.npy -o m.mfa --components 20 --factors 2",
            "evaluate in.npy in.npy --bins 4",
            "ndb in.npy in.npy --bins 4")) {
      assertOneLine(
          QuickJava.plain("-Xmx8m").process(folder, arguments(command)),
          "mixel: out of memory \\(.*\\); use smaller batches or fewer rows, or give Java more"
              + " with MIXEL_JAVA_OPTS=-Xmx8g\n");
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "others have no limit of a process's memory")
  void memoryThatTheSystemRefusesToTheEngineEndsWithOneLine() throws Exception {
    images();
    // The first weights take 16 GiB.
    ProcessBuilder process =
        QuickJava.plain("-Xmx200m")
            .process(
                folder,
                arguments(
                    "train dcgan in.npy -o g.net --steps 1 --batch 16 --width 4096 --latent 65536"));
    List<String> limited =
        new ArrayList<>(List.of("sh", "-c", "ulimit -v 16777216; exec \"$@\"", "sh"));
    limited.addAll(process.command());
    assertOneLine(
        process.command(limited),
        "mixel: out of memory beside Java's heap; use smaller batches, fewer rows or a smaller"
            + " model\n");
  }

  private void images() {
    byte[] pixels = new byte[2_000 * 64];
    new Random(1).nextBytes(pixels);
    new ArrayFiles(folder).images("in.npy", pixels);
  }

  private static List<String> arguments(String command) {
    return List.of((Mixel.class.getName() + " " + command + " --quiet --threads 1").split(" "));
  }

  private static void assertOneLine(ProcessBuilder builder, String line) throws Exception {
    Process process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).matches(line);
    assertThat(process.waitFor()).isEqualTo(1);
  }
}
