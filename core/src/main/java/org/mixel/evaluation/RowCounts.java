package org.mixel.evaluation;

/** How many rows of both sets are compared. */
record RowCounts(int reference, int candidate) {
  /** The square of the pooled rows, times the values of a row: minutes on two cores. */
  private static final double MOST_PRODUCTS = 1.2e13;

  /**
   * The same, or fewer where a product of all pairs of rows would take too long: the smaller set
   * keeps its rows as far as it is no more than half of what is taken.
   *
   * @param dims values of a row
   */
  RowCounts bounded(int dims) {
    int pooled = (int) Math.min(Integer.MAX_VALUE, Math.sqrt(MOST_PRODUCTS / dims));
    return new RowCounts(
        Math.min(reference, Math.max(pooled / 2, pooled - candidate)),
        Math.min(candidate, Math.max(pooled / 2, pooled - reference)));
  }
}
