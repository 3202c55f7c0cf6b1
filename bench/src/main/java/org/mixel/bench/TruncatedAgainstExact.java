package org.mixel.bench;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.tensor.ComputeDevice;

/**
 * Truncated EM beside exact EM from the same first model, on MNIST with 4 factors: what it loses,
 * or how soon it is as good. One run is enough, for it is long.
 */
final class TruncatedAgainstExact implements BenchCase {
  private static final int FACTORS = 4;
  private static final int EXACT_ITERATIONS = 20;
  private static final int TRUNCATED_ITERATIONS = 30;

  private final String name;
  private final int components;
  private final boolean speed;

  private TruncatedAgainstExact(String name, int components, boolean speed) {
    this.name = name;
    this.components = components;
    this.speed = speed;
  }

  /** {@code 1 + (E - T) / |E|} of the test log-likelihoods after equally many iterations. */
  static TruncatedAgainstExact quality() {
    return new TruncatedAgainstExact("truncated-quality", 500, false);
  }

  /** Seconds of truncated EM to the test log-likelihood that exact EM ends with, over its own. */
  static TruncatedAgainstExact speed() {
    return new TruncatedAgainstExact("truncated-speed", 1000, true);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String measures() {
    return String.format(
        Locale.ROOT,
        "truncated against exact EM of %d iterations, MNIST K=%,d l=%d; %s",
        EXACT_ITERATIONS,
        components,
        FACTORS,
        speed
            ? "seconds to the test log-likelihood that exact EM ends with, and of exact EM"
            : "the ratio is 1 + (E - T) / |E| of their test log-likelihoods");
  }

  @Override
  public Trial prepare(long seed, Progress progress) {
    Samples train = Pictures.digits(progress);
    return new Comparison(train, Pictures.otherDigits(progress), seed, progress);
  }

  private TrainingOptions options(Algorithm algorithm, int iterations, long seed) {
    return TrainingOptions.defaults(components, FACTORS)
        .withAlgorithm(algorithm)
        .withSeed(seed)
        .withTolerance(0)
        .withPatience(iterations)
        .withIterations(iterations);
  }

  private final class Comparison implements Trial {
    private final Samples train;
    private final Samples test;
    private final long seed;
    private final Progress progress;
    private @Nullable Timing measured;
    private String note = "";

    Comparison(Samples train, Samples test, long seed, Progress progress) {
      this.train = train;
      this.test = test;
      this.seed = seed;
      this.progress = progress;
    }

    @Override
    public Timing time() {
      if (measured == null) {
        measured = measure();
      }
      return measured;
    }

    private Timing measure() {
      TrainingOptions none = options(new Algorithm.ExactEm(), 1, seed);
      try (MixtureOfFactorAnalyzers start =
          Trainer.of(none, ComputeDevice.CPU).firstModel(train, progress)) {
        TrainingResult exact = run(start, new Algorithm.ExactEm(), EXACT_ITERATIONS);
        TrainingResult truncated =
            run(
                start,
                Algorithm.TruncatedEm.defaults(),
                speed ? TRUNCATED_ITERATIONS : EXACT_ITERATIONS);
        List<Double> reached = truncated.validationLogLikelihood();
        double goal = last(exact.validationLogLikelihood());
        double exactSeconds = sum(exact, EXACT_ITERATIONS);
        if (!speed) {
          double end = last(reached);
          note = String.format(Locale.ROOT, "exact %.3f, truncated %.3f nats", goal, end);
          return new Timing(
              sum(truncated, EXACT_ITERATIONS), null, 1 + (goal - end) / Math.abs(goal));
        }
        int needed = 1;
        while (needed < reached.size() && reached.get(needed - 1) < goal) {
          needed++;
        }
        note =
            reached.get(needed - 1) < goal
                ? String.format(
                    Locale.ROOT,
                    "not reached: %.3f of %.3f nats after %d iterations",
                    Collections.max(reached),
                    goal,
                    needed)
                : String.format(
                    Locale.ROOT, "%.3f nats, reached after %d iterations", goal, needed);
        return new Timing(sum(truncated, needed), exactSeconds);
      }
    }

    private TrainingResult run(
        MixtureOfFactorAnalyzers start, Algorithm algorithm, int iterations) {
      TrainingResult result =
          Trainer.of(options(algorithm, iterations, seed), ComputeDevice.CPU)
              .startingFrom(start)
              .validatedBy(test)
              .fit(train, progress);
      result.model().close();
      return result;
    }

    private double sum(TrainingResult result, int iterations) {
      return result.iterationSeconds().subList(0, iterations).stream()
          .mapToDouble(seconds -> seconds)
          .sum();
    }

    private double last(List<Double> values) {
      return values.get(values.size() - 1);
    }

    @Override
    public String note() {
      return note;
    }

    @Override
    public void close() {}
  }
}
