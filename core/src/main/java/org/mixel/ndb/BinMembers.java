package org.mixel.ndb;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A few random rows of each bin, to show beside its centre, as row numbers of the set that was
 * counted. Immutable.
 */
public final class BinMembers {
  /** Most rows kept of each bin. */
  public static final int PER_BIN = 12;

  private final int[][] rows;

  private BinMembers(int[][] rows) {
    this.rows = rows;
  }

  /**
   * @param rows for each bin the row numbers; kept, not copied
   */
  static BinMembers of(int[][] rows) {
    return new BinMembers(rows);
  }

  /**
   * Chooses {@link #PER_BIN} rows of each bin, or all if there are fewer.
   *
   * @param assigned the bin of each row
   * @param ids the number of each row
   * @param bins number of bins
   */
  static BinMembers choose(int[] assigned, int[] ids, int bins, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[][] kept = new int[bins][PER_BIN];
    int[] seen = new int[bins];
    for (int i = 0; i < assigned.length; i++) {
      int bin = assigned[i];
      int place = seen[bin] < PER_BIN ? seen[bin] : random.nextInt(seen[bin] + 1);
      seen[bin]++;
      if (place < PER_BIN) {
        kept[bin][place] = ids[i];
      }
    }
    for (int bin = 0; bin < bins; bin++) {
      kept[bin] = Arrays.copyOf(kept[bin], Math.min(seen[bin], PER_BIN));
      Arrays.sort(kept[bin]);
    }
    return new BinMembers(kept);
  }

  /** Number of bins. */
  public int bins() {
    return rows.length;
  }

  /**
   * @param bin the bin
   * @return the numbers of the rows kept, rising; empty if the bin is
   */
  public int[] of(int bin) {
    return rows[bin].clone();
  }
}
