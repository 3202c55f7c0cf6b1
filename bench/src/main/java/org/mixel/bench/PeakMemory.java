package org.mixel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.mixel.Progress;
import org.mixel.bench.BenchCase.Timing;
import org.mixel.data.Samples;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.tensor.ComputeDevice;

/**
 * The most resident memory of a process that works on CelebA, in GB (10^9 bytes), as the kernel
 * reports it ({@code VmHWM}). The process is this program once more, run with {@link #main}. Memory
 * hardly varies: one process is enough for all repetitions.
 */
public final class PeakMemory {
  private static final int COMPONENTS = 200;
  private static final int FACTORS = 10;
  private static final int ITERATIONS = 3;
  private static final String TRAINING = "memory-celeba";
  private static final String BINNING = "memory-ndb";

  static final BenchCase OF_TRAINING =
      benchCase(
          TRAINING,
          "training on CelebA, K=200 l=10",
          "reading, k-means and " + ITERATIONS + " iterations");

  static final BenchCase OF_BINNING =
      benchCase(BINNING, CelebaBins.WORK, "reading, k-means and counting");

  private PeakMemory() {}

  private static BenchCase benchCase(String name, String work, String parts) {
    return new BenchCase(
        name,
        "peak resident memory in GB, as the ratio, of " + work,
        (seed, progress) -> {
          OwnProcess.requireStatus();
          Pictures.faces(progress);
          return new Once(
              () -> new Once.Outcome(measure(name, seed), "the ratio is GB; " + parts + ", once"));
        });
  }

  private static Timing measure(String work, long seed) {
    long start = System.nanoTime();
    List<String> arguments = List.of(work, Long.toString(seed));
    String kilobytes = OwnProcess.answer(PeakMemory.class, List.of("-Xms32m"), arguments);
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Timing(seconds, null, Double.parseDouble(kilobytes) * 1024 / 1e9);
  }

  /**
   * Works, and writes the peak of this process's resident memory in kilobytes.
   *
   * @param args the file to write to, the name of the case, and the seed
   */
  public static void main(String[] args) throws IOException {
    Samples faces = Pictures.faces(Progress.SILENT);
    long seed = Long.parseLong(args[2]);
    if (args[1].equals(TRAINING)) {
      train(faces, seed);
    } else {
      CelebaBins.fit(faces, seed, Progress.SILENT);
    }
    Files.writeString(Path.of(args[0]), Long.toString(OwnProcess.kilobytes("VmHWM")));
  }

  private static void train(Samples faces, long seed) {
    TrainingOptions options =
        TrainingOptions.defaults(COMPONENTS, FACTORS)
            .withIterations(ITERATIONS)
            .withTolerance(0)
            .withSeed(seed);
    Trainer.of(options, ComputeDevice.CPU).fit(faces, Progress.SILENT).model().close();
  }
}
