package org.mixel.explorer;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Swaps pairs of tiles on a grid while that brings like ones together: while the sum of the
 * distances of neighbours falls, in which two tiles count whole that share an edge, and half that
 * share a corner.
 */
final class Swaps {
  private static final int MOST_PASSES = 8;
  private static final int EMPTY = -1;
  private static final double CORNER = 0.5;

  /** Gains below this part of a distance are rounding. */
  private static final double LEAST_GAIN = 1e-9;

  private final int[][] edges;
  private final int[][] corners;
  private final double[][] distances;
  private final int[] at;

  private Swaps(int columns, int rows, int[] cells, double[][] distances) {
    this.distances = distances;
    at = new int[columns * rows];
    Arrays.fill(at, EMPTY);
    for (int k = 0; k < cells.length; k++) {
      at[cells[k]] = k;
    }
    edges = around(columns, rows, 1);
    corners = around(columns, rows, 2);
  }

  /** For each cell those that are {@code steps} steps along the axes away, at most one on each. */
  private static int[][] around(int columns, int rows, int steps) {
    return IntStream.range(0, columns * rows)
        .mapToObj(
            cell ->
                IntStream.range(0, columns * rows)
                    .filter(
                        other -> {
                          int dx = Math.abs(other % columns - cell % columns);
                          int dy = Math.abs(other / columns - cell / columns);
                          return dx <= 1 && dy <= 1 && dx + dy == steps;
                        })
                    .toArray())
        .toArray(int[][]::new);
  }

  /**
   * @param cells for each tile its cell, {@code row * columns + column}
   * @param distances {@code [K][K]} of the tiles
   * @return new cells, the same as a set
   */
  static int[] improve(int columns, int rows, int[] cells, double[][] distances) {
    Swaps swaps = new Swaps(columns, rows, cells, distances);
    for (int pass = 0; pass < MOST_PASSES && swaps.pass(); pass++) {}
    int[] improved = new int[cells.length];
    for (int cell = 0; cell < swaps.at.length; cell++) {
      if (swaps.at[cell] != EMPTY) {
        improved[swaps.at[cell]] = cell;
      }
    }
    return improved;
  }

  /** Looks at every pair once; true if one was swapped. */
  private boolean pass() {
    boolean swapped = false;
    for (int a = 0; a < at.length; a++) {
      for (int b = 0; b < a; b++) {
        if (at[a] != EMPTY && at[b] != EMPTY && gain(a, b) + gain(b, a) > LEAST_GAIN) {
          int tile = at[a];
          at[a] = at[b];
          at[b] = tile;
          swapped = true;
        }
      }
    }
    return swapped;
  }

  /** By how much the sum about {@code cell} falls if it gets the tile of {@code other}. */
  private double gain(int cell, int other) {
    return gain(cell, other, edges) + CORNER * gain(cell, other, corners);
  }

  private double gain(int cell, int other, int[][] neighbours) {
    double[] now = distances[at[cell]];
    double[] then = distances[at[other]];
    double gain = 0;
    for (int neighbour : neighbours[cell]) {
      int tile = at[neighbour];
      if (tile != EMPTY && neighbour != other) {
        gain += now[tile] - then[tile];
      }
    }
    return gain;
  }
}
