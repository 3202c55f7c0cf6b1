package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own shows: which classes it loads, how it ends when interrupted. */
class ProcessTest {
  @TempDir private Path folder;

  @Test
  void helpAndVersionDoNotTouchTheEngine() throws Exception {
    for (String option : List.of("--help", "--version")) {
      Process process = java("-verbose:class", Mixel.class.getName(), option);
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).isZero();
      assertThat(out).contains("org.mixel.cli.Mixel").doesNotContain("org.bytedeco");
    }
  }

  @Test
  void versionNamesMixelAndJava() throws Exception {
    Process process = java(Mixel.class.getName(), "--version");
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(out.lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("mixel [0-9].*"),
            line -> assertThat(line).matches("no commit|commit [0-9a-f]{7,}(, modified)?"),
            line -> assertThat(line).startsWith("Java " + System.getProperty("java.version")));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void anInterruptedRunLeavesNothingHalfWritten() throws Exception {
    Process process = java(InterruptedRun.class.getName(), folder.resolve("model.mfa").toString());
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    assertThat(out.readLine()).isEqualTo("writing");
    assertThat(names()).hasSize(2);
    // Not SIGINT, which a process started in the background may have been told to ignore.
    new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(out.readLine()).isNull();
    assertThat(names()).isEmpty();
  }

  private List<Path> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** Starts Java on this test's class path; both output streams come as one. */
  private static Process java(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
