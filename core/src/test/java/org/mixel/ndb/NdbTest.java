package org.mixel.ndb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;

/** NDB says "equal" of equal sets as often as it promises, and finds what is missing. */
class NdbTest {
  private static final ComputeDevice CPU = ComputeDevice.CPU;
  private static final VoronoiBins.Options QUICK = VoronoiBins.Options.defaults().withRestarts(1);

  /** The trap that the held-out mode avoids: without clusters, k-means follows the noise. */
  @Test
  void paperModeInflatesOnStructurelessRows() {
    Samples reference = GaussianRows.standard("reference", 600, 300, 1);
    Samples candidate = GaussianRows.standard("candidate", 600, 300, 2);
    VoronoiBins.Options options = QUICK.withBins(20);
    double heldOut = ndbOverK(reference, candidate, options);
    double paper = ndbOverK(reference, candidate, options.withMode(ReferenceMode.PAPER));
    assertThat(heldOut).isLessThan(0.12);
    assertThat(paper).isGreaterThan(0.2);
  }

  private static double ndbOverK(
      Samples reference, Samples candidate, VoronoiBins.Options options) {
    VoronoiBins bins = VoronoiBins.fit(reference, options, CPU, Progress.SILENT);
    return Ndb.compare(bins, candidate, 0.05, CPU, Progress.SILENT).ndbOverK();
  }

  @Test
  void findsTheClusterThatACandidateLacks() {
    Samples reference = GaussianRows.clusters("reference", 2000, -1, 1);
    Samples whole = GaussianRows.clusters("whole", 1000, -1, 2);
    Samples lacking = GaussianRows.clusters("lacking", 1000, 3, 3);
    Ndb.Options options =
        Ndb.Options.defaults().withBins(List.of(10, 15)).withBinning(QUICK.withRestarts(3));
    NdbReport report = Ndb.run(reference, List.of(whole, lacking), options, CPU, Progress.SILENT);
    assertThat(report.results()).hasSize(4);
    for (NdbResult result : report.results()) {
      if (result.candidate().equals("whole")) {
        assertThat(result.chiSquareP()).isGreaterThan(0.001);
      } else {
        assertThat(result.chiSquareP()).isLessThan(1e-6);
        assertThat(result.js()).isGreaterThan(10 * result.expectedJs());
        VoronoiBins bins = report.binsOf(result);
        List<Integer> emptied =
            result.underfilled(99).stream().filter(k -> result.proportions()[k] == 0).toList();
        assertThat(emptied).isNotEmpty();
        assertThat(result.different()).containsAll(emptied);
        for (int k = 0; k < bins.bins(); k++) {
          assertThat(emptied.contains(k)).isEqualTo(Math.abs(bins.center(k)[0] - 30) < 4);
          assertThat(result.members().of(k).length == 0).isEqualTo(emptied.contains(k));
        }
      }
    }
  }

  @Test
  void oneCandidateIsTestedInOneCall() {
    Samples reference = GaussianRows.clusters("reference", 600, -1, 1);
    Samples lacking = GaussianRows.clusters("lacking", 400, 3, 3);
    NdbResult result = Ndb.test(reference, lacking, QUICK.withBins(12).withSeed(5));
    Ndb.Options options =
        Ndb.Options.defaults().withBins(12).withSeeds(5, 1).withBinning(QUICK.withSeed(99));
    NdbReport report = Ndb.run(reference, List.of(lacking), options);
    assertThat(result.js()).isEqualTo(report.results().get(0).js());
    assertThat(Ndb.compare(report.bins().get(0), lacking).js()).isEqualTo(result.js());
    assertThat(result)
        .asString()
        .matches(
            "lacking: [0-9]+ of 12 bins differ, NDB/K 0\\.[0-9]{3} \\(.* to .* if equal\\), JS .*,"
                + " p .*");
  }

  @Test
  void seedsAreSummarised() {
    Samples reference = GaussianRows.standard("reference", 300, 2, 1);
    Samples candidate = GaussianRows.standard("candidate", 200, 2, 2);
    Ndb.Options options =
        Ndb.Options.defaults().withBins(List.of(5)).withSeeds(7, 3).withBinning(QUICK);
    NdbReport report = Ndb.run(reference, List.of(candidate), options, CPU, Progress.SILENT);
    assertThat(report.results()).extracting(NdbResult::seed).containsExactly(7L, 8L, 9L);
    double[] js = report.results().stream().mapToDouble(NdbResult::js).toArray();
    NdbSummary summary = report.summaries().get(0);
    double mean = (js[0] + js[1] + js[2]) / 3;
    double squares =
        Math.pow(js[0] - mean, 2) + Math.pow(js[1] - mean, 2) + Math.pow(js[2] - mean, 2);
    assertThat(summary.seeds()).isEqualTo(3);
    assertThat(summary.js()).isCloseTo(mean, within(1e-12));
    assertThat(summary.jsDeviation()).isCloseTo(Math.sqrt(squares / 2), within(1e-12));
    double excess =
        report.results().stream().mapToDouble(r -> r.excess().value()).average().orElseThrow();
    assertThat(summary.jsExcess()).isCloseTo(excess, within(1e-12));
    assertThat(summary.jsExcessDeviation()).isPositive().isNotEqualTo(summary.jsDeviation());
  }

