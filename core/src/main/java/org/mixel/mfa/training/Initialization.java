package org.mixel.mfa.training;

import java.util.Locale;
import org.mixel.InputException;

/** Where the first model comes from. */
public enum Initialization {
  /** k-means, then one factor analysis per cluster: the paper's, and the best. */
  KMEANS,
  /** A few random rows span each component's subspace: the quickest. */
  RANDOM,
  /** Clusters about subspaces instead of points, then one factor analysis per cluster. */
  SUBSPACES;

  /**
   * @param name a constant's name in lower case
   * @throws InputException if there is no such constant
   */
  public static Initialization of(String name) {
    return InputException.choose("init", values(), name);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
