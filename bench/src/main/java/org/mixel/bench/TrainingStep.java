package org.mixel.bench;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.bench.BenchCase.Timing;
import org.mixel.data.Samples;
import org.mixel.neural.NetworkOptions;
import org.mixel.neural.NetworkTrainer;
import org.mixel.neural.Recipe;
import org.mixel.neural.Schedule;
import org.mixel.neural.TrainedNetwork;
import org.mixel.tensor.ComputeDevice;

/**
 * A step of training networks on MNIST: the generator's with its critic's, or the auto-encoder's.
 * Its floor is the same step in PyTorch, by {@code peers/training_steps.py}.
 */
final class TrainingStep {
  private static final int WIDTH = 32;
  private static final int ROWS = 10_000;

  /** The authors of pix2pix take one image, which measures little but the calls. */
  private static final int TRANSLATED = 32;

  /** Passes through the critic, or steps where there is none, in a turn; as many warm up before. */
  private static final int PASSES = 10;

  private static final int TURNS = 3;

  /** Turns before the first that counts, for Java compiles as it goes. */
  private static final int WARM_TURNS = 3;

  private TrainingStep() {}

  /** One case for each kind of model. */
  static List<BenchCase> cases() {
    return Recipe.all().stream().map(TrainingStep::benchCase).toList();
  }

  private static BenchCase benchCase(Recipe recipe) {
    NetworkOptions defaults = NetworkOptions.defaults(recipe);
    NetworkOptions options = recipe.translates() ? defaults.withBatch(TRANSLATED) : defaults;
    return new BenchCase(
        "train-" + recipe.kind(),
        "one step of training %s, width %d, batch %d, on MNIST%s; floor: the same step in PyTorch"
            .formatted(
                recipe.kind(),
                WIDTH,
                options.batch(),
                recipe.translates() ? " (with the mixture's reconstruction)" : ""),
        (seed, progress) -> {
          Samples images = Pictures.digits(progress).select(IntStream.range(0, ROWS).toArray());
          DigitMixture mixture = recipe.needsMixture() ? DigitMixture.fit(seed, progress) : null;
          return new Steps(recipe, options.withSeed(seed), images, mixture);
        });
  }

  private static final class Steps implements BenchCase.Trial {
    private final Recipe recipe;
    private final NetworkOptions options;
    private final Samples images;
    private final @Nullable DigitMixture mixture;
    private final Peer.@Nullable Dialogue peer;
    private final int steps;

    Steps(Recipe recipe, NetworkOptions options, Samples images, @Nullable DigitMixture mixture) {
      this.recipe = recipe;
      this.options = options;
      this.images = images;
      this.mixture = mixture;
      steps = PASSES / Math.max(1, options.criticSteps());
      peer = Peer.of("training_steps.py", "torch").map(this::start).orElse(null);
      for (int i = 0; i < WARM_TURNS; i++) {
        step();
      }
      if (peer != null) {
        peer.ask(Integer.toString(steps));
      }
    }

    private Peer.Dialogue start(Peer pytorch) {
      return new Peer.Dialogue(
          pytorch,
          images,
          recipe.kind(),
          images.rows(),
          options.batch(),
          WIDTH,
          recipe.defaults().latent(),
          options.criticSteps(),
          DigitMixture.COMPONENTS,
          DigitMixture.FACTORS,
          Runtime.getRuntime().availableProcessors());
    }

    @Override
    public Timing time() {
      Peer.Dialogue pytorch = peer;
      if (pytorch == null) {
        return new Timing(step(), null, null);
      }
      return Timing.inTurns(
          TURNS,
          () -> step() / TURNS,
          () -> Double.parseDouble(pytorch.ask(Integer.toString(steps))) / steps / TURNS);
    }

    /** The mean of the second half of a training, from the last line of its log. */
    private double step() {
      NetworkTrainer trainer =
          NetworkTrainer.of(recipe, options.withSteps(2 * steps), ComputeDevice.CPU)
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
      return peer == null
          ? "PyTorch was not found"
          : "PyTorch %s threads".formatted(peer.greeting().replaceFirst(" ", " with "));
    }

    @Override
    public void close() {
      if (peer != null) {
        peer.close();
      }
      if (mixture != null) {
        mixture.close();
      }
    }
  }
}
