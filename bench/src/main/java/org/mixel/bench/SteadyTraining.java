package org.mixel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.neural.model.ModelKind;
import org.mixel.neural.training.NetworkOptions;
import org.mixel.neural.training.NetworkTrainer;
import org.mixel.neural.training.Schedule;
import org.mixel.tensor.ComputeDevice;

/**
 * By how many MB (10^6 bytes) 2,000 steps of training more grow a process: nothing, if all that a
 * step makes is freed. The process is this program once more, run with {@link #main}; its Java heap
 * has all its memory from the beginning.
 */
public final class SteadyTraining implements BenchCase {
  /** One with batch normalisation, and one with second derivatives. */
  private static final List<ModelKind> KINDS = List.of(ModelKind.DCGAN, ModelKind.WGAN_GP);

  private static final int WIDTH = 4;
  private static final int BATCH = 16;
  private static final int ROWS = 1_000;
  private static final int BEFORE = 500;
  private static final int STEPS = 2_000;

  /** All memory from the beginning, and little of it for compiling. */
  private static final List<String> VIRTUAL_MACHINE =
      List.of("-Xms192m", "-Xmx192m", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1");

  @Override
  public String name() {
    return "memory-train";
  }

  @Override
  public String measures() {
    return "growth of resident memory in MB, as the ratio, over %,d steps of training, the larger of %s"
        .formatted(
            STEPS, KINDS.stream().map(ModelKind::toString).collect(Collectors.joining(" and ")));
  }

  @Override
  public Trial prepare(long seed, Progress progress) {
    OwnProcess.requireStatus();
    Pictures.digits(progress);
    return new Children(seed);
  }

  private static final class Children implements Trial {
    private final long seed;
    private final Map<ModelKind, Double> grown = new LinkedHashMap<>();
    private @Nullable Timing measured;

    Children(long seed) {
      this.seed = seed;
    }

    /** One process of each kind is enough for all repetitions. */
    @Override
    public Timing time() {
      if (measured == null) {
        double seconds = Timing.secondsOf(() -> KINDS.forEach(this::train));
        double most = grown.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        measured = new Timing(seconds, null, most);
      }
      return measured;
    }

    private void train(ModelKind kind) {
      String kilobytes =
          OwnProcess.answer(
              SteadyTraining.class, VIRTUAL_MACHINE, List.of(kind.name(), Long.toString(seed)));
      grown.put(kind, Long.parseLong(kilobytes) * 1024 / 1e6);
    }

    @Override
    public String note() {
      return grown.entrySet().stream()
              .map(each -> String.format(Locale.ROOT, "%s %.1f", each.getKey(), each.getValue()))
              .collect(Collectors.joining(", "))
          + " MB after the first "
          + BEFORE
          + " steps";
    }

    @Override
    public void close() {}
  }

  /**
   * Trains, and writes by how many kilobytes resident memory has grown since the first steps.
   *
   * @param args the file to write to, the kind of the model, and the seed
   */
  public static void main(String[] args) throws IOException {
    ModelKind kind = ModelKind.valueOf(args[1]);
    Samples images = Pictures.digits(Progress.SILENT).select(IntStream.range(0, ROWS).toArray());
    NetworkOptions options =
        NetworkOptions.defaults(kind)
            .withSteps(BEFORE + STEPS)
            .withBatch(BATCH)
            .withCriticSteps(1)
            .withSeed(Long.parseLong(args[2]));
    long[] before = new long[1];
    NetworkTrainer trainer =
        NetworkTrainer.of(kind, options, ComputeDevice.CPU)
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
