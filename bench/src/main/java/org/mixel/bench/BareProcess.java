package org.mixel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.mixel.Progress;
import org.mixel.bench.BenchCase.Timing;
import org.mixel.data.Samples;
import org.mixel.mfa.training.Initialization;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.tensor.ComputeDevice;

/**
 * An exact EM iteration in a Java process without environment variables for the native libraries,
 * beside one in a process that was started with all that make them fast. Each is this program once
 * more, run with {@link #main}.
 */
public final class BareProcess {
  private static final Map<String, String> TUNED =
      Map.of(
          "OPENBLAS_THREAD_TIMEOUT", "4",
          "OMP_WAIT_POLICY", "PASSIVE",
          "GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
  private static final int ROWS = 20_000;
  private static final int COMPONENTS = 50;
  private static final int FACTORS = 6;
  private static final int ITERATIONS = 12;

  static final BenchCase CASE =
      new BenchCase(
          "bare-process",
          "one exact EM iteration, K=%d l=%d, in a process without environment variables; floor: with them"
              .formatted(COMPONENTS, FACTORS),
          (seed, progress) -> {
            Pictures.digits(progress);
            return new BenchCase.Trial() {
              @Override
              public Timing time() {
                return new Timing(seconds(Map.of(), seed), seconds(TUNED, seed));
              }

              @Override
              public String note() {
                return "medians of %d iterations on %,d digits".formatted(ITERATIONS - 1, ROWS);
              }
            };
          });

  private BareProcess() {}

  private static double seconds(Map<String, String> environment, long seed) {
    List<String> arguments = List.of(Long.toString(seed));
    return Double.parseDouble(
        OwnProcess.answer(BareProcess.class, List.of(), arguments, environment));
  }

  /**
   * Trains, and writes the median of the seconds that an iteration takes, the first left out.
   *
   * @param args the file to write to, and the seed
   */
  public static void main(String[] args) throws IOException {
    Samples digits = Pictures.digits(Progress.SILENT).select(IntStream.range(0, ROWS).toArray());
    TrainingOptions options =
        TrainingOptions.defaults(COMPONENTS, FACTORS)
            .withInitialization(Initialization.RANDOM)
            .withSeed(Long.parseLong(args[1]))
            .withTolerance(0)
            .withIterations(ITERATIONS);
    TrainingResult result = Trainer.of(options, ComputeDevice.CPU).fit(digits, Progress.SILENT);
    result.model().close();
    double median = BenchResult.median(result.iterationSeconds().stream().skip(1));
    Files.writeString(Path.of(args[0]), Double.toString(median));
  }
}
