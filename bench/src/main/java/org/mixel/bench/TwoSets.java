package org.mixel.bench;

import java.util.stream.IntStream;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.metric.ClassifierTest;
import org.mixel.metric.KernelDistance;
import org.mixel.metric.NeighbourBalls;
import org.mixel.metric.PairwiseFigures;
import org.mixel.metric.PqMass;
import org.mixel.tensor.ComputeDevice;

/** Figures of two sets of 10,000 MNIST images, with all their deals. */
final class TwoSets {
  private static final int ROWS = 10_000;
  private static final int CENTRES = 2_000;

  static final BenchCase PAIRS =
      new BenchCase(
          "pairwise-mnist",
          "MMD, precision, recall, density, coverage and the classifier test of 10,000 and 10,000"
              + " MNIST images; floor: the product of half of all pairs",
          (seed, progress) -> pairs(progress));

  static final BenchCase CELLS =
      new BenchCase(
          "pqmass-mnist",
          "PQMass of 10,000 and 10,000 MNIST images; floor: their product with 2,000 centres",
          (seed, progress) -> cells(progress));

  private TwoSets() {}

  private static BenchCase.Trial pairs(Progress progress) {
    Samples digits = Pictures.digits(progress);
    return new Turns<>(
        1,
        () ->
            PairwiseFigures.of(
                rows(digits, 0),
                rows(digits, ROWS),
                KernelDistance.Options.defaults(),
                NeighbourBalls.Options.defaults(),
                ClassifierTest.Options.defaults(),
                ComputeDevice.CPU,
                Progress.SILENT),
        Turns.product(both(digits), ROWS),
        figures ->
            "MMD %.3g, precision %.4f, accuracy %.4f"
                .formatted(
                    figures.kernel().distance().value(),
                    figures.balls().precision().value(),
                    figures.classifier().accuracy().value()));
  }

  private static BenchCase.Trial cells(Progress progress) {
    Samples digits = Pictures.digits(progress);
    return new Turns<>(
        1,
        () -> PqMass.of(rows(digits, 0), rows(digits, ROWS)),
        Turns.product(both(digits), CENTRES),
        mass -> "chi-square %.3f by degrees of freedom".formatted(mass.statistic().value()));
  }

  private static Samples both(Samples digits) {
    return digits.select(IntStream.range(0, 2 * ROWS).toArray());
  }

  private static Samples rows(Samples digits, int from) {
    return digits.select(IntStream.range(from, from + ROWS).toArray());
  }
}
