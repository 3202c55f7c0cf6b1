package org.mixel.ndb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.stat.AdjustedP;
import org.mixel.tensor.ComputeDevice;

/**
 * One p-value for all numbers of bins and seeds: uniform for equal sets, small where sets differ,
 * and the same whichever way the bins came.
 */
class JointTestTest {
  private static final int CASES = 200;

  private static Ndb.Options options(int seed, int seeds, Clustering clustering) {
    return Ndb.Options.defaults()
        .withBinning(VoronoiBins.Options.defaults().withRestarts(1).withClustering(clustering))
        .withBins(4, 7)
        .withSeeds(seed, seeds);
  }

  private static Samples rows(String name, int count, long seed) {
    return GaussianRows.standard(name, count, 2, seed);
  }

  private static NdbReport run(
      Samples reference, @Nullable Samples counted, Ndb.Options options, Samples... candidates) {
    return Ndb.run(
        reference, counted, List.of(candidates), options, ComputeDevice.CPU, Progress.SILENT);
  }

  /** Held-out rows of two seeds and numbers of bins; a counted set; equally many rows. */
  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "4, 7, KMEANS, false, false",
    "5, 0, KMEANS, true, false",
    "5, 0, RANDOM, false, true"
  })
  void isUniformForEqualSets(
      int bins, int more, Clustering clustering, boolean counts, boolean equalRows) {
    double[] p =
        IntStream.range(0, CASES)
            .mapToDouble(
                i -> {
                  Samples all = rows("all", 260, i);
                  Samples reference = all.select(IntStream.range(0, 140).toArray());
                  Samples candidate = all.select(IntStream.range(140, 200).toArray());
                  Samples counted = all.select(IntStream.range(200, 260).toArray());
                  Ndb.Options options =
                      options(i, 2, clustering)
                          .withBins(more == 0 ? List.of(bins) : List.of(bins, more))
                          .withEqualRows(equalRows);
                  return run(reference, counts ? counted : null, options, candidate)
                      .joint()
                      .get(0)
                      .p();
                })
            .toArray();
    double ks = KolmogorovSmirnovTest.withDefaults().test(p, x -> x).getPValue();
    assertThat(ks).isGreaterThan(0.01);
  }

  @Test
  void oneSetOfBinsHasThePermutationPBothDraw() {
    Samples reference = rows("reference", 300, 1);
    Samples candidate = rows("candidate", 200, 2);
    NdbReport report =
        run(reference, null, options(5, 1, Clustering.KMEANS).withBins(6), candidate);
    double p = report.results().get(0).expected().p();
    assertThat(report.joint().get(0).p()).isCloseTo(p, within(0.07));
    assertThat(report.joint().get(0).p()).isEqualTo(report.joint().get(0).pHolm());
  }

  @Test
  void bothHaveTheirPlaceInADeal() {
    int[] places = IntStream.range(0, 50).toArray();
    int[] some = IntStream.range(0, 30).toArray();
    int[] even = IntStream.of(places).map(i -> i % 5).toArray();
    int[] first = IntStream.of(some).map(i -> i % 2).toArray();
    JointTest.Table apart = new JointTest.Table(5, places, even, some, first);
    JointTest.Table other = new JointTest.Table(5, some, first, places, even);
    double p = p(50, 30, apart);
    assertThat(p).isLessThan(0.01);
    assertThat(p(50, 30, apart, apart)).isEqualTo(p);
    assertThat(p(30, 50, other)).isLessThan(0.01);
    int[] alike = IntStream.of(some).map(i -> i % 5).toArray();
    JointTest.Table equal = new JointTest.Table(5, places, even, some, alike);
    assertThat(p(50, 30, equal)).isEqualTo(1);
    assertThat(p(50, 30, equal, apart)).isBetween(p, 0.02);
  }

  private static double p(int reference, int candidate, JointTest.Table... tables) {
    double[] adjusted = JointTest.adjusted(List.of(tables), reference, candidate, 1);
    return Arrays.stream(adjusted).min().orElseThrow();
  }

  @Test
  void isAdjustedForCandidates(@TempDir Path folder) {
    Samples reference = rows("reference", 400, 1);
    Samples same = rows("same", 300, 2);
    Samples far = half(rows("far", 300, 3)).named("far");
    Ndb.Options options = options(0, 2, Clustering.KMEANS);
    NdbReport report = run(reference, null, options, same, far);
    double[] p = report.joint().stream().mapToDouble(JointTest::p).toArray();
    assertThat(report.joint().stream().map(JointTest::candidate)).containsExactly("same", "far");
    assertThat(report.joint().stream().mapToDouble(JointTest::pHolm).toArray())
        .isEqualTo(AdjustedP.holm(p));
    assertThat(p[1]).isEqualTo(0.001);

    Path file = folder.resolve("bins");
    BinsFile.write(file, report.bins());
    List<VoronoiBins> read = BinsFile.read(file, reference, options, Progress.SILENT);
    NdbReport again =
        Ndb.run(read, List.of(same, far), options, ComputeDevice.CPU, Progress.SILENT);
    assertThat(again.joint()).isEqualTo(report.joint());
  }

  /** The half of the rows that lies on one side. */
  private static Samples half(Samples rows) {
    return rows.select(IntStream.range(0, rows.rows()).filter(i -> rows.row(i)[0] > 0).toArray());
  }
}
