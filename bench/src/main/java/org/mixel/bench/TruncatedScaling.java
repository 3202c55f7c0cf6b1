package org.mixel.bench;

import java.util.List;
import java.util.stream.IntStream;
import org.mixel.Progress;
import org.mixel.bench.BenchCase.Timing;
import org.mixel.data.Samples;
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.tensor.ComputeDevice;

/**
 * How an iteration of truncated EM grows with the number of components: one of 4,000 components
 * beside one of 500.
 */
final class TruncatedScaling {
  private static final int MANY = 4000;
  private static final int FEW = 500;

  static final BenchCase CASE =
      new BenchCase(
          "truncated-scaling",
          "an iteration of truncated EM, MNIST l=4, K=4,000; floor: the same with K=500",
          (seed, progress) -> {
            Samples digits = Pictures.digits(progress);
            return new Once(() -> train(digits, seed, progress));
          });

  private TruncatedScaling() {}

  private static Once.Outcome train(Samples digits, long seed, Progress progress) {
    List<Double> many = seconds(digits, MANY, seed, progress);
    List<Double> few = seconds(digits, FEW, seed, progress);
    List<Timing> timings =
        IntStream.range(0, many.size()).mapToObj(i -> new Timing(many.get(i), few.get(i))).toList();
    return new Once.Outcome(timings, "%,d rows".formatted(digits.rows()));
  }

  /** The first iteration, which finds the first candidates, is not counted. */
  private static List<Double> seconds(
      Samples digits, int components, long seed, Progress progress) {
    TrainingOptions options =
        TrainingOptions.defaults(components, 4)
            .withAlgorithm(Algorithm.TruncatedEm.defaults())
            .withSeed(seed)
            .withTolerance(0)
            .withIterations(1 + Bench.REPETITIONS);
    TrainingResult result = Trainer.of(options, ComputeDevice.CPU).fit(digits, progress);
    result.model().close();
    return result.iterationSeconds().subList(1, 1 + Bench.REPETITIONS);
  }
}
