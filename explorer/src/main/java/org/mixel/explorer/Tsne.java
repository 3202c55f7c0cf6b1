package org.mixel.explorer;

import java.util.Arrays;

/**
 * Exact t-SNE in the plane (van der Maaten and Hinton, <i>Visualizing data using t-SNE</i>, JMLR
 * 2008): gradient descent on {@code KL(p || q)} of the probabilities that points are neighbours,
 * with momentum, gains and early exaggeration.
 */
final class Tsne {
  private static final int ITERATIONS = 250;
  private static final int EXAGGERATED = 80;
  private static final double EXAGGERATION = 12;
  private static final double RATE = 50;
  private static final double PERPLEXITY = 30;

  /** The spread of the points in the beginning. */
  private static final double START = 1e-2;

  private static final int BISECTIONS = 40;

  private Tsne() {}

  /**
   * @param squared squared distances, symmetric, of at least 4 points
   * @param start coordinates to begin with
   * @return coordinates of each point
   */
  static double[][] of(double[][] squared, double[][] start) {
    int count = squared.length;
    double[][] p = joint(squared, Math.min(PERPLEXITY, (count - 1) / 3.0));
    double[] y = flat(start);
    double[] step = new double[2 * count];
    double[] gain = new double[2 * count];
    Arrays.fill(gain, 1);
    for (int i = 0; i < ITERATIONS; i++) {
      double[] gradient = gradient(p, y, i < EXAGGERATED ? EXAGGERATION : 1);
      double momentum = i < EXAGGERATED ? 0.5 : 0.8;
      for (int j = 0; j < y.length; j++) {
        boolean turns = gradient[j] * step[j] > 0;
        gain[j] = turns ? Math.max(0.01, 0.8 * gain[j]) : gain[j] + 0.2;
        step[j] = momentum * step[j] - RATE * gain[j] * gradient[j];
        y[j] += step[j];
      }
    }
    double[][] points = new double[count][];
    Arrays.setAll(points, k -> new double[] {y[2 * k], y[2 * k + 1]});
    return points;
  }

  private static double[] flat(double[][] start) {
    double squares = 0;
    for (double[] point : start) {
      squares += point[0] * point[0];
    }
    double scale = squares == 0 ? 0 : START / Math.sqrt(squares / start.length);
    double[] y = new double[2 * start.length];
    Arrays.setAll(y, j -> scale * start[j / 2][j % 2]);
    return y;
  }

  /** {@code 4 sum_j (p_ij - q_ij) (y_i - y_j) / (1 + |y_i - y_j|^2)}. */
  private static double[] gradient(double[][] p, double[] y, double exaggeration) {
    int count = p.length;
    double[] attraction = new double[2 * count];
    double[] repulsion = new double[2 * count];
    double sum = 0;
    for (int i = 1; i < count; i++) {
      double[] row = p[i];
      double x = y[2 * i];
      double z = y[2 * i + 1];
      double ax = 0;
      double az = 0;
      double rx = 0;
      double rz = 0;
      for (int j = 0; j < i; j++) {
        double dx = x - y[2 * j];
        double dz = z - y[2 * j + 1];
        double near = 1 / (1 + dx * dx + dz * dz);
        sum += near;
        double pull = row[j] * near;
        double push = near * near;
        ax += pull * dx;
        az += pull * dz;
        rx += push * dx;
        rz += push * dz;
        attraction[2 * j] -= pull * dx;
        attraction[2 * j + 1] -= pull * dz;
        repulsion[2 * j] -= push * dx;
        repulsion[2 * j + 1] -= push * dz;
      }
      attraction[2 * i] += ax;
      attraction[2 * i + 1] += az;
      repulsion[2 * i] += rx;
      repulsion[2 * i + 1] += rz;
    }
    double norm = 1 / (2 * sum);
    double[] gradient = new double[2 * count];
    Arrays.setAll(gradient, j -> 4 * (exaggeration * attraction[j] - norm * repulsion[j]));
    return gradient;
  }

  /** Symmetric probabilities that sum to 1 over all ordered pairs. */
  private static double[][] joint(double[][] squared, double perplexity) {
    int count = squared.length;
    double[][] conditional = new double[count][];
    Arrays.setAll(conditional, i -> conditional(squared[i], i, Math.log(perplexity)));
    double[][] joint = new double[count][count];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < i; j++) {
        joint[i][j] = (conditional[i][j] + conditional[j][i]) / (2.0 * count);
        joint[j][i] = joint[i][j];
      }
    }
    return joint;
  }

  /** Gaussian neighbours of one point, of the width that gives the entropy. */
  private static double[] conditional(double[] squared, int self, double entropy) {
    double nearest = Double.POSITIVE_INFINITY;
    double mean = 0;
    for (int j = 0; j < squared.length; j++) {
      if (j != self) {
        nearest = Math.min(nearest, squared[j]);
        mean += squared[j] / (squared.length - 1);
      }
    }
    double low = 0;
    double high = Double.POSITIVE_INFINITY;
    double precision = mean > nearest ? 1 / (mean - nearest) : 1;
    double[] p = new double[squared.length];
    for (int step = 0; step < BISECTIONS; step++) {
      double sum = 0;
      double weighted = 0;
      for (int j = 0; j < p.length; j++) {
        p[j] = j == self ? 0 : Math.exp(-precision * (squared[j] - nearest));
        sum += p[j];
        weighted += p[j] * (squared[j] - nearest);
      }
      double reached = Math.log(sum) + precision * weighted / sum;
      double norm = sum;
      Arrays.setAll(p, j -> p[j] / norm);
      if (Math.abs(reached - entropy) < 1e-4) {
        break;
      }
      if (reached > entropy) {
        low = precision;
        precision = Double.isInfinite(high) ? precision * 2 : (low + high) / 2;
      } else {
        high = precision;
        precision = (low + high) / 2;
      }
    }
    return p;
  }
}
