package org.mixel.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.MatrixProducts;

/**
 * One exact EM iteration (E-step and M-step) beside the matrix products of width {@code K (l + 2)}
 * that its E-step needs.
 */
final class EmIteration implements BenchCase {
  private final String name;
  private final int components;
  private final int factors;

  private EmIteration(String name, int components, int factors) {
    this.name = name;
    this.components = components;
    this.factors = factors;
  }

  static EmIteration mnist() {
    return new EmIteration("em-mnist", 50, 6);
  }

  static EmIteration celeba() {
    return new EmIteration("em-celeba", 200, 10);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String measures() {
    return String.format(
        Locale.ROOT,
        "one exact EM iteration, K=%d l=%d; floor: its E-step's matrix products",
        components,
        factors);
  }

  @Override
  public Trial prepare(long seed, Progress progress) {
    Samples samples = data(progress);
    return new Training(samples, seed);
  }

  private Samples data(Progress progress) {
    return name.equals("em-mnist") ? Pictures.digits(progress) : Pictures.faces(progress);
  }

  /** Each timing is the last iteration of a short training; the floor is timed right after. */
  private final class Training implements Trial, Progress {
    private final Samples samples;
    private final long seed;
    private final List<Timing> timings = new ArrayList<>();
    private double logLikelihood;

    Training(Samples samples, long seed) {
      this.samples = samples;
      this.seed = seed;
    }

    @Override
    public Timing time() {
      if (timings.isEmpty()) {
        TrainingOptions options =
            TrainingOptions.defaults(components, factors)
                .withSeed(seed)
                .withTolerance(0)
                .withIterations(1 + Bench.REPETITIONS);
        TrainingResult result = Trainer.of(options, ComputeDevice.CPU).fit(samples, this);
        result.model().close();
        logLikelihood = result.trainLogLikelihood().get(Bench.REPETITIONS);
        timings.remove(0);
      }
      return timings.remove(0);
    }

    @Override
    public Stage begin(String stage, long steps) {
      return stage.equals("EM") ? new Clock() : Progress.SILENT.begin(stage, steps);
    }

    /** Stops at the note that ends an iteration, times the floor and starts again. */
    private final class Clock implements Stage {
      private long start = System.nanoTime();

      @Override
      public void advance(long by) {}

      @Override
      public void note(String text) {
        double seconds = (System.nanoTime() - start) / 1e9;
        int width = components * (factors + 2);
        timings.add(
            new Timing(
                seconds,
                MatrixProducts.seconds(ComputeDevice.CPU, samples.rows(), samples.dims(), width)));
        start = System.nanoTime();
      }

      @Override
      public void close() {}
    }

    @Override
    public String note() {
      return String.format(
          Locale.ROOT,
          "%,d x %,d, log-likelihood %.2f nats",
          samples.rows(),
          samples.dims(),
          logLikelihood);
    }

    @Override
    public void close() {}
  }
}
