package org.mixel.ndb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;

/** Bins are what they claim to be: means of rows, nearest centres, counts, and a fair split. */
class VoronoiBinsTest {
  private static final ComputeDevice CPU = ComputeDevice.CPU;
  private static final VoronoiBins.Options OPTIONS =
      VoronoiBins.Options.defaults().withBins(7).withRestarts(2);

  @Test
  void countsAgreeWithABruteForceSearchOnTheSameCentres() {
    Samples reference = GaussianRows.standard("reference", 600, 6, 1);
    for (Clustering clustering : Clustering.values()) {
      boolean whiten = clustering == Clustering.WARD;
      VoronoiBins.Options options =
          OPTIONS.withClustering(clustering).withWhiten(whiten).withMaxDims(4);
      VoronoiBins bins = VoronoiBins.fit(reference, options, CPU, Progress.SILENT);
      int[] counting = ReferenceSplit.of(600, false, options).counting();
      int[] expected = new int[7];
      for (int row : counting) {
        expected[nearest(bins, reference.row(row))]++;
      }
      assertThat(bins.counts()).isEqualTo(expected);

      Samples candidate = GaussianRows.standard("candidate", 300, 6, 2);
      int[] assigned = bins.assign(candidate, CPU, Progress.SILENT);
      for (int i = 0; i < assigned.length; i++) {
        assertThat(assigned[i]).isEqualTo(nearest(bins, candidate.row(i)));
      }
    }
  }

  /** Float32 could not tell rows of deviation 1 about 1e9 from each other. */
  @Test
  void rowsFarFromZeroFallWhereTheyWouldFallAboutIt() {
    double[] reference = numbers(600, 1, 0);
    double[] candidate = numbers(300, 2, 0);
    VoronoiBins near =
        VoronoiBins.fit(
            StoredSamples.ofDoubles("reference", 6, reference), OPTIONS, CPU, Progress.SILENT);
    VoronoiBins far =
        VoronoiBins.fit(
            StoredSamples.ofDoubles("reference", 6, numbers(600, 1, 1e9)),
            OPTIONS,
            CPU,
            Progress.SILENT);
    assertThat(far.counts()).isEqualTo(near.counts());
    assertThat(
            far.assign(
                StoredSamples.ofDoubles("candidate", 6, numbers(300, 2, 1e9)),
                CPU,
                Progress.SILENT))
        .isEqualTo(
            near.assign(StoredSamples.ofDoubles("candidate", 6, candidate), CPU, Progress.SILENT));
    assertThat(far.center(0)[0]).isEqualTo(1e9f);
  }

  private static double[] numbers(int rows, long seed, double offset) {
    java.util.Random random = new java.util.Random(seed);
    double[] values = new double[rows * 6];
    for (int i = 0; i < values.length; i++) {
      // Multiples of 2^-10, which an offset of 1e9 leaves exact in float64.
      values[i] = offset + Math.rint(random.nextGaussian() * 1024) / 1024;
    }
    return values;
  }

  private static int nearest(VoronoiBins bins, float[] row) {
    double[] squared = new double[bins.bins()];
    for (int k = 0; k < squared.length; k++) {
      float[] center = bins.center(k);
      for (int j = 0; j < row.length; j++) {
        double weight = bins.weights().isPresent() ? bins.weights().get()[j] : 1;
        squared[k] += Math.pow(weight * (row[j] - center[j]), 2);
      }
    }
    return IntStream.range(0, squared.length)
        .reduce((a, b) -> squared[b] < squared[a] ? b : a)
        .getAsInt();
  }

  @Test
  void centresAreMeansInAllDimensionsOfTheRowsThatPlacedThem() {
    Samples reference = GaussianRows.clusters("reference", 500, -1, 3);
    // k-means sees one of the two dimensions; five clusters are found in either case or none is.
    VoronoiBins bins =
        VoronoiBins.fit(
            reference,
            OPTIONS.withBins(5).withRestarts(10).withMode(ReferenceMode.PAPER),
            CPU,
            Progress.SILENT);
    int[] assigned = bins.assign(reference, CPU, Progress.SILENT);
    assertThat(VoronoiBins.count(assigned, 5)).isEqualTo(bins.counts());
    for (int k = 0; k < 5; k++) {
      double[] mean = new double[2];
      for (int i = 0; i < assigned.length; i++) {
        if (assigned[i] == k) {
          mean[0] += reference.row(i)[0] / bins.counts()[k];
          mean[1] += reference.row(i)[1] / bins.counts()[k];
        }
      }
      assertThat(bins.center(k)[0]).isCloseTo((float) mean[0], within(1e-5f));
      assertThat(bins.center(k)[1]).isCloseTo((float) mean[1], within(1e-5f));
    }
  }

