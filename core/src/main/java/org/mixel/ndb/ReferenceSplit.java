package org.mixel.ndb;

import java.util.Arrays;

/**
 * The rows that place the centres and the rows that are counted, each in rising order; fixed by the
 * number of rows, the mode, {@code maxRows} and the seed, so that every number of bins sees the
 * same split. Where random rows are the centres, these alone place the bins, and all others are
 * counted.
 *
 * @param heldOut whether rows were kept back for counting
 */
record ReferenceSplit(boolean heldOut, int[] placing, int[] counting) {
  /**
   * @param countsOthers whether rows of another set are counted: then none of these are, and all
   *     may place the centres
   */
  static ReferenceSplit of(int rows, boolean countsOthers, VoronoiBins.Options options) {
    boolean random = options.clustering() == Clustering.RANDOM;
    boolean heldOut = options.mode() == ReferenceMode.HELD_OUT && !countsOthers && !random;
    int most = random ? options.bins() : options.maxRows();
    int take = Math.min(most, heldOut ? rows / 2 : rows);
    int[] order = Choice.PLACING_ROWS.draw(rows, rows, options.seed());
    int[] placing = Arrays.copyOf(order, take);
    Arrays.sort(placing);
    if (countsOthers) {
      return new ReferenceSplit(false, placing, new int[0]);
    }
    if (!heldOut && !random) {
      return new ReferenceSplit(false, placing, placing);
    }
    int[] counting = Arrays.copyOfRange(order, take, rows);
    Arrays.sort(counting);
    return new ReferenceSplit(heldOut, placing, counting);
  }
}
