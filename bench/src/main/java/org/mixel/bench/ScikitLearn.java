package org.mixel.bench;

import java.util.Optional;
import org.mixel.data.Samples;

/** The same work by scikit-learn, where Python has it, to compare with in the same run. */
final class ScikitLearn {
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

  private ScikitLearn() {}

  /**
   * Times {@code KMeans} with two restarts and scales the time to as many as are asked for.
   *
   * @param images stored as bytes
   * @return nothing if there is no Python with scikit-learn
   */
  static Optional<Outcome> kMeans(Samples images, int clusters, int restarts) {
    return Python.with("sklearn")
        .flatMap(
            python ->
                python.run(
                    out -> Python.write(images, out),
                    "-c",
                    SCRIPT,
                    Integer.toString(images.rows()),
                    Integer.toString(clusters),
                    Integer.toString(MEASURED_RESTARTS)))
        .map(printed -> printed.strip().split(" ", 3))
        .map(
            words ->
                new Outcome(
                    Double.parseDouble(words[0]) * restarts / MEASURED_RESTARTS,
                    Double.parseDouble(words[1]),
                    words[2]));
  }
}
