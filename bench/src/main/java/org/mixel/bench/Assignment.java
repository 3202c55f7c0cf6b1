package org.mixel.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.ndb.VoronoiBins;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.MatrixProducts;

/** The bins of 20,000 MNIST images, beside the product of the images with the centres. */
final class Assignment implements BenchCase {
  private static final int ROWS = 20_000;
  private static final int TURNS = 10;

  @Override
  public String name() {
    return "assign-mnist";
  }

  @Override
  public String measures() {
    return "the bins of 20,000 MNIST images, K=100; floor: the product of images and centres";
  }

  @Override
  public Trial prepare(long seed, Progress progress) {
    Samples images = Pictures.digits(progress);
    VoronoiBins.Options options =
        VoronoiBins.Options.defaults().withRestarts(1).withMaxRows(10_000).withSeed(seed);
    VoronoiBins bins = VoronoiBins.fit(images, options, ComputeDevice.CPU, progress);
    return new Assigning(bins, images.select(IntStream.range(0, ROWS).toArray()));
  }

  private static final class Assigning implements Trial {
    private final VoronoiBins bins;
    private final Samples images;
    private int[] assigned = {};

    Assigning(VoronoiBins bins, Samples images) {
      this.bins = bins;
      this.images = images;
      assign();
    }

    private void assign() {
      assigned = bins.assign(images, ComputeDevice.CPU, Progress.SILENT);
    }

    @Override
    public Timing time() {
      return Timing.inTurns(
          TURNS,
          () -> Timing.secondsOf(this::assign),
          () ->
              MatrixProducts.seconds(ComputeDevice.CPU, images.rows(), images.dims(), bins.bins()));
    }

    @Override
    public String note() {
      int most = Arrays.stream(VoronoiBins.count(assigned, bins.bins())).max().orElseThrow();
      return String.format(Locale.ROOT, "%d times; the fullest bin has %d rows", TURNS, most);
    }

    @Override
    public void close() {}
  }
}
