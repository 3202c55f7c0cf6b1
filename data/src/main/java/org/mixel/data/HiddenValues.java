package org.mixel.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.BitSet;
import org.mixel.InputException;
import org.mixel.data.format.NpyMask;

/** Which values of rows are hidden: the same ones in every row, or others in each. Immutable. */
public final class HiddenValues {
  private final int dims;
  private final BitSet[] rows;

  private HiddenValues(int dims, BitSet[] rows) {
    this.dims = dims;
    this.rows = rows;
  }

  /**
   * The same for all rows.
   *
   * @param observed for each of the {@code d} values whether it is left; copied
   */
  public static HiddenValues except(boolean[] observed) {
    BitSet hidden = new BitSet(observed.length);
    for (int j = 0; j < observed.length; j++) {
      hidden.set(j, !observed[j]);
    }
    return new HiddenValues(observed.length, new BitSet[] {hidden});
  }

  /**
   * Reads a {@code .npy} file of booleans, bytes or floats; what is not zero is hidden. For {@code
   * n} rows of {@code d} values it has the shape {@code (d)} or, for images, {@code (h, w)}, for
   * all rows; or {@code (n, d)}, {@code (n, h, w)} or {@code (n, c, h, w)}, for each its own. A
   * mask without channels hides a pixel in all of them.
   *
   * @param samples the rows that it is for
   * @throws InputException if the file cannot be read, or has another shape
   */
  public static HiddenValues read(Path file, Samples samples) {
    Samples mask = NpyMask.read(file, samples);
    BitSet[] rows = new BitSet[mask.rows()];
    for (int i = 0; i < rows.length; i++) {
      float[] values = mask.row(i);
      rows[i] = new BitSet(samples.dims());
      for (int j = 0; j < samples.dims(); j++) {
        rows[i].set(j, values[j % values.length] != 0);
      }
    }
    return new HiddenValues(samples.dims(), rows);
  }

  /** Whether floats of a set are missing, which is NaN; bytes never are. */
  public static boolean areIn(Samples samples) {
    if (!samples.type().isFloat()) {
      return false;
    }
    ByteBuffer raw = ByteBuffer.allocate(samples.rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < samples.rows(); i++) {
      samples.read(i, 1, raw.clear());
      for (int j = 0; j < samples.dims(); j++) {
        if (Double.isNaN(samples.type().get(raw, j))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Values per row. */
  public int dims() {
    return dims;
  }

  /** Whether every row hides the same. */
  public boolean shared() {
    return rows.length == 1;
  }

  /** Whether this fits a set with so many rows. */
  boolean fits(Samples samples) {
    return dims == samples.dims() && (shared() || rows.length == samples.rows());
  }

  /** Whether a value of a row is hidden. */
  public boolean hides(int row, int value) {
    return rows[shared() ? 0 : row].get(value);
  }

  /**
   * Which values of a row are left.
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
