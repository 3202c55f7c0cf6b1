package org.mixel.explorer;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Cells for points of the plane, one for each.
 *
 * @param columns of the grid
 * @param rows of the grid
 */
record Grid(int columns, int rows) {
  /**
   * The cells whose squared distances from the points are least in sum: the assignment problem,
   * solved by shortest augmenting paths (the Hungarian method) in cubic time.
   *
   * @param points no more than cells
   * @return for each point {@code row * columns + column}; all differ
   */
  int[] nearest(double[][] points) {
    int count = points.length;
    int cells = columns * rows;
    double[][] places = scaled(points);
    double[] pointPrice = new double[count + 1];
    double[] cellPrice = new double[cells + 1];
    // Cells are counted from 1; cell 0 holds the point that looks for one, and point 0 is nobody.
    int[] owner = new int[cells + 1];
    int[] before = new int[cells + 1];
    for (int point = 1; point <= count; point++) {
      owner[0] = point;
      int cell = 0;
      double[] least = new double[cells + 1];
      Arrays.fill(least, Double.POSITIVE_INFINITY);
      boolean[] visited = new boolean[cells + 1];
      do {
        visited[cell] = true;
        double[] place = places[owner[cell] - 1];
        double price = pointPrice[owner[cell]];
        double step = Double.POSITIVE_INFINITY;
        int next = 0;
        for (int c = 1; c <= cells; c++) {
          if (!visited[c]) {
            double dx = place[0] - (c - 1) % columns;
            double dy = place[1] - (c - 1) / columns;
            double cost = dx * dx + dy * dy - price - cellPrice[c];
            if (cost < least[c]) {
              least[c] = cost;
              before[c] = cell;
            }
            if (least[c] < step) {
              step = least[c];
              next = c;
            }
          }
        }
        for (int c = 0; c <= cells; c++) {
          if (visited[c]) {
            pointPrice[owner[c]] += step;
            cellPrice[c] -= step;
          } else {
            least[c] -= step;
          }
        }
        cell = next;
      } while (owner[cell] != 0);
      while (cell != 0) {
        owner[cell] = owner[before[cell]];
        cell = before[cell];
      }
    }
    int[] found = new int[count];
    for (int c = 1; c <= cells; c++) {
      if (owner[c] != 0) {
        found[owner[c] - 1] = c - 1;
      }
    }
    return found;
  }

  /** The points in units of cells, such that they fill the grid. */
  private double[][] scaled(double[][] points) {
    double[][] places = new double[points.length][2];
    for (int axis = 0; axis < 2; axis++) {
      int along = axis;
      double low = Arrays.stream(points).mapToDouble(p -> p[along]).min().orElse(0);
      double high = Arrays.stream(points).mapToDouble(p -> p[along]).max().orElse(0);
      double unit = high > low ? ((axis == 0 ? columns : rows) - 1) / (high - low) : 0;
      for (int i = 0; i < points.length; i++) {
        places[i][axis] = (points[i][axis] - low) * unit;
      }
    }
    return places;
  }

  /**
   * Cells by recursive bisection, for many points: each cut gives both halves of a rectangle their
   * share of the points, in the order of the coordinate that is cut.
   *
   * @param points no more than cells
   * @return for each point {@code row * columns + column}; all differ
   */
  int[] byBisection(double[][] points) {
    int[] cells = new int[points.length];
    int[] all = IntStream.range(0, points.length).toArray();
    place(all, points, new Box(0, 0, columns, rows), cells);
    return cells;
  }

  private record Box(int left, int top, int width, int height) {
    int cells() {
      return width * height;
    }

    /** The left or upper half, cut across the longer side. */
    Box first() {
      return across()
          ? new Box(left, top, width / 2, height)
          : new Box(left, top, width, height / 2);
    }

    Box second() {
      return across()
          ? new Box(left + width / 2, top, width - width / 2, height)
          : new Box(left, top + height / 2, width, height - height / 2);
    }

    boolean across() {
      return width >= height;
    }
  }

  private void place(int[] chosen, double[][] points, Box box, int[] cells) {
    if (chosen.length == 0) {
      return;
    }
    if (box.cells() == 1) {
      cells[chosen[0]] = box.top() * columns + box.left();
      return;
    }
    int axis = box.across() ? 0 : 1;
    int[] sorted =
        IntStream.of(chosen)
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer k) -> points[k][axis]).thenComparing(k -> k))
            .mapToInt(k -> k)
            .toArray();
    int share = Math.round((float) chosen.length * box.first().cells() / box.cells());
    int fewest = chosen.length - box.second().cells();
    int first = Math.max(fewest, Math.min(box.first().cells(), share));
    place(Arrays.copyOf(sorted, first), points, box.first(), cells);
    place(Arrays.copyOfRange(sorted, first, sorted.length), points, box.second(), cells);
  }
}
