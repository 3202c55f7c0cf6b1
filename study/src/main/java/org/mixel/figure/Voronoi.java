package org.mixel.figure;

import java.util.ArrayList;
import java.util.List;

/** Which part of a range is nearest to which centre. */
final class Voronoi {
  private Voronoi() {}

  /**
   * The cells of all centres, each the range less the half-planes nearer to the others: {@code
   * O(K^2)} cuts, which is nothing beside drawing up to some thousand.
   *
   * @return for each centre the corners of its cell, against the clock; none if no point of the
   *     range is nearest to it, or an equal centre came before
   */
  static List<List<PlanePoint>> cells(PlaneRange range, List<PlanePoint> centres) {
    List<List<PlanePoint>> cells = new ArrayList<>();
    for (int i = 0; i < centres.size(); i++) {
      cells.add(cell(range, centres, i));
    }
    return cells;
  }

  private static List<PlanePoint> cell(PlaneRange range, List<PlanePoint> centres, int own) {
    PlanePoint centre = centres.get(own);
    List<PlanePoint> cell = range.corners();
    for (int i = 0; i < centres.size() && !cell.isEmpty(); i++) {
      PlanePoint other = centres.get(i);
      if (!other.equals(centre)) {
        cell = nearer(cell, centre, other);
      } else if (i < own) {
        return List.of();
      }
    }
    return cell;
  }

  /** The part of a convex polygon that is nearer to one centre than to another. */
  private static List<PlanePoint> nearer(
      List<PlanePoint> polygon, PlanePoint centre, PlanePoint other) {
    List<PlanePoint> kept = new ArrayList<>();
    PlanePoint from = polygon.get(polygon.size() - 1);
    double before = beyond(from, centre, other);
    for (PlanePoint to : polygon) {
      double after = beyond(to, centre, other);
      if ((before < 0 && after > 0) || (before > 0 && after < 0)) {
        kept.add(from.towards(to, before / (before - after)));
      }
      if (after <= 0) {
        kept.add(to);
      }
      from = to;
      before = after;
    }
    return kept.size() < 3 ? List.of() : kept;
  }

  /** Positive on the side of the other centre, zero halfway. */
  private static double beyond(PlanePoint p, PlanePoint centre, PlanePoint other) {
    double dx = other.x() - centre.x();
    double dy = other.y() - centre.y();
    // measured from the midpoint: squares of large coordinates would swallow the difference
    return (p.x() - (centre.x() + dx / 2)) * dx + (p.y() - (centre.y() + dy / 2)) * dy;
  }
}