  @Test
  void theDocumentHoldsWhatTheResultHolds() {
    Samples reference = GaussianRows.clusters("reference", 600, -1, 1);
    Samples lacking = GaussianRows.clusters("lacking", 400, 3, 3);
    Ndb.Options options = Ndb.Options.defaults().withBins(12).withSeeds(0, 2).withBinning(QUICK);
    NdbReport report = Ndb.run(reference, List.of(lacking), options, CPU, Progress.SILENT);
    JsonNode root = report.toJson();
    NdbResult result = report.results().get(0);
    JsonNode written = root.at("/results/0");
    assertThat(numbers(written.get("p_values"))).containsExactly(result.pValues());
    assertThat(numbers(written.get("exact_p_values"))).containsExactly(result.exactPValues());
    assertThat(numbers(written.get("proportions"))).containsExactly(result.proportions());
    assertThat(numbers(written.get("reference_proportions")))
        .containsExactly(result.referenceProportions());
    assertThat(numbers(written.get("js_excess_interval")))
        .containsExactly(result.excess().interval().low(), result.excess().interval().high());
    assertThat(numbers(written.get("expected_ndb_over_k_band")))
        .containsExactly(result.expectedNdbOverKBand().low(), result.expectedNdbOverKBand().high());
    assertThat(numbers(written.get("expected_js_band")))
        .containsExactly(result.expected().jsBand().low(), result.expected().jsBand().high());
    assertThat(result.differentByHolm()).isNotEmpty();
    assertThat(numbers(written.get("different"))).hasSameSizeAs(result.different());
    assertThat(numbers(written.get("different_by_holm"))).hasSameSizeAs(result.differentByHolm());
    assertThat(numbers(written.get("different_by_benjamini_hochberg")))
        .hasSameSizeAs(result.differentByBenjaminiHochberg());
    assertThat(root.get("results")).hasSize(2);
    assertThat(root.get("summaries")).hasSize(1);
    JsonNode joint = root.at("/joint/0");
    assertThat(joint.get("candidate").asText()).isEqualTo("lacking");
    assertThat(joint.get("p_each")).isNotEmpty();
  }

