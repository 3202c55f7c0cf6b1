package org.mixel.figure;

import java.util.ArrayList;
import java.util.List;

/**
 * A Gaussian in the plane and the directions that matter to it, such as the columns of a mixture
 * component's factor loadings.
 *
 * @param mean its centre
 * @param varianceX of the first coordinate, at least 0
 * @param varianceY of the second coordinate, at least 0
 * @param covariance of the two
 * @param directions ways from the mean, in the data's units
 */
public record PlaneGaussian(
    PlanePoint mean,
    double varianceX,
    double varianceY,
    double covariance,
    List<PlanePoint> directions) {
  private static final int CORNERS = 96;

  /** How far, relatively, single precision may leave a matrix from symmetric and semi-definite. */
  private static final double SLACK = 1e-5;

  /**
   * @throws IllegalArgumentException if the covariance matrix is not finite or has a negative
   *     eigenvalue
   */
  public PlaneGaussian {
    directions = List.copyOf(directions);
    double product = varianceX * varianceY;
    if (!(varianceX >= 0 && varianceY >= 0)
        || !Double.isFinite(product)
        || !(covariance * covariance <= product * (1 + SLACK))) {
      throw new IllegalArgumentException(
          "not a covariance matrix: variances %s and %s, covariance %s"
              .formatted(varianceX, varianceY, covariance));
    }
  }

  /**
   * A Gaussian without directions.
   *
   * @param mean 2 values
   * @param covariance {@code 2 x 2} values, row after row
   * @throws IllegalArgumentException if there are more or fewer values, or the matrix is not
   *     finite, not symmetric or has a negative eigenvalue
   */
  public static PlaneGaussian of(double[] mean, double[] covariance) {
    if (mean.length != 2 || covariance.length != 4) {
      throw new IllegalArgumentException(
          "a Gaussian in the plane has a mean of 2 and a covariance of 4 values, got %d and %d"
              .formatted(mean.length, covariance.length));
    }
    double scale = Math.max(Math.abs(covariance[0]), Math.abs(covariance[3]));
    if (Math.abs(covariance[1] - covariance[2]) > SLACK * scale) {
      throw new IllegalArgumentException(
          "a covariance matrix is symmetric, got %s and %s"
              .formatted(covariance[1], covariance[2]));
    }
    return new PlaneGaussian(
        new PlanePoint(mean[0], mean[1]),
        covariance[0],
        covariance[3],
        (covariance[1] + covariance[2]) / 2,
        List.of());
  }

  /**
   * The same Gaussian with other directions.
   *
   * @param directions ways from the mean; {@link PlanePoint#rows} reads them from an array
   */
  public PlaneGaussian withDirections(List<PlanePoint> directions) {
    return new PlaneGaussian(mean, varianceX, varianceY, covariance, directions);
  }

  /**
   * The ellipse of all points at one Mahalanobis distance from the mean. It begins and ends on the
   * long axis, and a quarter of its corners later it meets the short one.
   *
   * @param deviations the distance, in standard deviations
   */
  List<PlanePoint> outline(double deviations) {
    double middle = (varianceX + varianceY) / 2;
    double spread = Math.hypot((varianceX - varianceY) / 2, covariance);
    double longest = Math.sqrt(middle + spread);
    double shortest = Math.sqrt(Math.max(0, middle - spread));
    double turn = Math.atan2(2 * covariance, varianceX - varianceY) / 2;
    List<PlanePoint> corners = new ArrayList<>();
    for (int i = 0; i <= CORNERS; i++) {
      double angle = 2 * Math.PI * (i % CORNERS) / CORNERS;
      double along = deviations * longest * Math.cos(angle);
      double aside = deviations * shortest * Math.sin(angle);
      corners.add(
          new PlanePoint(
              mean.x() + along * Math.cos(turn) - aside * Math.sin(turn),
              mean.y() + along * Math.sin(turn) + aside * Math.cos(turn)));
    }
    return List.copyOf(corners);
  }
}
