package org.mixel.figure;

import java.util.List;
import org.mixel.figure.Mark.Point;

/** Shapes that mean something in plots: a triangle up is over-filled, down is under-filled. */
final class Symbols {
  private Symbols() {}

  static Mark triangle(double x, double y, double radius, boolean up, Ink ink) {
    double tip = up ? -radius : radius;
    double base = -0.7 * tip;
    return Mark.Path.area(
        List.of(
            new Point(x, y + tip),
            new Point(x - radius, y + base),
            new Point(x + radius, y + base)),
        ink);
  }
}
