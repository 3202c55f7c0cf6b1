package org.mixel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.tensor.ComputeDevice;

/**
 * The most resident memory of a process that works on CelebA, in GB (10^9 bytes), as the kernel
 * tells it ({@code VmHWM}). The process is this program once more, run with {@link #main}.
 */
public final class PeakMemory implements BenchCase {
  private static final int COMPONENTS = 200;
  private static final int FACTORS = 10;
  private static final int ITERATIONS = 3;

  private final Work work;

  private PeakMemory(Work work) {
    this.work = work;
  }

  private enum Work {
    TRAINING(
        "memory-celeba",
        "training on CelebA, K=200 l=10",
        "reading, k-means and " + ITERATIONS + " iterations"),
    BINNING("memory-ndb", CelebaBins.WHAT, "reading, k-means and counting");

    private final String caseName;
    private final String what;
    private final String parts;

    Work(String caseName, String what, String parts) {
      this.caseName = caseName;
      this.what = what;
      this.parts = parts;
    }
  }

  static PeakMemory ofTraining() {
    return new PeakMemory(Work.TRAINING);
  }

  static PeakMemory ofBinning() {
    return new PeakMemory(Work.BINNING);
  }

  @Override
  public String name() {
    return work.caseName;
  }

  @Override
  public String measures() {
    return "peak resident memory in GB, as the ratio, of " + work.what;
  }

  @Override
  public Trial prepare(long seed, Progress progress) {
    OwnProcess.requireStatus();
    Pictures.faces(progress);
    return new Child(work, seed);
  }

  private static final class Child implements Trial {
    private final Work work;
    private final long seed;
    private @Nullable Timing measured;

    Child(Work work, long seed) {
      this.work = work;
      this.seed = seed;
    }

    /** Memory hardly varies: one process is enough for all repetitions. */
    @Override
    public Timing time() {
      if (measured == null) {
        double[] kilobytes = new double[1];
        double seconds = Timing.secondsOf(() -> kilobytes[0] = run(work, seed));
        measured = new Timing(seconds, null, kilobytes[0] * 1024 / 1e9);
      }
      return measured;
    }

    @Override
    public String note() {
      return "the ratio is GB; " + work.parts + ", once";
    }

    @Override
    public void close() {}
  }

  private static double run(Work work, long seed) {
    return Double.parseDouble(
        OwnProcess.answer(
            PeakMemory.class, List.of("-Xms32m"), List.of(work.name(), Long.toString(seed))));
  }

  /**
   * Works, and writes the peak of this process's resident memory in kilobytes.
   *
   * @param args the file to write to, what to do, and the seed
   */
  public static void main(String[] args) throws IOException {
    Samples faces = Pictures.faces(Progress.SILENT);
    long seed = Long.parseLong(args[2]);
    switch (Work.valueOf(args[1])) {
      case TRAINING -> train(faces, seed);
      case BINNING -> CelebaBins.fit(faces, seed, Progress.SILENT);
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
