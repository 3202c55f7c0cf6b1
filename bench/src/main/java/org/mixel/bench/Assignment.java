package org.mixel.bench;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.ndb.VoronoiBins;
import org.mixel.tensor.ComputeDevice;

/** The bins of 20,000 MNIST images, beside the product of the images with the centres. */
final class Assignment {
  private static final int ROWS = 20_000;
  private static final int TURNS = 10;

  static final BenchCase CASE =
      new BenchCase(
          "assign-mnist",
          "the bins of 20,000 MNIST images, K=100; floor: the product of images and centres",
          Assignment::prepare);

  private Assignment() {}

  private static BenchCase.Trial prepare(long seed, Progress progress) {
    Samples digits = Pictures.digits(progress);
    VoronoiBins.Options options =
        VoronoiBins.Options.defaults().withRestarts(1).withMaxRows(10_000).withSeed(seed);
    VoronoiBins bins = VoronoiBins.fit(digits, options, ComputeDevice.CPU, progress);
    Samples images = digits.select(IntStream.range(0, ROWS).toArray());
    return new Turns<>(
            TURNS,
            () -> bins.assign(images, ComputeDevice.CPU, Progress.SILENT),
            Turns.product(images, bins.bins()),
            assigned ->
                "%d times; the fullest bin has %d rows"
                    .formatted(TURNS, fullest(assigned, bins.bins())))
        .warm();
  }

  private static int fullest(int[] assigned, int bins) {
    return Arrays.stream(VoronoiBins.count(assigned, bins)).max().orElseThrow();
  }
}
