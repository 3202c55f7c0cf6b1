package org.mixel.data;

import java.util.Arrays;
import java.util.BitSet;

/** Which values of rows are hidden: the same in every row, or others in each. Immutable. */
public final class Mask {
  private final int dims;
  private final BitSet[] rows;

  private Mask(int dims, BitSet[] rows) {
    this.dims = dims;
    this.rows = rows;
  }

  /**
   * A mask for all rows.
   *
   * @param observed for each of the {@code d} values whether it stays visible; copied
   */
  public static Mask except(boolean[] observed) {
    BitSet hidden = new BitSet(observed.length);
    for (int j = 0; j < observed.length; j++) {
      hidden.set(j, !observed[j]);
    }
    return new Mask(observed.length, new BitSet[] {hidden});
  }

  /**
   * A mask from numbers, of which those that are not zero hide a value.
   *
   * @param numbers one row for all rows, or one for each; shorter rows are repeated, channel by
   *     channel
   * @param dims values of a row to be masked
   */
  public static Mask ofNonZero(Samples numbers, int dims) {
    BitSet[] rows = new BitSet[numbers.rows()];
    for (int i = 0; i < rows.length; i++) {
      float[] values = numbers.row(i);
      rows[i] = new BitSet(dims);
      for (int j = 0; j < dims; j++) {
        rows[i].set(j, values[j % values.length] != 0);
      }
    }
    return new Mask(dims, rows);
  }

  /** Whether every row hides the same values. */
  public boolean shared() {
    return rows.length == 1;
  }

  /** Whether all values of all rows stay visible. */
  public boolean hidesNothing() {
    return Arrays.stream(rows).allMatch(BitSet::isEmpty);
  }

  /** Whether this mask has the size of a set. */
  boolean fits(Samples samples) {
    return dims == samples.dims() && (shared() || rows.length == samples.rows());
  }

  /** Whether a value of a row is hidden. */
  public boolean hides(int row, int value) {
    return rows[shared() ? 0 : row].get(value);
  }

  /**
   * The values of a row that stay visible.
   *
   * @return a new array of {@code d}
   */
  public boolean[] observed(int row) {
    boolean[] observed = new boolean[dims];
    for (int j = 0; j < dims; j++) {
      observed[j] = !hides(row, j);
    }
    return observed;
  }
}
