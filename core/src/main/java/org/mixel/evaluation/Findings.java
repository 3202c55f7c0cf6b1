package org.mixel.evaluation;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mixel.metric.ClassifierTest;
import org.mixel.metric.Estimate;
import org.mixel.stat.AdjustedP;

/** The figures of one candidate while they are found. */
final class Findings {
  private final Map<String, @Nullable Finding> found = new LinkedHashMap<>();
  private final Map<String, Double> ofBins = new LinkedHashMap<>();
  private @Nullable ClassifierTest classifier;

  /**
   * @param bins the numbers of bins, each of which has a figure
   * @param classified whether there is a classifier to score by
   */
  Findings(List<Integer> bins, boolean classified) {
    Set<Measure> all = EnumSet.allOf(Measure.class);
    all.removeIf(measure -> measure == Measure.CLASSIFIER_SCORE && !classified);
    all.forEach(measure -> measure.names(bins).forEach(name -> found.put(name, null)));
  }

  void put(Measure measure, Estimate estimate) {
    put(measure, Finding.of(estimate));
  }

  void put(Measure measure, Finding finding) {
    put(measure.toString(), finding);
  }

  void put(String name, Finding finding) {
    if (!found.containsKey(name)) {
      throw new IllegalArgumentException("no figure is called " + name);
    }
    found.put(name, finding);
  }

  void keep(ClassifierTest test) {
    classifier = test;
  }

  /** The classifier test, or null if it was not asked for. */
  @Nullable ClassifierTest classifier() {
    return classifier;
  }

  /**
   * A figure of bins.
   *
   * @param adjusted its p adjusted for the numbers of bins
   */
  void put(String name, Finding finding, double adjusted) {
    put(name, finding);
    ofBins.put(name, adjusted);
  }

  Map<String, @Nullable Finding> all() {
    return found;
  }

  /**
   * Adjusts the p-values of each figure: of a candidate for its figures, then of a figure for the
   * number of candidates.
   */
  static void adjust(List<Findings> candidates) {
    candidates.forEach(
        each ->
            new JointFigures(each.ofBins)
                .adjusted(each.found)
                .forEach(
                    (name, p) ->
                        each.found.computeIfPresent(name, (key, found) -> found.withAdjusted(p))));
    if (candidates.size() < 2) {
      return;
    }
    for (String name : candidates.get(0).found.keySet()) {
      List<Findings> tested = candidates.stream().filter(each -> each.p(name) != null).toList();
      double[] adjusted =
          AdjustedP.holm(tested.stream().mapToDouble(each -> known(each.p(name))).toArray());
      for (int i = 0; i < adjusted.length; i++) {
        double p = adjusted[i];
        tested.get(i).found.computeIfPresent(name, (key, finding) -> finding.withHolm(p));
      }
    }
  }

  private @Nullable Double p(String name) {
    Finding finding = found.get(name);
    return finding == null ? null : finding.estimate().p();
  }

  private static double known(@Nullable Double p) {
    return p == null ? Double.NaN : p;
  }
}
