package org.mixel.memorization;

import java.util.HashMap;
import java.util.Map;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The share of candidate rows that follow reference rows: how much more often than by chance the
 * nearest real row of a candidate row is a reference row and not an unseen one. Only candidate rows
 * near to a real row count.
 *
 * <p>Of {@code N} real rows {@code T} are reference rows. If reference and unseen rows are alike to
 * the model, each near row's nearest is a reference row with chance {@code p = T / N}; of copies it
 * always is. With {@code S} of {@code R} near rows, of {@code n} in all, the copied share is {@code
 * (S - R p) / (n (1 - p))}. Its error is that of labels assigned at random: {@code var S = T (N -
 * T) / (N (N - 1)) (sum_y r_y^2 - R^2 / N)}, {@code r_y} the near rows whose nearest is {@code y},
 * for one real row may be nearest to many. Rows as near to both count for neither.
 *
 * @param share in [0, 1]
 * @param error its standard error if nothing is copied
 * @param pValue one-sided, by the normal approximation with continuity correction
 */
record CopiedShare(double share, double error, double pValue) {
  /**
   * @param toReference the candidate rows' nearest reference rows
   * @param referenceRows {@code T}
   * @param toUnseen the same rows' nearest unseen rows
   * @param unseenRows {@code N - T}
   * @param threshold a row is near up to this distance
   */
  static CopiedShare of(
      NearestRows toReference,
      int referenceRows,
      NearestRows toUnseen,
      int unseenRows,
      double threshold) {
    Map<Integer, Integer> nearest = new HashMap<>();
    double near = 0;
    double toReferences = 0;
    for (int i = 0; i < toReference.rows(); i++) {
      double first = toReference.distance(i);
      double second = toUnseen.distance(i);
      if (first != second && Math.min(first, second) <= threshold) {
        int row = first < second ? toReference.nearest(i) : -1 - toUnseen.nearest(i);
        nearest.merge(row, 1, Integer::sum);
        near++;
        toReferences += first < second ? 1 : 0;
      }
    }
    double all = (double) referenceRows + unseenRows;
    double chance = referenceRows / all;
    double squares = nearest.values().stream().mapToDouble(r -> (double) r * r).sum();
    double deviation =
        Math.sqrt(chance * unseenRows / (all - 1) * Math.max(0, squares - near * near / all));
    double scale = toReference.rows() * (1 - chance);
    double excess = toReferences - near * chance;
    double p =
        deviation == 0
            ? 1
            : NormalDistribution.of(0, 1).survivalProbability((excess - 0.5) / deviation);
    return new CopiedShare(Math.max(0, excess / scale), deviation / scale, p);
  }
}
