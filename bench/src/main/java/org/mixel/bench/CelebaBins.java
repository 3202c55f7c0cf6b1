package org.mixel.bench;

import java.util.Arrays;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.ndb.ReferenceMode;
import org.mixel.ndb.VoronoiBins;
import org.mixel.tensor.ComputeDevice;

/**
 * The bins of the CelebA faces as the paper places them. The floor is one product of all rows with
 * all centres in all dimensions: the cost of counting the rows.
 */
final class CelebaBins {
  static final String WORK = "placing 300 bins on CelebA, 2,000 dims, 10 restarts, whitened";
  private static final int BINS = 300;

  static final BenchCase CASE =
      new BenchCase(
          "ndb-celeba",
          WORK + "; floor: one product of all rows with all centres",
          CelebaBins::prepare);

  private CelebaBins() {}

  private static BenchCase.Trial prepare(long seed, Progress progress) {
    Samples faces = Pictures.faces(progress);
    return new Turns<>(
        1,
        () -> fit(faces, seed, progress),
        Turns.product(faces, BINS),
        bins ->
            "%,d faces; the emptiest bin has %d"
                .formatted(faces.rows(), Arrays.stream(bins.counts()).min().orElseThrow()));
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
}
