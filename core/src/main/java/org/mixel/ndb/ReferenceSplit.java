package org.mixel.ndb;

import java.util.Arrays;
import org.mixel.tensor.RandomStream;

/**
 * The rows that place the centres and the rows that are counted, each in rising order; fixed by the
 * number of rows, the mode, {@code maxRows} and the seed, so that every number of bins sees the
 * same split.
 */
record ReferenceSplit(int[] placing, int[] counting) {
  private static final long ROWS = 1;

  static ReferenceSplit of(int rows, VoronoiBins.Options options) {
    boolean heldOut = options.mode() == ReferenceMode.HELD_OUT;
    int take = Math.min(options.maxRows(), heldOut ? rows / 2 : rows);
    int[] order;
    try (RandomStream stream = RandomStream.of(options.seed());
        RandomStream random = stream.split(ROWS)) {
      order = random.choose(rows, rows);
    }
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
