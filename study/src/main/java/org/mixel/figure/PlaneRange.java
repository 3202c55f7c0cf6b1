package org.mixel.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The part of the plane that a {@link PlanePlot} shows, in the data's units. Plots to be compared
 * share one.
 *
 * @param left smallest x
 * @param right largest x, above {@code left}
 * @param bottom smallest y
 * @param top largest y, above {@code bottom}
 */
public record PlaneRange(double left, double right, double bottom, double top) {
  /** Free space around layers, as a share of the longer side. */
  private static final double MARGIN = 0.04;

  /** A side is at least this share of the other, so that a plot of a line is not one itself. */
  private static final double LEAST_SIDE = 0.25;

  /**
   * @throws IllegalArgumentException if a side is not positive and finite
   */
  public PlaneRange {
    check("x", left, right);
    check("y", bottom, top);
  }

  private static void check(String axis, double low, double high) {
    if (!(high > low) || !Double.isFinite(high - low)) {
      throw new IllegalArgumentException(
          "a range must be finite and rise, got %s from %s to %s".formatted(axis, low, high));
    }
  }

  /**
   * The range that shows all of the layers, with some space around: points, centres of cells,
   * ellipses with their directions, and lines.
   *
   * @throws IllegalArgumentException if the layers hold nothing
   */
  public static PlaneRange around(List<? extends PlaneLayer> layers) {
    List<PlanePoint> points = layers.stream().flatMap(PlaneRange::points).toList();
    if (points.isEmpty()) {
      throw new IllegalArgumentException("nothing to find a range around");
    }
    double left = points.stream().mapToDouble(PlanePoint::x).min().orElseThrow();
    double right = points.stream().mapToDouble(PlanePoint::x).max().orElseThrow();
    double bottom = points.stream().mapToDouble(PlanePoint::y).min().orElseThrow();
    double top = points.stream().mapToDouble(PlanePoint::y).max().orElseThrow();
    double longer = Math.max(right - left, top - bottom);
    if (longer == 0) {
      longer = Math.max(1, 1e-6 * Math.max(Math.abs(left), Math.abs(top)));
    }
    double across = Math.max(right - left, LEAST_SIDE * longer) / 2 + MARGIN * longer;
    double upward = Math.max(top - bottom, LEAST_SIDE * longer) / 2 + MARGIN * longer;
    double x = left + (right - left) / 2;
    double y = bottom + (top - bottom) / 2;
    return new PlaneRange(x - across, x + across, y - upward, y + upward);
  }

  private static Stream<PlanePoint> points(PlaneLayer layer) {
    if (layer instanceof PlaneLayer.Scatter scatter) {
      return scatter.points().stream();
    } else if (layer instanceof PlaneLayer.Cells cells) {
      return cells.centres().stream();
    } else if (layer instanceof PlaneLayer.Lines lines) {
      return lines.lines().stream().flatMap(List::stream);
    }
    PlaneLayer.Gaussians gaussians = (PlaneLayer.Gaussians) layer;
    return gaussians.components().stream()
        .flatMap(
            each ->
                Stream.concat(
                    each.outline(gaussians.deviations()).stream(),
                    each.directions().stream().map(each.mean()::plus)));
  }

  double width() {
    return right - left;
  }

  double height() {
    return top - bottom;
  }

  /** Whether a point lies inside or on the edge. */
  boolean contains(PlanePoint p) {
    return p.x() >= left && p.x() <= right && p.y() >= bottom && p.y() <= top;
  }

  /** The corners, against the clock from the lower left. */
  List<PlanePoint> corners() {
    return List.of(
        new PlanePoint(left, bottom),
        new PlanePoint(right, bottom),
        new PlanePoint(right, top),
        new PlanePoint(left, top));
  }

  /** The pieces of a line that lie in this range. */
  List<List<PlanePoint>> clip(List<PlanePoint> line) {
    List<List<PlanePoint>> pieces = new ArrayList<>();
    List<PlanePoint> piece = new ArrayList<>();
    for (int i = 1; i < line.size(); i++) {
      PlanePoint from = line.get(i - 1);
      PlanePoint to = line.get(i);
      double[] inside = inside(from, to);
      if (inside[0] < inside[1]) {
        if (piece.isEmpty()) {
          piece.add(from.towards(to, inside[0]));
        }
        piece.add(inside[1] == 1 ? to : from.towards(to, inside[1]));
      }
      if (!piece.isEmpty() && (inside[0] >= inside[1] || inside[1] < 1)) {
        pieces.add(List.copyOf(piece));
        piece.clear();
      }
    }
    if (!piece.isEmpty()) {
      pieces.add(List.copyOf(piece));
    }
    return pieces;
  }

  /**
   * From which share of the way between two points to which it lies inside (Liang and Barsky, ACM
   * Transactions on Graphics 3, 1984); the first is not below the second if it does not.
   */
  private double[] inside(PlanePoint from, PlanePoint to) {
    double[] shares = {0, 1};
    narrow(shares, from.x() - left, to.x() - from.x());
    narrow(shares, right - from.x(), from.x() - to.x());
    narrow(shares, from.y() - bottom, to.y() - from.y());
    narrow(shares, top - from.y(), from.y() - to.y());
    return shares;
  }

  /** Keeps the shares {@code t} for which {@code distance + t * change} is not negative. */
  private static void narrow(double[] shares, double distance, double change) {
    if (change > 0) {
      shares[0] = Math.max(shares[0], -distance / change);
    } else if (change < 0) {
      shares[1] = Math.min(shares[1], -distance / change);
    } else if (distance < 0) {
      shares[1] = Double.NEGATIVE_INFINITY;
    }
  }
}
