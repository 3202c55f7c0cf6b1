package org.mixel.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Protects the order of tiles on the map: no swap of two tiles would bring like ones together. */
class SwapsTest {
  private static final int COLUMNS = 4;
  private static final int ROWS = 4;
  private static final int TILES = 14;

  private static double[][] distances() {
    double[] x = new Random(1).doubles(TILES).toArray();
    double[][] distances = new double[TILES][TILES];
    for (int i = 0; i < TILES; i++) {
      for (int j = 0; j < TILES; j++) {
        distances[i][j] = Math.abs(x[i] - x[j]);
      }
    }
    return distances;
  }

  private static double sum(int[] cells, double[][] distances) {
    double sum = 0;
    for (int i = 0; i < TILES; i++) {
      for (int j = 0; j < i; j++) {
        int dx = Math.abs(cells[i] % COLUMNS - cells[j] % COLUMNS);
        int dy = Math.abs(cells[i] / COLUMNS - cells[j] / COLUMNS);
        sum += Math.max(dx, dy) == 1 ? distances[i][j] / (dx + dy) : 0;
      }
    }
    return sum;
  }

  @Test
  void noSwapIsLeft() {
    double[][] distances = distances();
    int[] before = IntStream.range(0, TILES).toArray();
    int[] cells = Swaps.improve(COLUMNS, ROWS, before, distances);
    assertThat(cells).containsExactlyInAnyOrder(before);
    double least = sum(cells, distances);
    assertThat(least).isLessThan(0.6 * sum(before, distances));
    for (int i = 0; i < TILES; i++) {
      for (int j = 0; j < i; j++) {
        int[] other = cells.clone();
        other[i] = cells[j];
        other[j] = cells[i];
        assertThat(sum(other, distances)).isGreaterThan(least - 1e-6);
      }
    }
  }
}
