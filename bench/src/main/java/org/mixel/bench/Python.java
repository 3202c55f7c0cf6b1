package org.mixel.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mixel.data.ElementType;
import org.mixel.data.Samples;

/**
 * A Python interpreter of this machine, to compare with what its libraries make of the same work.
 */
record Python(String command) {
  private static final List<String> COMMANDS = List.of("python3", "/usr/bin/python3");

  /** Writes what a process reads. */
  @FunctionalInterface
  interface Input {
    void writeTo(OutputStream out) throws IOException;
  }

  /** The first interpreter that has a module. */
  static Optional<Python> with(String module) {
    return COMMANDS.stream()
        .map(Python::new)
        .filter(python -> python.run(out -> {}, "-c", "import " + module).isPresent())
        .findFirst();
  }

  /**
   * Starts it. What this process's environment says of threads and memory holds for it as well: on
   * a busy machine, threads that keep the cores busy while they wait would take many times as long.
   */
  Process start(String... arguments) throws IOException {
    return new ProcessBuilder(Stream.concat(Stream.of(command), Stream.of(arguments)).toList())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** What it printed, or nothing if it is not there or fails. */
  Optional<String> run(Input input, String... arguments) {
    try {
      Process process = start(arguments);
      try (OutputStream in = new BufferedOutputStream(process.getOutputStream())) {
        input.writeTo(in);
      }
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? Optional.of(out) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Writes images one after the other, as they are stored. */
  static void write(Samples images, OutputStream out) throws IOException {
    if (images.type() != ElementType.UINT8) {
      throw new IllegalArgumentException("bytes are expected, got " + images.type());
    }
    ByteBuffer row = ByteBuffer.allocate(images.rowBytes());
    for (int i = 0; i < images.rows(); i++) {
      images.read(i, 1, row.clear());
      out.write(row.array());
    }
  }
}
