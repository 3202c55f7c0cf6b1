package org.mixel.ndb;

import java.util.Arrays;

/**
 * The rows that place the centres and the rows that are counted, each in rising order; fixed by the
 * number of rows, the mode, {@code maxRows} and the seed, so that every number of bins sees the
 * same split.
 */
record ReferenceSplit(int[] placing, int[] counting) {
  static ReferenceSplit of(int rows, VoronoiBins.Options options) {
    boolean heldOut = options.mode() == ReferenceMode.HELD_OUT;
    int take = Math.min(options.maxRows(), heldOut ? rows / 2 : rows);
    int[] order = Choice.PLACING_ROWS.draw(rows, rows, options.seed());
    int[] placing = Arrays.copyOf(order, take);
    Arrays.sort(placing);
    if (!heldOut) {
      return new ReferenceSplit(placing, placing);
    }
    int[] counting = Arrays.copyOfRange(order, take, rows);
    Arrays.sort(counting);
    return new ReferenceSplit(placing, counting);
  }
}
