package org.mixel.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.mixel.Progress;
import org.mixel.bench.BenchCase.Timing;
import org.mixel.data.Samples;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.tensor.ComputeDevice;

/**
 * One exact EM iteration (E-step and M-step) beside the matrix products of width {@code K (l + 2)}
 * that its E-step needs. The timings are the last iterations of a short training; the floor is
 * timed after each.
 *
 * @param options with the number of components and factors
 */
record EmIteration(Samples samples, TrainingOptions options) {
  static final BenchCase MNIST = benchCase("em-mnist", 50, 6, Pictures::digits);
  static final BenchCase CELEBA = benchCase("em-celeba", 200, 10, Pictures::faces);

  private static BenchCase benchCase(
      String name, int components, int factors, Function<Progress, Samples> data) {
    return new BenchCase(
        name,
        "one exact EM iteration, K=%d l=%d; floor: its E-step's matrix products"
            .formatted(components, factors),
        (seed, progress) -> {
          TrainingOptions options =
              TrainingOptions.defaults(components, factors)
                  .withSeed(seed)
                  .withTolerance(0)
                  .withIterations(1 + Bench.REPETITIONS);
          return new Once(new EmIteration(data.apply(progress), options)::train);
        });
  }

  private Once.Outcome train() {
    Clock clock = new Clock();
    TrainingResult result = Trainer.of(options, ComputeDevice.CPU).fit(samples, clock);
    result.model().close();
    return new Once.Outcome(
        clock.timings.subList(1, 1 + Bench.REPETITIONS),
        "%,d x %,d, log-likelihood %.2f nats"
            .formatted(
                samples.rows(),
                samples.dims(),
                result.trainLogLikelihood().get(Bench.REPETITIONS)));
  }

  /** Stops at the note that ends an iteration, times the floor and starts again. */
  private final class Clock implements Progress {
    private final List<Timing> timings = new ArrayList<>();

    @Override
    public Stage begin(String stage, long steps) {
      return stage.equals("EM") ? new Iterations() : Progress.SILENT.begin(stage, steps);
    }

    private final class Iterations implements Stage {
      private long start = System.nanoTime();

      @Override
      public void advance(long by) {}

      @Override
      public void note(String text) {
        double seconds = (System.nanoTime() - start) / 1e9;
        int width = options.components() * (options.factors() + 2);
        timings.add(new Timing(seconds, Turns.product(samples, width).getAsDouble()));
        start = System.nanoTime();
      }

      @Override
      public void close() {}
    }
  }
}
