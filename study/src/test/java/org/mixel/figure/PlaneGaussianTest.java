package org.mixel.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Ellipses are those of the covariance matrix, however thin, and no other matrix is taken. */
class PlaneGaussianTest {
  private static final double[] MEAN = {2, -1};

  private static PlaneGaussian gaussian(double... covariance) {
    return PlaneGaussian.of(MEAN, covariance);
  }

  private static double[] way(PlaneGaussian gaussian, PlanePoint corner) {
    return new double[] {corner.x() - gaussian.mean().x(), corner.y() - gaussian.mean().y()};
  }

  @Test
  void theAxesAreTheEigenvectorsAsLongAsTheRootsOfTheirEigenvalues() {
    double[] s = {5, -2, -2, 2};
    PlaneGaussian gaussian = gaussian(s);
    List<PlanePoint> outline = gaussian.outline(1);
    double[] eigenvalues = {6, 1};
    for (int axis = 0; axis < 2; axis++) {
      double[] v = way(gaussian, outline.get(axis * (outline.size() - 1) / 4));
      double eigenvalue = eigenvalues[axis];
      assertThat(Math.hypot(v[0], v[1])).isEqualTo(Math.sqrt(eigenvalue), within(1e-12));
      assertThat(s[0] * v[0] + s[1] * v[1]).isEqualTo(eigenvalue * v[0], within(1e-12));
      assertThat(s[2] * v[0] + s[3] * v[1]).isEqualTo(eigenvalue * v[1], within(1e-12));
    }
  }

  @Test
  void everyCornerIsAsFarFromTheMeanAsAsked() {
    PlaneGaussian gaussian = gaussian(0.5, 0.6, 0.6, 3);
    double determinant = 0.5 * 3 - 0.6 * 0.6;
    List<PlanePoint> outline = gaussian.outline(2);
    for (PlanePoint corner : outline) {
      double[] v = way(gaussian, corner);
      double squared = (3 * v[0] * v[0] - 2 * 0.6 * v[0] * v[1] + 0.5 * v[1] * v[1]) / determinant;
      assertThat(Math.sqrt(squared)).isEqualTo(2, within(1e-12));
    }
    assertThat(outline.get(0)).as("closed").isEqualTo(outline.get(outline.size() - 1));
  }

  @Test
  void aGaussianWithoutWidthIsALine() {
    for (PlanePoint corner : gaussian(1, 2, 2, 4).outline(1)) {
      assertThat(corner.y() + 1).isEqualTo(2 * (corner.x() - 2), within(1e-7));
    }
    assertThat(gaussian(0, 0, 0, 0).outline(1)).containsOnly(new PlanePoint(2, -1));
  }

  @Test
  void directionsBelongToOneGaussian() {
    PlaneGaussian plain = gaussian(1, 0, 0, 1);
    List<PlanePoint> directions = PlanePoint.rows(new double[] {1, 0, 0, 1});
    assertThat(plain.withDirections(directions).directions()).isEqualTo(directions);
    assertThat(plain.directions()).isEmpty();
  }

  @Test
  void whatIsNoCovarianceMatrixIsRefused() {
    assertThatThrownBy(() -> gaussian(1, 2, 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a covariance matrix: variances 1.0 and 1.0, covariance 2.0");
    assertThatThrownBy(() -> gaussian(-1, 0, 0, -1)).hasMessageStartingWith("not a covariance");
    assertThatThrownBy(() -> gaussian(1, Double.NaN, Double.NaN, 1))
        .hasMessageStartingWith("not a covariance");
    assertThatThrownBy(() -> gaussian(Double.POSITIVE_INFINITY, 0, 0, 1))
        .hasMessageStartingWith("not a covariance");
    assertThatThrownBy(() -> gaussian(1, 0.5, 0.4, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a covariance matrix is symmetric, got 0.5 and 0.4");
    assertThatThrownBy(() -> gaussian(1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a Gaussian in the plane has a mean of 2 and a covariance of 4 values, got 2 and 3");
  }
}
