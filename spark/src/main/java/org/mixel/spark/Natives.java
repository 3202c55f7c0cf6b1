package org.mixel.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import org.mixel.InputException;

/**
 * The native libraries of an executor: they are unpacked into its own folder, which goes when it
 * ends, so that executors of one machine do not write the same files. Whoever sets {@code
 * org.bytedeco.javacpp.cachedir} keeps them there instead.
 */
final class Natives {
  private static final String CACHE = "org.bytedeco.javacpp.cachedir";

  /** libtorch itself, and what it allocates besides tensors. */
  private static final double LIBRARY = 500e6;

  private static boolean prepared;

  private Natives() {}

  /** To be called before libtorch is used. */
  static synchronized void prepare() {
    SparkEnv environment = SparkEnv.get();
    if (prepared || environment == null || environment.executorId().equals("driver")) {
      return;
    }
    if (System.getProperty(CACHE) == null && System.getenv("JAVACPP_CACHEDIR") == null) {
      try {
        Path folder = Path.of(SparkFiles.getRootDirectory());
        System.setProperty(CACHE, Files.createTempDirectory(folder, "natives").toString());
      } catch (IOException e) {
        throw new UncheckedIOException("cannot unpack libtorch: " + e.getMessage(), e);
      }
    }
    prepared = true;
  }

  /** What to say where the libraries do not load. */
  static InputException missing(Throwable failure) {
    return new InputException(
        "the native libraries of pytorch and openblas for %s, %s do not load; put their jars for this platform on the executors' class path (%s)"
            .formatted(
                System.getProperty("os.name"), System.getProperty("os.arch"), failure.getMessage()),
        failure);
  }

  /**
   * Tells what executors need beside their heap.
   *
   * @param modelBytes size of a model
   */
  static void tellMemory(SparkConf configuration, double modelBytes) {
    int cores = configuration.getInt("spark.executor.cores", 1);
    int each = configuration.getInt("spark.task.cpus", 1);
    double bytes = LIBRARY + modelBytes * (1 + 2.0 * Math.max(1, cores / each));
    System.getLogger(Natives.class.getName())
        .log(
            System.Logger.Level.INFO,
            "executors of %d cores need about %.0f MB beside their heap (spark.executor.memoryOverhead is %s)"
                .formatted(
                    cores,
                    bytes / 1e6,
                    configuration.get("spark.executor.memoryOverhead", "not set")));
  }
}
