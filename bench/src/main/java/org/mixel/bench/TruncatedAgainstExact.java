package org.mixel.bench;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.mixel.Progress;
import org.mixel.bench.BenchCase.Timing;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.tensor.ComputeDevice;

/**
 * Truncated EM beside exact EM from the same first model, on MNIST with 4 factors: the loss after
 * equally many iterations, or the time to reach the same likelihood.
 */
record TruncatedAgainstExact(
    int components, boolean speed, Samples train, Samples test, long seed, Progress progress) {
  private static final int FACTORS = 4;
  private static final int EXACT_ITERATIONS = 20;
  private static final int TRUNCATED_ITERATIONS = 30;

  /** {@code 1 + (E - T) / |E|} of the test log-likelihoods after equally many iterations. */
  static final BenchCase QUALITY = benchCase("truncated-quality", 500, false);

  /** Seconds of truncated EM to the test log-likelihood that exact EM ends with, over its own. */
  static final BenchCase SPEED = benchCase("truncated-speed", 1000, true);

  private static BenchCase benchCase(String name, int components, boolean speed) {
    return new BenchCase(
        name,
        "truncated against exact EM of %d iterations, MNIST K=%,d l=%d; %s"
            .formatted(
                EXACT_ITERATIONS,
                components,
                FACTORS,
                speed
                    ? "seconds to the test log-likelihood that exact EM ends with, and of exact EM"
                    : "the ratio is 1 + (E - T) / |E| of their test log-likelihoods"),
        (seed, progress) ->
            new Once(
                new TruncatedAgainstExact(
                        components,
                        speed,
                        Pictures.digits(progress),
                        Pictures.otherDigits(progress),
                        seed,
                        progress)
                    ::compare));
  }

  private TrainingOptions options(Algorithm algorithm, int iterations) {
    return TrainingOptions.defaults(components, FACTORS)
        .withAlgorithm(algorithm)
        .withSeed(seed)
        .withTolerance(0)
        .withPatience(iterations)
        .withIterations(iterations);
  }

  private Once.Outcome compare() {
    Algorithm exactEm = new Algorithm.ExactEm();
    try (MixtureOfFactorAnalyzers start =
        Trainer.of(options(exactEm, 1), ComputeDevice.CPU).firstModel(train, progress)) {
      TrainingResult exact = run(start, exactEm, EXACT_ITERATIONS);
      int iterations = speed ? TRUNCATED_ITERATIONS : EXACT_ITERATIONS;
      TrainingResult truncated = run(start, Algorithm.TruncatedEm.defaults(), iterations);
      double goal = last(exact.validationLogLikelihood());
      return speed ? speed(exact, truncated, goal) : quality(truncated, goal);
    }
  }

  private static Once.Outcome quality(TrainingResult truncated, double goal) {
    double end = last(truncated.validationLogLikelihood());
    return new Once.Outcome(
        new Timing(sum(truncated, EXACT_ITERATIONS), null, 1 + (goal - end) / Math.abs(goal)),
        "exact %.3f, truncated %.3f nats".formatted(goal, end));
  }

  private static Once.Outcome speed(TrainingResult exact, TrainingResult truncated, double goal) {
    List<Double> reached = truncated.validationLogLikelihood();
    int needed = 1;
    while (needed < reached.size() && reached.get(needed - 1) < goal) {
      needed++;
    }
    return new Once.Outcome(
        new Timing(sum(truncated, needed), sum(exact, EXACT_ITERATIONS)),
        reached.get(needed - 1) < goal
            ? "not reached: %.3f of %.3f nats after %d iterations"
                .formatted(Collections.max(reached), goal, needed)
            : "%.3f nats, reached after %d iterations".formatted(goal, needed));
  }

  private TrainingResult run(MixtureOfFactorAnalyzers start, Algorithm algorithm, int iterations) {
    TrainingResult result =
        Trainer.of(options(algorithm, iterations), ComputeDevice.CPU)
            .startingFrom(start)
            .validatedBy(test)
            .fit(train, progress);
    result.model().close();
    return result;
  }

  private static double sum(TrainingResult result, int iterations) {
    Stream<Double> seconds = result.iterationSeconds().stream().limit(iterations);
    return seconds.mapToDouble(each -> each).sum();
  }

  private static double last(List<Double> values) {
    return values.get(values.size() - 1);
  }
}