  private static double[] numbers(JsonNode array) {
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = array.get(i).asDouble();
    }
    return numbers;
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    Ndb.Options options = Ndb.Options.defaults();
    assertRefused("bins must hold at least one number", () -> options.withBins(List.of()));
    assertRefused("bins holds a number twice: [5, 7, 5]", () -> options.withBins(5, 7, 5));
    assertRefused("alpha must lie between 0 and 1, got 0.0", () -> options.withAlpha(0));
    assertRefused("alpha must lie between 0 and 1, got 1.0", () -> options.withAlpha(1));
    assertRefused("candidate-rows must be at least 2, got 1", () -> options.withCandidateRows(1));
    assertThat(options.withCandidateRows(2).candidateRows()).isEqualTo(2);
    assertRefused("seeds must be from 1 to 1000, got 0", () -> options.withSeeds(3, 0));
    assertRefused("seeds must be from 1 to 1000, got 1001", () -> options.withSeeds(3, 1001));
    assertThat(options.withSeeds(3, 1000).seeds()).hasSize(1000).startsWith(3L, 4L);
    assertRefused(
        "seeds holds a number twice: [1, 1]",
        () -> new Ndb.Options(List.of(5), List.of(1L, 1L), 0.05, 10, false, options.binning()));
    assertRefused("bins must be at least 2, got 1", () -> QUICK.withBins(1));
    assertRefused("restarts must be at least 1, got 0", () -> QUICK.withRestarts(0));
    assertRefused("max-rows must be at least 2, got 1", () -> QUICK.withMaxRows(1));
    assertRefused("max-dims must be at least 1, got 0", () -> QUICK.withMaxDims(0));
  }

  @Test
  void jsonKeepsItsContract() {
    Samples reference = GaussianRows.standard("reference", 300, 2, 1);
    Samples candidate = GaussianRows.standard("candidate", 200, 2, 2);
    Ndb.Options options = Ndb.Options.defaults().withBins(List.of(5)).withBinning(QUICK);
    JsonNode root = Ndb.run(reference, List.of(candidate), options, CPU, Progress.SILENT).toJson();
    assertThat(root.at("/reference/rows").asInt()).isEqualTo(300);
    assertThat(root.at("/reference/dims").asInt()).isEqualTo(2);
    JsonNode result = root.at("/results/0");
    assertThat(result.get("candidate").asText()).isEqualTo("candidate");
    assertThat(result.get("rows").asInt()).isEqualTo(200);
    assertThat(result.get("bins").asInt()).isEqualTo(5);
    assertThat(result.get("seed").asLong()).isZero();
    assertThat(result.get("different")).hasSize(result.get("ndb").asInt());
    assertThat(result.get("proportions")).hasSize(5);
    assertThat(result.get("reference_proportions")).hasSize(5);
    for (String figure :
        List.of("ndb_over_k", "js", "chi_square_p", "expected_ndb_over_k", "expected_js")) {
      assertThat(result.get(figure).asDouble(-1)).isBetween(0.0, 1.0);
    }
  }

  @Test
  void unusableSetsAreRefusedInOneLine() {
    Samples reference = GaussianRows.standard("grey", 40, 4, 1);
    Samples images = StoredSamples.ofBytes("grey", new ImageShape(1, 2, 2), new byte[40 * 4]);
    assertRefused(
        reference,
        GaussianRows.standard("x", 40, 5, 2),
        "candidate x has 5 dims, the reference 4 dims; give rows of one size");
    assertRefused(
        images,
        StoredSamples.ofBytes("x", new ImageShape(3, 2, 2), new byte[40 * 12]),
        "candidate x has 12 dims (2x2x3), the reference 4 dims (2x2); save both in grey or both"
            + " in colour");
    assertRefused(
        images,
        StoredSamples.ofBytes("x", new ImageShape(1, 1, 4), new byte[40 * 4]),
        "candidate x has 4 dims (4x1), the reference 4 dims (2x2); add `size` 2x2 or `crop`");
    assertRefused(
        reference,
        GaussianRows.standard("x", 1, 4, 2),
        "candidate x has fewer than 2 rows; give at least 2 of each set");
    float[] broken = new float[40 * 4];
    broken[17 * 4 + 2] = Float.NaN;
    assertRefused(
        reference,
        StoredSamples.ofFloats("x", 4, null, broken),
        "candidate x: row 17 holds a value that is NaN or infinite; remove the row or mend the"
            + " value");
    broken[17 * 4 + 2] = Float.NEGATIVE_INFINITY;
    assertRefused(
        StoredSamples.ofFloats("y", 4, null, broken),
        reference,
        "reference y: row 17 holds a value that is NaN or infinite; remove the row or mend the"
            + " value");
    for (double alpha : new double[] {0, 1, -1, Double.NaN}) {
      assertThatThrownBy(() -> Ndb.Options.defaults().withAlpha(alpha))
          .isInstanceOf(InputException.class)
          .hasMessage("alpha must lie between 0 and 1, got " + alpha);
    }
  }

  private static void assertRefused(Samples reference, Samples candidate, String message) {
    Ndb.Options options = Ndb.Options.defaults().withBins(List.of(3)).withBinning(QUICK);
    assertThatThrownBy(() -> Ndb.run(reference, List.of(candidate), options, CPU, Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  @Test
  void setsAreCheckedOnBinsThatWerePlacedBefore() {
    Samples reference = GaussianRows.standard("reference", 100, 3, 1);
    VoronoiBins bins = VoronoiBins.fit(reference, QUICK.withBins(4), CPU, Progress.SILENT);
    assertThat(bins.referenceName()).isEqualTo("reference");
    Samples narrow = GaussianRows.standard("narrow", 50, 2, 2);
    Samples single = GaussianRows.standard("single", 1, 3, 2);
    Samples broken =
        StoredSamples.ofFloats("broken", 3, null, new float[] {1, 2, 3, 4, 5, Float.NaN});
    assertRefused("narrow has 2 dims", () -> bins.assign(narrow));
    for (Samples unusable : List.of(single, broken)) {
      assertRefused(
          "reference " + unusable.name(),
          () -> VoronoiBins.fit(unusable, QUICK, CPU, Progress.SILENT));
    }
    for (Samples unusable : List.of(narrow, single, broken)) {
      assertRefused("candidate " + unusable.name(), () -> Ndb.compare(bins, unusable));
    }
  }

  @Test
  void candidatesOfOneNameAreRefused() {
    Samples reference = GaussianRows.standard("reference", 100, 3, 1);
    Ndb.Options options = Ndb.Options.defaults().withBins(4).withBinning(QUICK);
    List<Samples> twice = Collections.nCopies(2, GaussianRows.standard("same", 50, 3, 2));
    List<VoronoiBins> bins = Ndb.run(reference, twice.subList(0, 1), options).bins();
    String message = "two candidates are called same";
    assertRefused(message, () -> Ndb.run(reference, twice, options));
    assertRefused(message, () -> Ndb.run(bins, twice, options, CPU, Progress.SILENT));
  }

  private static void assertRefused(String message, ThrowingCallable work) {
    assertThatThrownBy(work).isInstanceOf(InputException.class).hasMessageContaining(message);
  }
}
