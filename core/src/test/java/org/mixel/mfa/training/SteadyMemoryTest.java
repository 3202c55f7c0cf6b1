package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;

/**
 * A long training holds no more memory than a short one: native tensors are freed as it goes. The
 * trainings run in a process of their own whose Java heap does not grow.
 */
@Tag("slow")
@EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
class SteadyMemoryTest {
  private static final int ROWS = 200;
  private static final int DIMS = 3000;

  @TempDir Path folder;

  /** One iteration's model is 1.4 MB, so keeping every one would add 84 MB. */
  @Test
  void manyMoreIterationsTakeNoMoreMemory() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms128m",
                "-Xmx128m",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path"),
                SteadyMemoryTest.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String grown =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    assertThat(Long.parseLong(grown)).as("kilobytes").isLessThan(50_000);
  }

  /** Prints by how many kilobytes 60 iterations more have grown the process. */
  public static void main(String[] args) throws IOException {
    float[] values = new float[ROWS * DIMS];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() + (i / DIMS % 5);
    }
    Samples samples = StoredSamples.ofFloats("noise", DIMS, null, values);
    train(samples, 20, Path.of(args[0]));
    long before = residentKilobytes();
    train(samples, 60, Path.of(args[0]));
    System.out.println(residentKilobytes() - before);
  }

  private static void train(Samples samples, int iterations, Path folder) {
    TrainingOptions options =
        TrainingOptions.defaults(20, 4)
            .withIterations(iterations)
            .withTolerance(0)
            .withPatience(999);
    Trainer trainer =
        Trainer.of(options, ComputeDevice.CPU)
            .validatedBy(samples)
            .checkpointedIn(folder.resolve("checkpoint"), false);
    TrainingResult result = trainer.fit(samples, Progress.SILENT);
    result.model().close();
    if (result.trainLogLikelihood().size() != iterations) {
      throw new IllegalStateException("the training stopped early");
    }
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
