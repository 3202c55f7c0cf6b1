package org.mixel.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.evaluation.CandidateReport.Conclusion;
import org.mixel.stat.AdjustedP;
import org.mixel.tensor.ComputeDevice;

/** The verdict goes by one p-value: uniform for equal sets, and adjusted as it is said to be. */
class JointFiguresTest {
  private static final Set<Measure> PAIRS =
      EnumSet.of(
          Measure.C2ST,
          Measure.MMD,
          Measure.PRECISION,
          Measure.RECALL,
          Measure.DENSITY,
          Measure.COVERAGE);
  private static final Set<Measure> BINS = EnumSet.of(Measure.NDB, Measure.JS_EXCESS);

  private static Samples rows(String name, int count, double mean, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[2 * count];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + random.nextGaussian());
    }
    return StoredSamples.ofFloats(name, 2, null, values);
  }

  private static List<CandidateReport> evaluate(
      Set<Measure> measures, long seed, Samples reference, Samples... candidates) {
    return Evaluation.run(
            ComparedSets.of(reference, List.of(candidates)),
            Evaluation.Options.defaults()
                .withBins(List.of(4, 6))
                .withSeed(seed)
                .withMeasures(measures),
            ComputeDevice.CPU,
            Progress.SILENT)
        .results();
  }

  private static double pHolm(CandidateReport result) {
    return result.pHolm() == null ? Double.NaN : result.pHolm();
  }

  private static double adjusted(CandidateReport result, String figure) {
    Finding finding = result.findings().get(figure);
    return finding == null || finding.pAdjusted() == null ? Double.NaN : finding.pAdjusted();
  }

  @Test
  void figuresOnOneDealHaveAUniformPForEqualSets() {
    double[] p =
        IntStream.range(0, 200)
            .mapToDouble(
                i ->
                    pHolm(
                        evaluate(
                                PAIRS,
                                i,
                                rows("reference", 45, 0, 3L * i),
                                rows("candidate", 30, 0, 3L * i + 1))
                            .get(0)))
            .toArray();
    double ks = KolmogorovSmirnovTest.withDefaults().test(p, x -> x).getPValue();
    assertThat(ks).isGreaterThan(0.01);
  }

  @Test
  void familiesAreMultipliedByTheirNumberAndCandidatesByHolm() {
    Samples reference = rows("reference", 80, 0, 1);
    Samples[] candidates = {rows("same", 70, 0, 2), rows("far", 60, 0.6, 3)};
    EnumSet<Measure> both = EnumSet.copyOf(PAIRS);
    both.addAll(BINS);
    double[] least = new double[2];
    for (int i = 0; i < 2; i++) {
      CandidateReport pairs = evaluate(PAIRS, 0, reference, candidates).get(i);
      CandidateReport bins = evaluate(BINS, 0, reference, candidates).get(i);
      CandidateReport all = evaluate(both, 0, reference, candidates).get(i);
      least[i] = 1;
      for (Map.Entry<String, Finding> named : all.findings().entrySet()) {
        String figure = named.getKey();
        if (named.getValue() != null) {
          boolean ofBins = figure.matches("ndb.*|js.*");
          double own = adjusted(ofBins ? bins : pairs, figure);
          // Pairs are two families: all that is dealt out together, and the network.
          assertThat(adjusted(all, figure))
              .as(figure)
              .isCloseTo(Math.min(1, own * 3 / (ofBins ? 1 : 2)), within(1e-12));
          least[i] = Math.min(least[i], adjusted(all, figure));
        }
      }
    }
    List<CandidateReport> results = evaluate(both, 0, reference, candidates);
    assertThat(results.stream().mapToDouble(JointFiguresTest::pHolm).toArray())
        .isEqualTo(AdjustedP.holm(least));
    assertThat(results.get(0).different()).isEmpty();
    assertThat(results.get(1).conclusion()).isEqualTo(Conclusion.DIFFERENT);
    assertThat(results.get(1).different())
        .contains("mmd")
        .allSatisfy(name -> assertThat(adjusted(results.get(1), name)).isLessThanOrEqualTo(0.05));
  }

  /** Nearest neighbours do not see one faint column among many; a network does. */
  @Test
  void theNetworkHasAPartInTheVerdict() {
    CandidateReport result =
        evaluate(EnumSet.of(Measure.C2ST), 0, oneColumn("reference", 0, 1), oneColumn("far", 1, 2))
            .get(0);
    Finding classifier = Objects.requireNonNull(result.findings().get("c2st"));
    assertThat(classifier.estimate().p()).isGreaterThan(0.05);
    Double byNetwork = Objects.requireNonNull(classifier.more().get(Finding.NETWORK_P));
    assertThat(adjusted(result, "c2st")).isEqualTo(2 * byNetwork).isLessThanOrEqualTo(0.05);
    assertThat(result.different()).containsExactly("c2st");
  }

  /** 400 rows of 40 columns, the first of which has a tenth of the variance of the others. */
  private static Samples oneColumn(String name, double mean, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[40 * 400];
    for (int i = 0; i < values.length; i++) {
      double normal = random.nextGaussian();
      values[i] = (float) (i % 40 == 0 ? 0.3 * (normal + mean) : normal);
    }
    return StoredSamples.ofFloats(name, 40, null, values);
  }
}
