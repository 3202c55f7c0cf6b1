package org.mixel.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A place in the plane of the data, or a way from one place to another. Unlike a {@link
 * Mark.Point}, it is in the data's own units, with y growing upward.
 *
 * @param x finite
 * @param y finite
 */
public record PlanePoint(double x, double y) {
  /**
   * @throws IllegalArgumentException if a coordinate is not finite
   */
  public PlanePoint {
    if (!Double.isFinite(x) || !Double.isFinite(y)) {
      throw new IllegalArgumentException("a point must be finite, got (%s, %s)".formatted(x, y));
    }
  }

  /**
   * The rows of a data set.
   *
   * @param rows {@code n x 2} values, row after row; copied
   * @return {@code n} points
   * @throws IllegalArgumentException if the number of values is odd or one is not finite
   */
  public static List<PlanePoint> rows(double[] rows) {
    if (rows.length % 2 != 0) {
      throw new IllegalArgumentException(
          "points have two values each, got %d".formatted(rows.length));
    }
    List<PlanePoint> points = new ArrayList<>(rows.length / 2);
    for (int i = 0; i < rows.length; i += 2) {
      if (!Double.isFinite(rows[i]) || !Double.isFinite(rows[i + 1])) {
        throw new IllegalArgumentException(
            "row %d is not finite: (%s, %s)".formatted(i / 2, rows[i], rows[i + 1]));
      }
      points.add(new PlanePoint(rows[i], rows[i + 1]));
    }
    return List.copyOf(points);
  }

  /** As {@link #rows(double[])}. */
  public static List<PlanePoint> rows(float[] rows) {
    return rows(IntStream.range(0, rows.length).mapToDouble(i -> rows[i]).toArray());
  }

  PlanePoint plus(PlanePoint way) {
    return new PlanePoint(x + way.x, y + way.y);
  }

  /** The point so far along the straight way to another: 0 is here, 1 is there. */
  PlanePoint towards(PlanePoint other, double share) {
    return new PlanePoint(x + share * (other.x - x), y + share * (other.y - y));
  }
}
