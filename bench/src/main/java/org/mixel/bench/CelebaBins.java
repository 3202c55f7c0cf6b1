package org.mixel.bench;

import java.util.Arrays;
import java.util.Locale;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.ndb.ReferenceMode;
import org.mixel.ndb.VoronoiBins;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.MatrixProducts;

/**
 * The bins of the CelebA faces as the paper places them. The floor is one product of all rows with
 * all centres in all dimensions: what counting the rows takes.
 */
final class CelebaBins implements BenchCase {
  static final String WHAT = "placing 300 bins on CelebA, 2,000 dims, 10 restarts, whitened";

  private static final int BINS = 300;

  @Override
  public String name() {
    return "ndb-celeba";
  }

  @Override
  public String measures() {
    return WHAT + "; floor: one product of all rows with all centres";
  }

  static VoronoiBins fit(Samples faces, long seed, Progress progress) {
    VoronoiBins.Options options =
        VoronoiBins.Options.defaults()
            .withBins(BINS)
            .withMode(ReferenceMode.PAPER)
            .withWhiten(true)
            .withSeed(seed);
    return VoronoiBins.fit(faces, options, ComputeDevice.CPU, progress);
  }

  @Override
  public Trial prepare(long seed, Progress progress) {
    Samples faces = Pictures.faces(progress);
    return new Placing(faces, seed, progress);
  }

  private static final class Placing implements Trial {
    private final Samples faces;
    private final long seed;
    private final Progress progress;
    private int fewest;

    Placing(Samples faces, long seed, Progress progress) {
      this.faces = faces;
      this.seed = seed;
      this.progress = progress;
    }

    @Override
    public Timing time() {
      double seconds =
          Timing.secondsOf(
              () ->
                  fewest = Arrays.stream(fit(faces, seed, progress).counts()).min().orElseThrow());
      double product = MatrixProducts.seconds(ComputeDevice.CPU, faces.rows(), faces.dims(), BINS);
      return new Timing(seconds, product);
    }

    @Override
    public String note() {
      return String.format(Locale.ROOT, "%,d faces; the emptiest bin has %d", faces.rows(), fewest);
    }

    @Override
    public void close() {}
  }
}
