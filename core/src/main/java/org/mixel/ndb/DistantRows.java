package org.mixel.ndb;

import java.util.Optional;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;

/**
 * A set whose rows lie elsewhere, such as on the machines of a cluster: some of them can be brought
 * here, and all can be told their bins where they are.
 */
public interface DistantRows {
  /** The user's name for the set. */
  String name();

  /** Number of rows. */
  int rows();

  /** Values per row. */
  int dims();

  /** The shape of a row when rows are images. */
  Optional<ImageShape> shape();

  /**
   * Brings rows here.
   *
   * @param rows rising places in the set
   * @return these rows in memory, under the set's name
   * @throws org.mixel.InputException if a value is not finite, or rows are of different sizes
   */
  Samples take(int[] rows);

  /**
   * The bin of every row, in the order of the set.
   *
   * @throws org.mixel.InputException if a value is not finite, or rows are of another size
   */
  int[] assign(VoronoiBins.Cells cells);
}
