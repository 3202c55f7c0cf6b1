package org.mixel.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mixel.Progress;

/**
 * The merges of agglomerative clustering by Ward's criterion, from a matrix of squared distances.
 *
 * <p>A chain of clusters, each the nearest of the one before, ends in two that are nearest to each
 * other; merging them is right whatever lies elsewhere (Murtagh, 1983). Every merge takes a few
 * passes over a row of the matrix, {@code O(n^2)} in all. Distances to the merged cluster follow
 * from Lance and Williams' formula
 *
 * <pre>d(ij, k) = ((n_i + n_k) d(i, k) + (n_j + n_k) d(j, k) - n_k d(i, j)) / (n_i + n_j + n_k)
 * </pre>
 *
 * which keeps {@code d} at twice what a merge adds to the sum of squares.
 */
final class NearestNeighborChain {
  private final float[][] distances;
  private final int[] sizes;
  private final int[] chain;
  private int length;

  private NearestNeighborChain(float[][] distances) {
    this.distances = distances;
    sizes = new int[distances.length];
    Arrays.fill(sizes, 1);
    chain = new int[distances.length];
  }

  /**
   * Two clusters become one, which goes by the number of the first.
   *
   * @param cost their distance; never less than that of a merge it rests on, but for rounding
   */
  record Merge(int kept, int absorbed, float cost) {}

  /**
   * All {@code n - 1} merges, in an order in which each follows those it rests on.
   *
   * @param distances {@code [n, n]} squared Euclidean distances of the rows; overwritten
   */
  static List<Merge> merges(float[][] distances, Progress progress) {
    NearestNeighborChain search = new NearestNeighborChain(distances);
    List<Merge> merges = new ArrayList<>();
    try (Progress.Stage stage = progress.begin("Ward clustering", distances.length - 1)) {
      int first = 0;
      while (merges.size() < distances.length - 1) {
        if (search.length == 0) {
          while (search.sizes[first] == 0) {
            first++;
          }
          search.chain[search.length++] = first;
        }
        merges.add(search.next());
        stage.advance(1);
      }
    }
    return merges;
  }

  /** Follows the chain to its end and merges the two clusters there. */
  private Merge next() {
    while (true) {
      int last = chain[length - 1];
      int before = length > 1 ? chain[length - 2] : -1;
      int nearest = nearest(last, before);
      if (nearest == before) {
        length -= 2;
        float cost = distances[last][before];
        merge(Math.min(last, before), Math.max(last, before));
        return new Merge(Math.min(last, before), Math.max(last, before), cost);
      }
      chain[length++] = nearest;
    }
  }

  /** Of several nearest the one before in the chain, so that it ends; else the first. */
  private int nearest(int cluster, int before) {
    float[] row = distances[cluster];
    int nearest = before;
    float least = before < 0 ? Float.POSITIVE_INFINITY : row[before];
    for (int k = 0; k < row.length; k++) {
      if (row[k] < least && sizes[k] > 0 && k != cluster) {
        least = row[k];
        nearest = k;
      }
    }
    return nearest;
  }

  private void merge(int kept, int absorbed) {
    float[] own = distances[kept];
    float[] other = distances[absorbed];
    float between = own[absorbed];
    float i = sizes[kept];
    float j = sizes[absorbed];
    sizes[kept] += sizes[absorbed];
    sizes[absorbed] = 0;
    for (int k = 0; k < own.length; k++) {
      if (sizes[k] > 0 && k != kept) {
        float size = sizes[k];
        float merged =
            ((i + size) * own[k] + (j + size) * other[k] - size * between) / (i + j + size);
        own[k] = merged;
        distances[k][kept] = merged;
      }
    }
  }
}
