package org.mixel.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mixel.Progress;
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
final class TruncatedScaling implements BenchCase {
  private static final int MANY = 4000;
  private static final int FEW = 500;

  @Override
  public String name() {
    return "truncated-scaling";
  }

  @Override
  public String measures() {
    return "an iteration of truncated EM, MNIST l=4, K=4,000; floor: the same with K=500";
  }

  @Override
  public Trial prepare(long seed, Progress progress) {
    Samples digits = Pictures.digits(progress);
    return new Iterations(
        new ArrayList<>(seconds(digits, MANY, seed, progress)),
        new ArrayList<>(seconds(digits, FEW, seed, progress)),
        digits.rows());
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

  private record Iterations(List<Double> many, List<Double> few, int rows) implements Trial {
    @Override
    public Timing time() {
      return new Timing(many.remove(0), few.remove(0));
    }

    @Override
    public String note() {
      return String.format(Locale.ROOT, "%,d rows", rows);
    }

    @Override
    public void close() {}
  }
}
