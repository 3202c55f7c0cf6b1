package org.mixel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.bench.BenchCase.Timing;
import org.mixel.data.Samples;
import org.mixel.neural.Dcgan;
import org.mixel.neural.NetworkOptions;
import org.mixel.neural.NetworkTrainer;
import org.mixel.neural.Recipe;
import org.mixel.neural.Schedule;
import org.mixel.neural.WganGp;
import org.mixel.tensor.ComputeDevice;

/**
 * The growth of a process over 2,000 steps of training, in MB (10^6 bytes): none if a step frees
 * all that it makes. The process is this program once more, run with {@link #main}; its Java heap
 * has all its memory from the beginning. One process of each kind is enough for all repetitions.
 */
public final class SteadyTraining {
  /** One with batch normalisation, and one with second derivatives. */
  private static final List<Recipe> RECIPES = List.of(new Dcgan(), new WganGp());

  private static final int WIDTH = 4;
  private static final int BATCH = 16;
  private static final int ROWS = 1_000;
  private static final int BEFORE = 500;
  private static final int STEPS = 2_000;

  /** All memory from the beginning, and little of it for compiling. */
  private static final List<String> VIRTUAL_MACHINE =
      List.of("-Xms192m", "-Xmx192m", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1");

  static final BenchCase CASE =
      new BenchCase(
          "memory-train",
          "growth of resident memory in MB, as the ratio, over %,d steps of training, the larger of %s"
              .formatted(
                  STEPS, RECIPES.stream().map(Recipe::kind).collect(Collectors.joining(" and "))),
          (seed, progress) -> {
            OwnProcess.requireStatus();
            Pictures.digits(progress);
            return new Once(() -> measure(seed));
          });

  private SteadyTraining() {}

  private static Once.Outcome measure(long seed) {
    Map<String, Double> growth = new LinkedHashMap<>();
    double seconds =
        Timing.secondsOf(
            () -> RECIPES.forEach(each -> growth.put(each.kind(), megabytes(each, seed))));
    return new Once.Outcome(
        new Timing(seconds, null, Collections.max(growth.values())),
        growth.entrySet().stream()
            .map(each -> "%s %.1f".formatted(each.getKey(), each.getValue()))
            .collect(Collectors.joining(", ", "", " MB after the first " + BEFORE + " steps")));
  }

  private static double megabytes(Recipe recipe, long seed) {
    List<String> arguments = List.of(recipe.kind(), Long.toString(seed));
    String kilobytes = OwnProcess.answer(SteadyTraining.class, VIRTUAL_MACHINE, arguments);
    return Long.parseLong(kilobytes) * 1024 / 1e6;
  }

  /**
   * Trains, and writes the growth of resident memory since the first steps, in kilobytes.
   *
   * @param args the file to write to, the kind of the model, and the seed
   */
  public static void main(String[] args) throws IOException {
    Recipe recipe = Recipe.of(args[1]);
    Samples images = Pictures.digits(Progress.SILENT).select(IntStream.range(0, ROWS).toArray());
    NetworkOptions options =
        NetworkOptions.defaults(recipe)
            .withSteps(BEFORE + STEPS)
            .withBatch(BATCH)
            .withCriticSteps(1)
            .withSeed(Long.parseLong(args[2]));
    long[] before = new long[1];
    NetworkTrainer trainer =
        NetworkTrainer.of(recipe, options, ComputeDevice.CPU)
            .sized(WIDTH, null)
            .on(new Schedule(BEFORE, BEFORE, 0, 0))
            .paintedBy(
                (step, sampler) -> {
                  if (step == BEFORE) {
                    before[0] = OwnProcess.kilobytes("VmRSS");
                  }
                });
    try (Interruption never = Interruption.watch()) {
      trainer.train(images, never, Progress.SILENT).close();
    }
    long grown = OwnProcess.kilobytes("VmRSS") - before[0];
    Files.writeString(Path.of(args[0]), Long.toString(grown));
  }
}
