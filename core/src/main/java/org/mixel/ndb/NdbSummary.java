package org.mixel.ndb;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One candidate at one number of bins, over all seeds: means and sample standard deviations (0 for
 * a single seed).
 *
 * @param candidate name of the set
 * @param rows rows of the candidate that were tested
 * @param referenceRows rows that were counted on the reference's side
 * @param bins number of bins, {@code K}
 * @param seeds number of binnings
 * @param sparseBins the most bins of one binning that expect too few rows
 * @param fewestExpectedRows the fewest rows that any bin expects
 * @param smallestLostMode see {@link NdbResult}
 */
public record NdbSummary(
    String candidate,
    int rows,
    int referenceRows,
    int bins,
    int seeds,
    double ndbOverK,
    double ndbOverKDeviation,
    double expectedNdbOverK,
    double js,
    double jsDeviation,
    double expectedJs,
    double jsExcess,
    double jsExcessDeviation,
    int sparseBins,
    double fewestExpectedRows,
    double smallestLostMode) {

  /**
   * @param results of one candidate at one number of bins, at least one
   */
  static NdbSummary of(List<NdbResult> results) {
    return new NdbSummary(
        results.get(0).candidate(),
        results.get(0).rows(),
        results.get(0).referenceRows(),
        results.get(0).bins(),
        results.size(),
        mean(results, NdbResult::ndbOverK),
        deviation(results, NdbResult::ndbOverK),
        mean(results, NdbResult::expectedNdbOverK),
        mean(results, NdbResult::js),
        deviation(results, NdbResult::js),
        mean(results, NdbResult::expectedJs),
        mean(results, result -> result.excess().value()),
        deviation(results, result -> result.excess().value()),
        results.stream().mapToInt(NdbResult::sparseBins).max().orElseThrow(),
        results.stream().mapToDouble(NdbResult::fewestExpectedRows).min().orElseThrow(),
        mean(results, NdbResult::smallestLostMode));
  }

  private static double mean(List<NdbResult> results, ToDoubleFunction<NdbResult> figure) {
    return results.stream().mapToDouble(figure).average().orElseThrow();
  }

  private static double deviation(List<NdbResult> results, ToDoubleFunction<NdbResult> figure) {
    if (results.size() < 2) {
      return 0;
    }
    double mean = mean(results, figure);
    double squares =
        results.stream().mapToDouble(r -> Math.pow(figure.applyAsDouble(r) - mean, 2)).sum();
    return Math.sqrt(squares / (results.size() - 1));
  }
}
