package org.mixel.bench;

import java.util.stream.IntStream;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.metric.KernelDistance;
import org.mixel.metric.NeighbourBalls;
import org.mixel.metric.PairwiseFigures;
import org.mixel.tensor.ComputeDevice;

/** The figures of all pairs of two sets of 10,000 MNIST images, with all their deals. */
final class TwoSets {
  private static final int ROWS = 10_000;

  static final BenchCase CASE =
      new BenchCase(
          "pairwise-mnist",
          "MMD, precision, recall, density, coverage of 10,000 and 10,000 MNIST images; floor: the"
              + " product of half of all pairs",
          TwoSets::prepare);

  private TwoSets() {}

  private static BenchCase.Trial prepare(long seed, Progress progress) {
    Samples digits = Pictures.digits(progress);
    return new Turns<>(
        1,
        () ->
            PairwiseFigures.of(
                rows(digits, 0),
                rows(digits, ROWS),
                KernelDistance.Options.defaults(),
                NeighbourBalls.Options.defaults(),
                ComputeDevice.CPU,
                Progress.SILENT),
        Turns.product(both(digits), ROWS),
        figures ->
            "MMD %.3g, precision %.4f"
                .formatted(
                    figures.kernel().distance().value(), figures.balls().precision().value()));
  }

  private static Samples both(Samples digits) {
    return digits.select(IntStream.range(0, 2 * ROWS).toArray());
  }

  private static Samples rows(Samples digits, int from) {
    return digits.select(IntStream.range(from, from + ROWS).toArray());
  }
}