  @Test
  void heldOutRowsAreCountedAndPlacingRowsAreNot() {
    ReferenceSplit half = ReferenceSplit.of(101, false, OPTIONS);
    assertThat(half.placing()).hasSize(50).isSorted();
    assertThat(half.counting()).hasSize(51).isSorted();
    int[] all =
        IntStream.concat(Arrays.stream(half.placing()), Arrays.stream(half.counting()))
            .sorted()
            .toArray();
    assertThat(all).isEqualTo(IntStream.range(0, 101).toArray());

    ReferenceSplit few = ReferenceSplit.of(101, false, OPTIONS.withMaxRows(20).withBins(11));
    assertThat(few.placing()).hasSize(20);
    assertThat(few.counting()).hasSize(81);

    ReferenceSplit paper =
        ReferenceSplit.of(101, false, OPTIONS.withMode(ReferenceMode.PAPER).withMaxRows(20));
    assertThat(paper.counting()).hasSize(20).isEqualTo(paper.placing());
  }

  @Test
  void membersAreCountedRowsOfTheirBin() {
    Samples reference = GaussianRows.standard("reference", 600, 3, 4);
    VoronoiBins bins = VoronoiBins.fit(reference, OPTIONS, CPU, Progress.SILENT);
    int[] assigned = bins.assign(reference, CPU, Progress.SILENT);
    for (int k = 0; k < bins.bins(); k++) {
      int[] members = bins.members().of(k);
      assertThat(members).hasSize(Math.min(BinMembers.PER_BIN, bins.counts()[k]));
      for (int row : members) {
        assertThat(assigned[row]).isEqualTo(k);
        assertThat(Arrays.binarySearch(ReferenceSplit.of(600, false, OPTIONS).counting(), row))
            .isNotNegative();
      }
    }
  }

  @Test
  void whiteningLeavesOutPixelsThatDoNotVary() {
    Random random = new Random(5);
    byte[] pixels = new byte[400 * 4];
    for (int i = 0; i < 400; i++) {
      pixels[4 * i] = (byte) random.nextInt(256);
      pixels[4 * i + 1] = (byte) random.nextInt(64);
      pixels[4 * i + 2] = 100;
      pixels[4 * i + 3] = (byte) (i == 0 ? 10 : 9);
    }
    Samples reference = StoredSamples.ofBytes("reference", new ImageShape(1, 2, 2), pixels);
    VoronoiBins bins =
        VoronoiBins.fit(
            reference,
            OPTIONS.withWhiten(true).withMode(ReferenceMode.PAPER),
            CPU,
            Progress.SILENT);
    float[] weights = bins.weights().orElseThrow();
    assertThat(weights[0]).isCloseTo((float) (255 / Math.sqrt(65535 / 12.0)), within(0.4f));
    assertThat(weights[1]).isCloseTo((float) (255 / Math.sqrt(4095 / 12.0)), within(1.2f));
    assertThat(weights[2]).isZero();
    assertThat(weights[3]).isZero();

    // A candidate that is wild where the reference is constant still lands by its other pixels.
    byte[] wild = pixels.clone();
    for (int i = 0; i < 400; i++) {
      wild[4 * i + 2] = (byte) random.nextInt(256);
      wild[4 * i + 3] = (byte) random.nextInt(256);
    }
    Samples candidate = StoredSamples.ofBytes("candidate", new ImageShape(1, 2, 2), wild);
    assertThat(bins.assign(candidate, CPU, Progress.SILENT))
        .isEqualTo(bins.assign(reference, CPU, Progress.SILENT));
  }

