package org.mixel.ndb;

import java.util.Locale;
import org.mixel.InputException;

/** How the rows that place the bins are grouped. */
public enum Clustering {
  /** k-means with restarts, as in the paper: {@link org.mixel.cluster.KMeans}. */
  KMEANS,
  /**
   * Agglomerative clustering by Ward's criterion, on at most {@link
   * org.mixel.cluster.Ward#MOST_ROWS} of the rows; the others join the nearest mean. It has no
   * random start, and shows whether a result depends on k-means.
   */
  WARD;

  /**
   * @param name {@code kmeans} or {@code ward}
   * @throws InputException if it is neither
   */
  public static Clustering of(String name) {
    return InputException.choose("binning", values(), name);
  }

  /** The name on the command line: {@code kmeans} or {@code ward}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
