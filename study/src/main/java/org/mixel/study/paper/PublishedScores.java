package org.mixel.study.paper;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * NDB/K of a table of the paper, beside our own.
 *
 * @param table its number in the paper, or 0 where the paper has none
 * @param bins numbers of bins
 * @param scores by the names of stages, one for each number of bins; {@code NaN} for what the text
 *     of the paper does not give
 */
record PublishedScores(int table, List<Integer> bins, Map<String, List<Double>> scores) {
  /** No table. */
  static final PublishedScores NONE = new PublishedScores(0, List.of(), Map.of());

  /** A score, or null. */
  @Nullable Double of(String stage, int bins) {
    int place = this.bins.indexOf(bins);
    List<Double> row = scores.get(stage);
    return place < 0 || row == null || row.get(place).isNaN() ? null : row.get(place);
  }
}
