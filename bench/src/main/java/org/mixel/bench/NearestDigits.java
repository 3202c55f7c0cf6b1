package org.mixel.bench;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.memorization.NearestRows;
import org.mixel.tensor.ComputeDevice;

/** The nearest of all training images to each of some test images, beside the product of both. */
final class NearestDigits {
  private static final int ROWS = 5000;

  static final BenchCase CASE =
      new BenchCase(
          "nearest-rows",
          "the nearest of 60,000 MNIST images to each of 5,000 others; floor: the product of both",
          NearestDigits::prepare);

  private NearestDigits() {}

  private static BenchCase.Trial prepare(long seed, Progress progress) {
    Samples images = Pictures.otherDigits(progress).select(IntStream.range(0, ROWS).toArray());
    Samples reference = Pictures.digits(progress);
    return new Turns<>(
        1,
        () -> NearestRows.of(images, reference, null, ComputeDevice.CPU, Progress.SILENT),
        Turns.product(reference, ROWS),
        nearest ->
            "%,d x %,d, mean distance %.4f"
                .formatted(
                    reference.rows(),
                    reference.dims(),
                    Arrays.stream(nearest.distances()).average().orElseThrow()));
  }
}
