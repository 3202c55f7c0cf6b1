package org.mixel.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.mixel.data.ElementType;
import org.mixel.data.Samples;

/** The same work by scikit-learn, where Python has it, to compare with in the same run. */
final class ScikitLearn {
  private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");
  private static final int MEASURED_RESTARTS = 2;

  /** Reads rows of bytes, prints seconds, inertia and version. */
  private static final String SCRIPT =
      """
      import sys, time
      import numpy, sklearn
      from sklearn.cluster import KMeans
      rows, clusters, restarts = (int(text) for text in sys.argv[1:])
      pixels = numpy.frombuffer(sys.stdin.buffer.read(), dtype=numpy.uint8)
      data = pixels.reshape(rows, -1).astype(numpy.float32) / 255
      start = time.perf_counter()
      fitted = KMeans(n_clusters=clusters, n_init=restarts, random_state=0).fit(data)
      print(time.perf_counter() - start, fitted.inertia_, sklearn.__version__)
      """;

  /**
   * What it took.
   *
   * @param seconds for all restarts
   * @param inertia of the best of the restarts that were run
   */
  record Outcome(double seconds, double inertia, String version) {}

  /** Writes what a process reads. */
  @FunctionalInterface
  private interface Input {
    void writeTo(OutputStream out) throws IOException;
  }

  private ScikitLearn() {}

  /**
   * Times {@code KMeans} with two restarts and scales the time to as many as are asked for.
   *
   * @param images stored as bytes
   * @return nothing if there is no Python with scikit-learn
   */
  static Optional<Outcome> kMeans(Samples images, int clusters, int restarts) {
    if (images.type() != ElementType.UINT8) {
      throw new IllegalArgumentException("bytes are expected, got " + images.type());
    }
    String[] sizes = {
      Integer.toString(images.rows()),
      Integer.toString(clusters),
      Integer.toString(MEASURED_RESTARTS)
    };
    return PYTHONS.stream()
        .filter(python -> run(out -> {}, python, "-c", "import sklearn").isPresent())
        .findFirst()
        .flatMap(
            python ->
                run(out -> write(images, out), python, "-c", SCRIPT, sizes[0], sizes[1], sizes[2]))
        .map(printed -> printed.strip().split(" ", 3))
        .map(
            words ->
                new Outcome(
                    Double.parseDouble(words[0]) * restarts / MEASURED_RESTARTS,
                    Double.parseDouble(words[1]),
                    words[2]));
  }

  private static void write(Samples images, OutputStream out) throws IOException {
    ByteBuffer row = ByteBuffer.allocate(images.rowBytes());
    for (int i = 0; i < images.rows(); i++) {
      images.read(i, 1, row.clear());
      out.write(row.array());
    }
  }

  /** What a command printed, or nothing if it is not there or fails. */
  private static Optional<String> run(Input input, String... command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
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
}
