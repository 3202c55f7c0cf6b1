package org.mixel.neural;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.mixel.tensor.Threads;

/**
 * A long training of networks holds no more memory than a short one: all that a step makes is freed
 * with it. The trainings run in a process of their own whose Java heap does not grow.
 */
@Tag("slow")
@EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
class SteadyNetworksTest {
  /** Batch normalisation, second derivatives, an auto-encoder, a mixture. */
  private static final List<Recipe> RECIPES =
      List.of(new Dcgan(), new WganGp(), new Vae(), new Pix2Pix());

  private static final int BEFORE = 200;
  private static final int STEPS = 1_400;

  /** A batch of images is 6 kB, so keeping one of every step would add 8,700 kB. */
  @Test
  void manyMoreStepsTakeNoMoreMemory() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms64m",
                "-Xmx64m",
                "-XX:+AlwaysPreTouch",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SteadyNetworksTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> grown =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).isZero();
    assertThat(grown)
        .hasSameSizeAs(RECIPES)
        .allSatisfy(
            line ->
                assertThat(Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                    .as(line + " kB")
                    .isLessThan(8_000));
  }

  /** Prints by how many kilobytes the later steps of each kind have grown the process. */
  public static void main(String[] args) {
    Threads.limit(1);
    // Compiled code takes memory as well: all of it is there before the first that counts.
    RECIPES.forEach(recipe -> grown(recipe, BEFORE));
    RECIPES.forEach(recipe -> System.out.println(recipe.kind() + " " + grown(recipe, STEPS)));
  }

  private static long grown(Recipe recipe, int steps) {
    TinyTraining tiny = TinyTraining.of(recipe, true);
    NetworkOptions options =
        tiny.options(BEFORE + steps)
            .withCriticSteps(Math.min(1, recipe.defaults().criticSteps()))
            .withLearningRate(1e-4);
    long[] before = new long[1];
    tiny.train(
            options,
            trainer ->
                trainer
                    .on(new Schedule(BEFORE, BEFORE, 0, 0))
                    .paintedBy(
                        (step, sampler) -> before[0] = step == BEFORE ? resident() : before[0]))
        .close();
    return resident() - before[0];
  }

  private static long resident() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
