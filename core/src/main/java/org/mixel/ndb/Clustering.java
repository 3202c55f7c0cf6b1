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
  WARD,
  /**
   * No clustering: each of {@code K} random rows of the reference is a centre, as in PQMass (Lemos
   * et al., PQMass: Probabilistic Assessment of the Quality of Generative Models using Probability
   * Mass Estimation, 2024). All other rows are counted, in either mode. These bins favour no model
   * that begins with k-means.
   */
  RANDOM;

  /**
   * @param name {@code kmeans}, {@code ward} or {@code random}
   * @throws InputException if it is none of them
   */
  public static Clustering of(String name) {
    return InputException.choose("binning", values(), name);
  }

  /** The name on the command line: {@code kmeans}, {@code ward} or {@code random}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
