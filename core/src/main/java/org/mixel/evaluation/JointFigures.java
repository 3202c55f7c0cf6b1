package org.mixel.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mixel.metric.Estimate;
import org.mixel.stat.DealtTests;

/**
 * The p-values of one candidate's figures, adjusted for their number: with probability {@code 1 -
 * alpha} none of those at most {@code alpha} is an accident.
 *
 * <p>Figures that were found on the same deals of all rows are one family, adjusted by these deals
 * (max-T; {@link DealtTests#maxT}). The shares of bins are another, adjusted by deals of their own
 * (min-p; {@link org.mixel.ndb.JointTest}). Any other figure is a family of itself. The families
 * are adjusted for their number (Bonferroni): each p-value is multiplied by it.
 *
 * <p>The classifier test by a network is a family of itself, too; {@link Measure#C2ST} has the
 * smaller p-value of its two ways.
 *
 * <p>A figure that is dealt out so seldom that its p-value could not reach {@link
 * CandidateReport#LEVEL} even so takes no part. Copies are judged apart.
 */
final class JointFigures {
  private final Map<String, Double> ofBins;
  private final List<Map<String, Double>> families = new ArrayList<>();

  /**
   * @param ofBins the figures of bins, adjusted among themselves; empty for none
   */
  JointFigures(Map<String, Double> ofBins) {
    this.ofBins = ofBins;
  }

  /**
   * The adjusted p-values, of those figures that take part.
   *
   * @param findings figures by name; null where there is none
   */
  Map<String, Double> adjusted(Map<String, @Nullable Finding> findings) {
    Map<String, Estimate> together = new LinkedHashMap<>();
    Map<String, Estimate> alone = new LinkedHashMap<>();
    findings.forEach(
        (name, finding) -> {
          if (finding != null
              && finding.estimate().p() != null
              && !ofBins.containsKey(name)
              && !name.equals(Measure.COPIES.toString())) {
            (isDealtWithOthers(finding.estimate()) ? together : alone)
                .put(name, finding.estimate());
          }
        });
    add(ofBins);
    add(maxT(together));
    add(byNetwork(findings.get(Measure.C2ST.toString())));
    int most = families.size() + alone.size();
    alone.values().removeIf(figure -> !canReach(figure, most));
    alone.forEach((name, figure) -> add(Map.of(name, known(figure.p()))));
    Map<String, Double> adjusted = new LinkedHashMap<>();
    for (Map<String, Double> family : families) {
      family.forEach(
          (name, p) -> adjusted.merge(name, Math.min(1, families.size() * p), Math::min));
    }
    return adjusted;
  }

  private static Map<String, Double> byNetwork(@Nullable Finding classifier) {
    Double p = classifier == null ? null : classifier.more().get(Finding.NETWORK_P);
    return p == null ? Map.of() : Map.of(Measure.C2ST.toString(), p);
  }

  private void add(Map<String, Double> family) {
    if (!family.isEmpty()) {
      families.add(family);
    }
  }

  private static boolean isDealtWithOthers(Estimate figure) {
    Estimate.Dealt dealt = figure.dealt();
    return dealt != null && dealt.allRows() && dealt.deals() == PairFigures.DEALS;
  }

  private static boolean canReach(Estimate figure, int families) {
    Estimate.Dealt dealt = figure.dealt();
    return dealt == null || families <= CandidateReport.LEVEL * (dealt.deals() + 1);
  }

  private static Map<String, Double> maxT(Map<String, Estimate> figures) {
    double[][] statistics = new double[figures.size()][];
    boolean[] twoSided = new boolean[statistics.length];
    List<String> names = new ArrayList<>();
    figures.forEach(
        (name, figure) -> {
          Estimate.Dealt dealt = figure.dealt();
          if (dealt != null) {
            statistics[names.size()] =
                dealt.figures().stream().mapToDouble(Double::doubleValue).toArray();
            twoSided[names.size()] = dealt.twoSided();
            names.add(name);
          }
        });
    double[] p = DealtTests.maxT(statistics, twoSided);
    Map<String, Double> adjusted = new LinkedHashMap<>();
    for (int i = 0; i < p.length; i++) {
      adjusted.put(names.get(i), p[i]);
    }
    return adjusted;
  }

  private static double known(@Nullable Double p) {
    return p == null ? 1 : p;
  }
}
