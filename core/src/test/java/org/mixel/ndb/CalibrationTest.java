package org.mixel.ndb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.stat.AdjustedP;
import org.mixel.stat.TwoProportionTest;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RandomStream;

/**
 * What held-out NDB promises under equality, over 200 pairs of sets drawn from one distribution:
 * bins differ as often as alpha says, and the global p-values are uniform.
 */
class CalibrationTest {
  private static final double ALPHA = 0.05;
  private static final int CASES = 200;
  private static final int[] BINS = {8, 16, 24};

  /** Gaussian rows of several dimensions, without any structure. */
  @Test
  void gaussianRows() {
    List<NdbResult> results = new ArrayList<>();
    for (int seed = 0; seed < CASES; seed++) {
      int dims = new int[] {2, 10, 50}[seed % 3];
      Samples both = GaussianRows.standard("both", 2400, dims, seed);
      results.add(compareParts(both, 1600, seed, Clustering.KMEANS));
    }
    assertCalibrated(results);
  }

  /** The same in bins about random rows; few dimensions, in which no bin stays empty. */
  @Test
  void binsAboutRandomRows() {
    List<NdbResult> results = new ArrayList<>();
    for (int seed = 0; seed < CASES; seed++) {
      Samples both = GaussianRows.standard("both", 2400, 2 + seed % 3, seed);
      results.add(compareParts(both, 1200, seed, Clustering.RANDOM));
    }
    assertCalibrated(results);
  }

  /** Parts of 2,000 test images of MNIST, cut anew each time. */
  @Test
  @Tag("slow")
  void partsOfMnist() {
    int[] some = IntStream.range(0, 2000).toArray();
    Samples digits = Digits.images("mnist:test").select(some);
    List<NdbResult> results = new ArrayList<>();
    for (int seed = 0; seed < CASES; seed++) {
      results.add(compareParts(digits, 1300, 10_000 + seed, Clustering.KMEANS));
    }
    assertCalibrated(results);
  }

  /**
   * A small candidate beside a large reference, where the tails of a bin's count are far from
   * normal: by Holm's test, one evaluation in 20 at most marks a bin.
   */
  @Test
  void holmKeepsItsPromiseForSmallCandidates() {
    int bins = 300;
    SplittableRandom random = new SplittableRandom(11);
    int marked = 0;
    int runs = 600;
    for (int run = 0; run < runs; run++) {
      int[] reference = new int[bins];
      int[] candidate = new int[bins];
      for (int i = 0; i < 30_000; i++) {
        reference[random.nextInt(bins)]++;
      }
      for (int i = 0; i < 1_500; i++) {
        candidate[random.nextInt(bins)]++;
      }
      double[] p =
          IntStream.range(0, bins)
              .mapToDouble(
                  k -> TwoProportionTest.of(reference[k], 30_000, candidate[k], 1_500).exactP())
              .toArray();
      marked += Arrays.stream(AdjustedP.holm(p)).anyMatch(each -> each < ALPHA) ? 1 : 0;
    }
    assertThat(marked / (double) runs).isBetween(0.005, 0.06);
  }

  private static NdbResult compareParts(
      Samples both, int referenceRows, int seed, Clustering clustering) {
    int[] order;
    try (RandomStream random = RandomStream.of(1000 + seed)) {
      order = random.choose(both.rows(), both.rows());
    }
    VoronoiBins.Options options =
        VoronoiBins.Options.defaults()
            .withRestarts(1)
            .withClustering(clustering)
            .withBins(BINS[seed % BINS.length])
            .withMaxDims(100)
            .withSeed(seed);
    Samples reference = both.select(Arrays.copyOf(order, referenceRows));
    Samples candidate = both.select(Arrays.copyOfRange(order, referenceRows, both.rows()));
    VoronoiBins bins = VoronoiBins.fit(reference, options, ComputeDevice.CPU, Progress.SILENT);
    return Ndb.compare(bins, candidate, ALPHA, ComputeDevice.CPU, Progress.SILENT);
  }

  private static void assertCalibrated(List<NdbResult> results) {
    double[] ndb = results.stream().mapToDouble(NdbResult::ndbOverK).toArray();
    double mean = Arrays.stream(ndb).average().orElseThrow();
    double squares = Arrays.stream(ndb).map(v -> (v - mean) * (v - mean)).sum();
    double error = Math.sqrt(squares / (ndb.length - 1) / ndb.length);
    assertThat(Math.abs(mean - ALPHA) / error).as("mean NDB/K %s +- %s", mean, error).isLessThan(2);
    assertUniform(results, NdbResult::chiSquareP);
    assertUniform(results, result -> result.expected().p());
    double outside =
        results.stream()
            .filter(
                r -> r.js() < r.expected().jsBand().low() || r.js() > r.expected().jsBand().high())
            .count();
    assertThat(outside / results.size()).as("outside the band of 95%%").isBetween(0.015, 0.095);
  }

  /** Kolmogorov and Smirnov: p > 0.01 is a distance below 1.628 / sqrt(n). */
  private static void assertUniform(List<NdbResult> results, ToDoubleFunction<NdbResult> p) {
    double[] sorted = results.stream().mapToDouble(p).sorted().toArray();
    double distance = 0;
    for (int i = 0; i < sorted.length; i++) {
      distance = Math.max(distance, Math.abs(sorted[i] - (double) i / sorted.length));
      distance = Math.max(distance, Math.abs(sorted[i] - (i + 1.0) / sorted.length));
    }
    assertThat(distance * Math.sqrt(sorted.length)).isLessThan(1.628);
  }
}
