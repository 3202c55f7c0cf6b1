package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;

/** A long training holds no more memory than a short one: native tensors are freed as it goes. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
class SteadyMemoryTest {
  private static final int ROWS = 400;
  private static final int DIMS = 3000;

  @TempDir Path folder;

  /** One iteration's model is 1.4 MB, so keeping every one would add 200 MB. */
  @Test
  void manyMoreIterationsTakeNoMoreMemory() throws IOException {
    float[] values = new float[ROWS * DIMS];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() + (i / DIMS % 5);
    }
    Samples samples = StoredSamples.ofFloats("noise", DIMS, null, values);
    train(samples, 10);
    long before = nativeKilobytes();
    train(samples, 150);
    assertThat(nativeKilobytes() - before).isLessThan(100_000);
  }

  private void train(Samples samples, int iterations) {
    EmOptions options =
        EmOptions.defaults(20, 4).withIterations(iterations).withTolerance(0).withPatience(99);
    EmTrainer trainer =
        EmTrainer.of(options, ComputeDevice.CPU)
            .validatedBy(samples)
            .checkpointedIn(folder.resolve("checkpoint"), false);
    TrainingResult result = trainer.fit(samples, Progress.SILENT);
    result.model().close();
    assertThat(result.trainLogLikelihood()).hasSize(iterations);
  }

  /** Resident memory without the Java heap, which grows and shrinks by its own rules. */
  private static long nativeKilobytes() throws IOException {
    long resident =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow();
    return resident - Runtime.getRuntime().totalMemory() / 1024;
  }
}
