package org.mixel.mfa.training;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
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
    for (Initialization each : values()) {
      if (each.toString().equals(name)) {
        return each;
      }
    }
    throw new InputException(
        "init must be one of "
            + Arrays.stream(values()).map(String::valueOf).collect(Collectors.joining(", "))
            + ", got "
            + name);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
