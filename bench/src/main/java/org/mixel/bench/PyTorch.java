package org.mixel.bench;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mixel.data.Samples;

/**
 * Steps of training by PyTorch, where Python has it: a process that holds the images and the
 * networks, and does as many steps as it is told. It is at rest between them.
 */
final class PyTorch implements AutoCloseable {
  private static final String SCRIPT = "steps.py";

  private final Process process;
  private final OutputStream in;
  private final BufferedReader out;
  private final String version;

  private PyTorch(Process process, OutputStream in, BufferedReader out) throws IOException {
    this.process = process;
    this.in = in;
    this.out = out;
    version = line();
  }

  /**
   * Starts it.
   *
   * @param images 28x28, stored as bytes
   * @param settings words that the script wants
   * @return nothing if there is no Python with PyTorch
   */
  static Optional<PyTorch> start(Samples images, List<String> settings) {
    return Python.with("torch").map(python -> start(python, images, settings));
  }

  private static PyTorch start(Python python, Samples images, List<String> settings) {
    try {
      Process process =
          python.start(
              Stream.concat(Stream.of("-c", script()), settings.stream()).toArray(String[]::new));
      try {
        OutputStream in = new BufferedOutputStream(process.getOutputStream());
        Python.write(images, in);
        in.flush();
        return new PyTorch(process, in, process.inputReader(StandardCharsets.UTF_8));
      } catch (IOException e) {
        process.destroy();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("PyTorch does not train: " + e.getMessage(), e);
    }
  }

  private static String script() throws IOException {
    try (InputStream script = PyTorch.class.getResourceAsStream(SCRIPT)) {
      if (script == null) {
        throw new IllegalStateException("the program lacks " + SCRIPT);
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String line() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("its process ended");
    }
    return line;
  }

  /** Does steps and tells the seconds of all. */
  double secondsOf(int steps) {
    try {
      in.write((steps + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
      return Double.parseDouble(line());
    } catch (IOException e) {
      throw new UncheckedIOException("PyTorch does not train: " + e.getMessage(), e);
    }
  }

  /** Its version and the number of its threads, with a blank between them. */
  String version() {
    return version;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
