package org.mixel.bench;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.neural.model.ModelKind;
import org.mixel.neural.training.NetworkOptions;
import org.mixel.neural.training.NetworkTrainer;
import org.mixel.neural.training.Schedule;
import org.mixel.neural.training.TrainedNetwork;
import org.mixel.tensor.ComputeDevice;

/**
 * A step of training networks on MNIST: the generator's with its critic's, or the auto-encoder's.
 * Its floor is the same step in PyTorch.
 */
final class TrainingStep implements BenchCase {
  private static final int WIDTH = 32;
  private static final int ROWS = 10_000;

  /** The authors of pix2pix take one image, which measures little but the calls. */
  private static final int TRANSLATED = 32;

  /** Passes through the critic, or steps where there is none, in a turn; as many warm up before. */
  private static final int PASSES = 10;

  private static final int TURNS = 3;

  /** Turns before the first that counts, for Java compiles as it goes. */
  private static final int WARM_TURNS = 3;

  private final ModelKind kind;

  private TrainingStep(ModelKind kind) {
    this.kind = kind;
  }

  /** One case for each kind of model. */
  static List<BenchCase> all() {
    return Stream.of(ModelKind.values()).<BenchCase>map(TrainingStep::new).toList();
  }

  @Override
  public String name() {
    return "train-" + kind;
  }

  @Override
  public String measures() {
    return "one step of training %s, width %d, batch %d, on MNIST%s; floor: the same step in PyTorch"
        .formatted(
            kind,
            WIDTH,
            options().batch(),
            kind == ModelKind.PIX2PIX ? " (with the mixture's reconstruction)" : "");
  }

  private NetworkOptions options() {
    NetworkOptions defaults = NetworkOptions.defaults(kind);
    return kind == ModelKind.PIX2PIX ? defaults.withBatch(TRANSLATED) : defaults;
  }

  @Override
  public Trial prepare(long seed, Progress progress) {
    Samples images = Pictures.digits(progress).select(IntStream.range(0, ROWS).toArray());
    DigitMixture mixture = kind.needsMixture() ? DigitMixture.fit(seed, progress) : null;
    return new Steps(kind, options().withSeed(seed), images, mixture);
  }

  private static final class Steps implements Trial {
    private final ModelKind kind;
    private final NetworkOptions options;
    private final Samples images;
    private final @Nullable DigitMixture mixture;
    private final @Nullable PyTorch theirs;
    private final int steps;

    Steps(ModelKind kind, NetworkOptions options, Samples images, @Nullable DigitMixture mixture) {
      this.kind = kind;
      this.options = options;
      this.images = images;
      this.mixture = mixture;
      steps = PASSES / Math.max(1, options.criticSteps());
      theirs = PyTorch.start(images, settings()).orElse(null);
      for (int i = 0; i < WARM_TURNS; i++) {
        step();
      }
      if (theirs != null) {
        theirs.secondsOf(steps);
      }
    }

    private List<String> settings() {
      List<String> settings = new ArrayList<>(List.of(kind.toString()));
      int[] numbers = {
        images.rows(),
        options.batch(),
        WIDTH,
        kind.defaults().latent(),
        options.criticSteps(),
        DigitMixture.COMPONENTS,
        DigitMixture.FACTORS,
        Runtime.getRuntime().availableProcessors()
      };
      Arrays.stream(numbers).mapToObj(Integer::toString).forEach(settings::add);
      return settings;
    }

    @Override
    public Timing time() {
      PyTorch other = theirs;
      if (other == null) {
        return new Timing(step(), null, null);
      }
      return Timing.inTurns(
          TURNS, () -> step() / TURNS, () -> other.secondsOf(steps) / steps / TURNS);
    }

    /** The mean of the second half of a training: what the last line of its log says. */
    private double step() {
      NetworkTrainer trainer =
          NetworkTrainer.of(kind, options.withSteps(2 * steps), ComputeDevice.CPU)
              .sized(WIDTH, null)
              .on(new Schedule(steps, 0, 0, 0));
      if (mixture != null) {
        trainer.from(mixture.model());
      }
      try (Interruption never = Interruption.watch();
          TrainedNetwork trained = trainer.train(images, never, Progress.SILENT)) {
        return 1 / requireNonNull(trained.progressed().figures().get("steps_per_second"));
      }
    }

    @Override
    public String note() {
      return theirs == null
          ? "PyTorch was not found"
          : "PyTorch %s threads".formatted(theirs.version().replaceFirst(" ", " with "));
    }

    @Override
    public void close() {
      if (theirs != null) {
        theirs.close();
      }
      if (mixture != null) {
        mixture.close();
      }
    }
  }
}
