package org.mixel.figure;

import java.util.ArrayList;
import java.util.List;

/** One kind of thing that a {@link PlanePlot} shows of the plane, in one colour. */
public sealed interface PlaneLayer {
  /** Its name in the legend; empty for no entry. */
  String name();

  /** Its colour. */
  Ink ink();

  /**
   * Points as small discs. Of more than 5,000 in view as many are drawn, evenly taken from all; the
   * legend gives their number and that of all points.
   */
  record Scatter(String name, List<PlanePoint> points, Ink ink) implements PlaneLayer {
    public Scatter {
      points = List.copyOf(points);
    }

    /**
     * @param rows {@code n x 2} values, row after row
     * @throws IllegalArgumentException as {@link PlanePoint#rows}
     */
    public static Scatter of(String name, float[] rows, Ink ink) {
      return new Scatter(name, PlanePoint.rows(rows), ink);
    }
  }

  /**
   * The Voronoi cells of centres, each with its number on the centre if that is in view. Numbers
   * are drawn over all layers, smaller where they would touch; if that is not enough, the higher
   * numbers are left out. Of equal centres the first has the cell.
   *
   * @param centres {@code K} of them
   * @param numbers the number of each cell
   */
  record Cells(String name, List<PlanePoint> centres, List<Integer> numbers, Ink ink)
      implements PlaneLayer {
    /**
     * @throws IllegalArgumentException if there are not as many numbers as centres
     */
    public Cells {
      centres = List.copyOf(centres);
      numbers = List.copyOf(numbers);
      if (centres.size() != numbers.size()) {
        throw new IllegalArgumentException(
            "%d centres but %d numbers".formatted(centres.size(), numbers.size()));
      }
    }

    /**
     * Cells numbered from 1 by falling size, as a {@link ProportionPlot} orders its bins.
     *
     * @param shares size of each cell, in whatever unit
     * @throws IllegalArgumentException if there are not as many shares as centres
     */
    public static Cells bySize(String name, List<PlanePoint> centres, double[] shares, Ink ink) {
      if (centres.size() != shares.length) {
        throw new IllegalArgumentException(
            "%d centres but %d shares".formatted(centres.size(), shares.length));
      }
      int[] order = ProportionPlot.order(shares);
      Integer[] numbers = new Integer[order.length];
      for (int rank = 0; rank < order.length; rank++) {
        numbers[order[rank]] = rank + 1;
      }
      return new Cells(name, centres, List.of(numbers), ink);
    }
  }

  /**
   * Gaussians as ellipses, with a dot for each mean and a line from it for each direction.
   *
   * @param deviations an ellipse for each whole number of standard deviations up to this one, at
   *     least 1
   */
  record Gaussians(String name, List<PlaneGaussian> components, int deviations, Ink ink)
      implements PlaneLayer {
    /**
     * @throws IllegalArgumentException if {@code deviations} is below 1
     */
    public Gaussians {
      components = List.copyOf(components);
      if (deviations < 1) {
        throw new IllegalArgumentException("deviations must be at least 1, got " + deviations);
      }
    }
  }

  /** Straight lines through points. */
  record Lines(String name, List<List<PlanePoint>> lines, Ink ink) implements PlaneLayer {
    public Lines {
      lines = lines.stream().map(List::copyOf).toList();
    }

    /**
     * Lines along the rows of a grid, such as one of latent points that a generator has put into
     * the plane.
     *
     * @param nodes the grid's nodes, row after row
     * @param columns nodes in a row, at least 2
     * @throws IllegalArgumentException if the nodes do not fill whole rows
     */
    public static Lines alongRows(String name, List<PlanePoint> nodes, int columns, Ink ink) {
      if (columns < 2 || nodes.size() % columns != 0) {
        throw new IllegalArgumentException(
            "%d nodes do not fill rows of %d".formatted(nodes.size(), columns));
      }
      List<List<PlanePoint>> lines = new ArrayList<>();
      for (int from = 0; from < nodes.size(); from += columns) {
        lines.add(nodes.subList(from, from + columns));
      }
      return new Lines(name, lines, ink);
    }
  }
}
