package org.mixel.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.memorization.NearestRows;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.MatrixProducts;

/** The nearest of all training images to each of some test images, beside the product of both. */
final class NearestDigits implements BenchCase {
  private static final int ROWS = 5000;

  @Override
  public String name() {
    return "nearest-rows";
  }

  @Override
  public String measures() {
    return "the nearest of 60,000 MNIST images to each of 5,000 others; floor: the product of both";
  }

  @Override
  public Trial prepare(long seed, Progress progress) {
    Samples images = Pictures.otherDigits(progress);
    return new Search(images.select(IntStream.range(0, ROWS).toArray()), Pictures.digits(progress));
  }

  private static final class Search implements Trial {
    private final Samples images;
    private final Samples reference;
    private double[] distances = {};

    Search(Samples images, Samples reference) {
      this.images = images;
      this.reference = reference;
    }

    private void search() {
      distances =
          NearestRows.of(images, reference, null, ComputeDevice.CPU, Progress.SILENT).distances();
    }

    @Override
    public Timing time() {
      double seconds = Timing.secondsOf(this::search);
      double product =
          MatrixProducts.seconds(ComputeDevice.CPU, reference.rows(), reference.dims(), ROWS);
      return new Timing(seconds, product);
    }

    @Override
    public String note() {
      return String.format(
          Locale.ROOT,
          "%,d x %,d, mean distance %.4f",
          reference.rows(),
          reference.dims(),
          Arrays.stream(distances).average().orElseThrow());
    }

    @Override
    public void close() {}
  }
}
