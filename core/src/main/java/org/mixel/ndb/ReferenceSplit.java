package org.mixel.ndb;

import java.util.Arrays;

/**
 * The rows that place the centres and the rows that are counted, each in rising order; fixed by the
 * number of rows, the mode, {@code maxRows} and the seed, so that every number of bins sees the
 * same split.
 *
 * @param heldOut whether rows were kept back for counting
 */
record ReferenceSplit(boolean heldOut, int[] placing, int[] counting) {
  /**
   * @param countsOthers whether rows of another set are counted: then none of these are, and all
   *     may place the centres
   */
  static ReferenceSplit of(int rows, boolean countsOthers, VoronoiBins.Options options) {
    boolean heldOut = options.mode() == ReferenceMode.HELD_OUT && !countsOthers;
    int take = Math.min(options.maxRows(), heldOut ? rows / 2 : rows);
    int[] order = Choice.PLACING_ROWS.draw(rows, rows, options.seed());
    int[] placing = Arrays.copyOf(order, take);
    Arrays.sort(placing);
    if (!heldOut) {
      return new ReferenceSplit(false, placing, countsOthers ? new int[0] : placing);
    }
    int[] counting = Arrays.copyOfRange(order, take, rows);
    Arrays.sort(counting);
    return new ReferenceSplit(true, placing, counting);
  }
}
