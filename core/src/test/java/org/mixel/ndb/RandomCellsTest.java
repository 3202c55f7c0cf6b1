package org.mixel.ndb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;

/** Bins about random rows: the centres are rows of the reference, and all others are counted. */
class RandomCellsTest {
  private static final VoronoiBins.Options OPTIONS =
      VoronoiBins.Options.defaults().withClustering(Clustering.RANDOM).withBins(15).withSeed(4);

  private final Samples reference = GaussianRows.standard("reference", 300, 3, 1);

  @TempDir Path folder;

  @Test
  void everyRowButTheCentresIsCountedInItsNearestCell() {
    for (ReferenceMode mode : ReferenceMode.values()) {
      VoronoiBins bins = VoronoiBins.fit(reference, OPTIONS.withMode(mode).withMaxRows(40));
      int[] expected = new int[15];
      int centres = 0;
      for (int row = 0; row < 300; row++) {
        float[] values = reference.row(row);
        int nearest = nearest(bins, values);
        if (Arrays.equals(bins.center(nearest), values)) {
          centres++;
        } else {
          expected[nearest]++;
        }
      }
      assertThat(centres).isEqualTo(15);
      assertThat(bins.counts()).isEqualTo(expected);
      assertThat(bins.countedRows()).isEqualTo(285);
    }
    assertThat(VoronoiBins.fit(reference, OPTIONS).centers())
        .isEqualTo(VoronoiBins.fit(reference, OPTIONS).centers())
        .isNotEqualTo(VoronoiBins.fit(reference, OPTIONS.withSeed(5)).centers());
  }

  private static int nearest(VoronoiBins bins, float[] row) {
    return IntStream.range(0, bins.bins())
        .boxed()
        .min((a, b) -> Double.compare(distance(bins.center(a), row), distance(bins.center(b), row)))
        .orElseThrow();
  }

  private static double distance(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(j -> Math.pow(a[j] - b[j], 2)).sum();
  }

  @Test
  void countedSetsWhiteningAndSavedBinsWorkAsElsewhere() {
    Samples counted = GaussianRows.standard("counted", 120, 3, 2);
    Samples candidate = GaussianRows.standard("candidate", 200, 3, 3);
    Ndb.Options options =
        Ndb.Options.defaults().withBins(15).withSeeds(4, 1).withBinning(OPTIONS.withWhiten(true));
    NdbReport report =
        Ndb.run(
            reference, counted, List.of(candidate), options, ComputeDevice.CPU, Progress.SILENT);
    VoronoiBins bins = report.bins().get(0);
    assertThat(bins.countedRows()).isEqualTo(120);
    assertThat(bins.centers()).isEqualTo(VoronoiBins.fit(reference, OPTIONS).centers());
    float[] paper =
        VoronoiBins.fit(
                reference,
                VoronoiBins.Options.defaults()
                    .withBins(2)
                    .withMode(ReferenceMode.PAPER)
                    .withWhiten(true))
            .weights()
            .orElseThrow();
    assertThat(bins.weights()).as("over all rows").contains(paper);
    Path file = folder.resolve("bins.safetensors");
    BinsFile.write(file, report.bins());
    List<VoronoiBins> read = BinsFile.read(file, reference, counted, options, Progress.SILENT);
    assertThat(read.get(0).counts()).isEqualTo(bins.counts());
  }

  @Test
  void whatCannotBePlacedIsRefused() {
    assertThatThrownBy(() -> VoronoiBins.fit(reference, OPTIONS.withBins(299)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "299 bins about random rows leave no 2 rows of reference reference to be counted; ask"
                + " for fewer bins");
    assertThatThrownBy(() -> VoronoiBins.fit(reference, OPTIONS.withBins(301)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("301 bins need at least as many rows to place them");
    Samples same = StoredSamples.ofFloats("same", 2, null, new float[100]);
    assertThatThrownBy(() -> VoronoiBins.fit(same, OPTIONS))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "same: two of the 15 random rows that would be centres are equal; ask for fewer bins,"
                + " or place them by `binning` kmeans");
  }
}
