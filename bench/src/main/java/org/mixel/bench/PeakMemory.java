package org.mixel.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.tensor.ComputeDevice;

/**
 * The most resident memory of a process that trains on CelebA, in GB (10^9 bytes), as the kernel
 * tells it ({@code VmHWM}). The process is this program once more, run with {@link #main}.
 */
public final class PeakMemory implements BenchCase {
  private static final int COMPONENTS = 200;
  private static final int FACTORS = 10;
  private static final int ITERATIONS = 3;
  private static final Path STATUS = Path.of("/proc/self/status");

  PeakMemory() {}

  @Override
  public String name() {
    return "memory-celeba";
  }

  @Override
  public String measures() {
    return "peak resident memory in GB, as the ratio, of training on CelebA, K=200 l=10";
  }

  @Override
  public Trial prepare(long seed, Progress progress) {
    if (!Files.isReadable(STATUS)) {
      throw new InputException("this system does not tell a process's peak memory in " + STATUS);
    }
    Pictures.faces(progress);
    return new Child(seed);
  }

  private static final class Child implements Trial {
    private final long seed;
    private @Nullable Timing measured;

    Child(long seed) {
      this.seed = seed;
    }

    /** Memory hardly varies: one process is enough for all repetitions. */
    @Override
    public Timing time() {
      if (measured == null) {
        double[] kilobytes = new double[1];
        double seconds = Timing.secondsOf(() -> kilobytes[0] = run(seed));
        measured = new Timing(seconds, null, kilobytes[0] * 1024 / 1e9);
      }
      return measured;
    }

    @Override
    public String note() {
      return String.format(
          Locale.ROOT, "the ratio is GB; reading, k-means and %d iterations, once", ITERATIONS);
    }

    @Override
    public void close() {}
  }

  private static double run(long seed) {
    try {
      Path answer = Files.createTempFile("mixel-bench", ".txt");
      try {
        Process process =
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xms32m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    PeakMemory.class.getName(),
                    Long.toString(seed),
                    answer.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
          if (process.waitFor() != 0) {
            throw new IllegalStateException("the training process failed");
          }
        } finally {
          process.destroy();
        }
        return Double.parseDouble(Files.readString(answer));
      } finally {
        Files.deleteIfExists(answer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run the training process: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * Trains, and writes the peak of this process's resident memory in kilobytes.
   *
   * @param args the seed, and the file to write to
   */
  public static void main(String[] args) throws IOException {
    Samples faces = Pictures.faces(Progress.SILENT);
    TrainingOptions options =
        TrainingOptions.defaults(COMPONENTS, FACTORS)
            .withIterations(ITERATIONS)
            .withTolerance(0)
            .withSeed(Long.parseLong(args[0]));
    Trainer.of(options, ComputeDevice.CPU).fit(faces, Progress.SILENT).model().close();
    Files.writeString(Path.of(args[1]), peak());
  }

  private static String peak() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .map(line -> line.replaceAll("\\D", ""))
        .findFirst()
        .orElseThrow();
  }
}