  @Test
  void columnsOfVectorsAreDividedByTheirDeviations() {
    Random random = new Random(5);
    double[] values = new double[900];
    for (int i = 0; i < values.length; i += 3) {
      values[i] = 2 * random.nextGaussian();
      values[i + 1] = 20 * random.nextGaussian();
      values[i + 2] = 7;
    }
    Samples reference = StoredSamples.ofDoubles("reference", 3, values);
    VoronoiBins bins = VoronoiBins.fit(reference, OPTIONS.withWhiten(true), CPU, Progress.SILENT);
    float[] weights = bins.weights().orElseThrow();
    assertThat(weights[0]).isCloseTo(0.5f, within(0.08f));
    assertThat(weights[1]).isCloseTo(0.05f, within(0.008f));
    assertThat(weights[2]).isZero();
  }

  /** One of nine columns places the bins, and only the last three tell the two groups apart. */
  @Test
  void onlyColumnsThatVaryAreDrawn() {
    Random random = new Random(3);
    double[] values = new double[60 * 9];
    for (int i = 0; i < values.length; i++) {
      boolean varies = i % 9 > 5;
      int group = i / 9 % 2;
      values[i] = varies ? 5 * group + random.nextGaussian() / 10 : 0;
    }
    Samples reference = StoredSamples.ofDoubles("reference", 9, values);
    for (int seed = 0; seed < 8; seed++) {
      VoronoiBins.Options options =
          OPTIONS.withBins(2).withWhiten(true).withMaxDims(1).withSeed(seed);
      int[] assigned =
          VoronoiBins.fit(reference, options, CPU, Progress.SILENT)
              .assign(reference, CPU, Progress.SILENT);
      for (int i = 0; i < 60; i++) {
        assertThat(assigned[i] == assigned[0]).isEqualTo(i % 2 == 0);
      }
    }
  }

  @Test
  void theSameSeedReplaysAndAnotherDoesNot() {
    Samples reference = GaussianRows.standard("reference", 400, 5, 6);
    VoronoiBins first = VoronoiBins.fit(reference, OPTIONS, CPU, Progress.SILENT);
    VoronoiBins again = VoronoiBins.fit(reference, OPTIONS, CPU, Progress.SILENT);
    VoronoiBins other = VoronoiBins.fit(reference, OPTIONS.withSeed(1), CPU, Progress.SILENT);
    assertThat(again.centers()).isEqualTo(first.centers());
    assertThat(again.counts()).isEqualTo(first.counts());
    assertThat(other.centers()).isNotEqualTo(first.centers());
  }

  @Test
  void refusesMoreBinsThanPlacingRowsOrThanDifferentRows() {
    Samples small = GaussianRows.standard("small", 11, 2, 7);
    assertThatThrownBy(() -> VoronoiBins.fit(small, OPTIONS, CPU, Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "7 bins need at least as many rows to place them, but reference small gives 5 of its 11"
                + " (held-out mode keeps at least half for counting); ask for fewer bins");
    Samples equal = StoredSamples.ofFloats("equal", 1, null, new float[40]);
    assertThatThrownBy(() -> VoronoiBins.fit(equal, OPTIONS, CPU, Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("equal has too few different rows for 7 bins");
    float[] values = new float[40];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1e-30f * i;
    }
    Samples tiny = StoredSamples.ofFloats("tiny", 1, null, values);
    assertThatThrownBy(() -> VoronoiBins.fit(tiny, OPTIONS, CPU, Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "tiny: rows differ by less than distances in float32 can tell, so 7 bins cannot be"
                + " placed; scale the values");
  }

  @Test
  void refusesOptionsOutOfRange() {
    assertThatThrownBy(() -> OPTIONS.withBins(1))
        .isInstanceOf(InputException.class)
        .hasMessage("bins must be at least 2, got 1");
    assertThatThrownBy(() -> OPTIONS.withMaxDims(0))
        .hasMessage("max-dims must be at least 1, got 0");
    assertThatThrownBy(() -> ReferenceMode.of("none"))
        .isInstanceOf(InputException.class)
        .hasMessage("reference must be held-out or paper, got none");
    assertThat(ReferenceMode.of("held-out")).isEqualTo(ReferenceMode.HELD_OUT);
  }
}
