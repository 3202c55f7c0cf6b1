package org.mixel.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mixel.InputException;

/** This program once more, in a process of its own, whose memory the kernel reports. */
final class OwnProcess {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** Variables that native libraries read when they are loaded. */
  private static final List<String> NATIVE_VARIABLES =
      List.of(
          "OPENBLAS_THREAD_TIMEOUT", "OMP_WAIT_POLICY", "GLIBC_TUNABLES", "THP_MEM_ALLOC_ENABLE");

  private OwnProcess() {}

  /** Runs a main method in the environment of this process. */
  static String answer(Class<?> main, List<String> options, List<String> arguments) {
    return answer(main, options, arguments, new ProcessBuilder().environment());
  }

  /**
   * Runs a main method.
   *
   * @param options of the Java virtual machine
   * @param arguments after the first, which is the file for its answer
   * @param environment the variables that native libraries read; none else of them are set
   * @return the answer
   */
  static String answer(
      Class<?> main,
      List<String> options,
      List<String> arguments,
      Map<String, String> environment) {
    try {
      Path answer = Files.createTempFile("mixel-bench", ".txt");
      try {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.add(answer.toString());
        command.addAll(arguments);
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet().removeAll(NATIVE_VARIABLES);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
          if (process.waitFor() != 0) {
            throw new IllegalStateException("the process that was measured failed");
          }
        } finally {
          process.destroy();
        }
        return Files.readString(answer);
      } finally {
        Files.deleteIfExists(answer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run the process to measure: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * @throws InputException if the kernel does not report a process's memory
   */
  static void requireStatus() {
    if (!Files.isReadable(STATUS)) {
      throw new InputException("this system does not tell a process's memory in " + STATUS);
    }
  }

  /**
   * A figure of the kernel about this process, in kilobytes.
   *
   * @param name {@code VmRSS} for its resident memory, {@code VmHWM} for the most that it was
   */
  static long kilobytes(String name) {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(name + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + STATUS + ": " + e.getMessage(), e);
    }
  }
}
