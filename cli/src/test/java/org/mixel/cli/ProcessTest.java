package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mixel.cli.Runs.mixel;
import static org.mixel.cli.Runs.refused;
import static org.mixel.cli.Runs.with;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.WholeFile;
import org.mixel.data.StoredSamples;
import org.mixel.io.SampleWriter;

/** Only a process of its own shows which classes it loads, and how it ends when interrupted. */
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
    assertThat(names()).hasSize(4);
    terminate(process);
    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(names()).isEmpty();
  }

  private static void terminate(Process process) throws Exception {
    // Not SIGINT, which a process started in the background may have been told to ignore.
    new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void whatAKilledRunLeftIsRemovedByTheNextAndWhatALivingOneWritesIsNot() throws Exception {
    Path model = folder.resolve("model.mfa");
    Process living = java(InterruptedRun.class.getName(), model.toString());
    Process killed = java(InterruptedRun.class.getName(), model.toString());
    for (Process process : List.of(living, killed)) {
      assertThat(process.inputReader().readLine()).isEqualTo("writing");
    }
    Set<Path> both = Set.copyOf(names());
    killed.destroyForcibly().waitFor();
    Path mine = Files.writeString(folder.resolve(".model.mfa.0123456789abcdef-1.lock.txt"), "mine");

    WholeFile.write(model, part -> Files.writeString(part, "whole"));
    WholeFile.write(folder.resolve("pictures"), part -> Files.writeString(part, "whole"));
    assertThat(names()).hasSize(4 + 3).contains(mine, model);
    assertThat(names().stream().filter(both::contains)).hasSize(4);
    terminate(living);
    living.waitFor();
    assertThat(names()).containsExactlyInAnyOrder(mine, model, folder.resolve("pictures"));
    assertThat(model).hasContent("whole");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void oneTrainingAtATimeGoesOnAfterWhateverEndedIt() throws Exception {
    Path data = folder.resolve("in.npy");
    float[] values = new float[400];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i * i);
    }
    SampleWriter.write(data, StoredSamples.ofFloats("in", 4, null, values));
    Path model = folder.resolve("m.mfa");
    Path checkpoint = folder.resolve("m.mfa.checkpoint");
    // It never ends by itself.
    String[] fit = {
      "fit",
      data.toString(),
      "-o",
      model.toString(),
      "--components=3",
      "--factors=1",
      "--tolerance=0",
      "--patience=1000000",
      "--validation",
      data.toString(),
      "--iterations"
    };
    String[] program = with(new String[] {Mixel.class.getName()}, fit);
    Process first = java(with(program, "1000000"));
    awaitFile(checkpoint);
    refused("another process is making it", mixel(with(fit, "1000000", "--resume")));
    terminate(first);
    String said = new String(first.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(first.waitFor()).isEqualTo(143);
    assertThat(said).contains("interrupted; the same command with --resume goes on\n");
    assertThat(names()).contains(checkpoint).doesNotContain(folder.resolve("m.mfa.lock"));

    FileTime written = Files.getLastModifiedTime(checkpoint);
    Process second = java(with(program, "1000000", "--restart"));
    for (int i = 0; i < 1200 && !newer(checkpoint, written); i++) {
      Thread.sleep(50);
    }
    second.destroyForcibly().waitFor();
    assertThat(newer(checkpoint, written)).isTrue();
    refused("an interrupted training of", mixel(with(fit, "1")));
    Runs.Outcome done = mixel(with(fit, "1", "--resume", "--quiet"));
    assertThat(done.exitCode()).as(done.err()).isZero();
    assertThat(names()).containsExactlyInAnyOrder(data, model);
  }

  private static boolean newer(Path file, FileTime than) throws IOException {
    try {
      return Files.getLastModifiedTime(file).compareTo(than) > 0;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void awaitFile(Path file) throws InterruptedException {
    for (int i = 0; i < 1200 && !Files.exists(file); i++) {
      Thread.sleep(50);
    }
    assertThat(file).exists();
  }

  private List<Path> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** Starts Java on this test's class path; both output streams come as one. */
  /** As where somebody copied the runnable jar alone. */
  @Test
  void nativeLibrariesThatAreMissingAreAskedFor() throws Exception {
    String others =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.endsWith(Loader.getPlatform() + ".jar"))
            .collect(Collectors.joining(File.pathSeparator));
    Process process = javaOf(others, Mixel.class.getName(), "doctor");
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(out.lines())
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("mixel: cannot load libtorch for " + Loader.getPlatform())
        .contains("the folder natives beside mixel.jar");
  }

  private static Process java(String... arguments) throws IOException {
    return javaOf(System.getProperty("java.class.path"), arguments);
  }

  private static Process javaOf(String classPath, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
