package org.mixel.bench;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mixel.data.ElementType;
import org.mixel.data.Samples;

/**
 * A script of {@code peers}, which does the same work with another library, in a Python of this
 * machine that has the library.
 *
 * @param python the command of the interpreter
 * @param script its text
 */
record Peer(String python, String script) {
  private static final List<String> INTERPRETERS = List.of("python3", "/usr/bin/python3");

  /** Writes the input of a script. */
  @FunctionalInterface
  interface Input {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Finds an interpreter; nothing if none can import the module. */
  static Optional<Peer> of(String file, String module) {
    return INTERPRETERS.stream()
        .filter(python -> new Peer(python, "import " + module).answer(out -> {}).isPresent())
        .findFirst()
        .map(python -> new Peer(python, text(file)));
  }

  private static String text(String file) {
    try (InputStream script = Peer.class.getResourceAsStream("peers/" + file)) {
      if (script == null) {
        throw new IllegalStateException("the program lacks " + file);
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The environment of this process holds for the script as well, and the settings that this
   * program makes for its own threads: threads that spin while they wait would take many times as
   * long on a busy machine.
   */
  private Process process(Object... arguments) throws IOException {
    Stream<String> words = Stream.of(arguments).map(Object::toString);
    ProcessBuilder builder =
        new ProcessBuilder(Stream.concat(Stream.of(python, "-c", script), words).toList())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putIfAbsent("OPENBLAS_THREAD_TIMEOUT", "4");
    builder.environment().putIfAbsent("OMP_WAIT_POLICY", "PASSIVE");
    return builder.start();
  }

  /** The output of the script, or nothing if it fails. */
  Optional<String> answer(Input input, Object... arguments) {
    try {
      Process process = process(arguments);
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

  /** Writes images one after the other, as they are stored: one byte a value. */
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

  /** A running script that answers each line with a line, and rests in between. */
  static final class Dialogue implements AutoCloseable {
    private final Process process;
    private final OutputStream in;
    private final BufferedReader out;
    private final String greeting;

    /** Starts the script, gives it images and reads its first line. */
    Dialogue(Peer peer, Samples images, Object... arguments) {
      try {
        process = peer.process(arguments);
        in = new BufferedOutputStream(process.getOutputStream());
        out = process.inputReader(StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw failed(e);
      }
      try {
        write(images, in);
        in.flush();
        greeting = line();
      } catch (IOException e) {
        process.destroy();
        throw failed(e);
      }
    }

    /** The first line of the script. */
    String greeting() {
      return greeting;
    }

    /** The answer to a line. */
    String ask(String line) {
      try {
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
        return line();
      } catch (IOException e) {
        throw failed(e);
      }
    }

    private String line() throws IOException {
      String line = out.readLine();
      if (line == null) {
        throw new IOException("its process ended");
      }
      return line;
    }

    private static UncheckedIOException failed(IOException e) {
      return new UncheckedIOException("the script in Python failed: " + e.getMessage(), e);
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
