package org.mixel.explorer;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mixel.data.Samples;

/**
 * Where the components lie on a page, so that neighbours are alike and nothing overlaps.
 *
 * <p>The means are laid out by exact t-SNE that begins with their two first principal coordinates;
 * many means by these alone. Then each goes to a cell of a {@link Grid}; {@link Swaps} bring like
 * ones together that few dimensions keep apart. Deterministic.
 *
 * @param method how, in words
 * @param columns of the grid
 * @param rows of the grid
 * @param cells for each component its cell, {@code row * columns + column}; all differ
 */
record ComponentMap(String method, int columns, int rows, int[] cells) {
  /** More components than this are laid out by principal coordinates alone. */
  static final int MOST_BY_TSNE = 1000;

  private static final int POWER_ITERATIONS = 30;

  /** {@code y -> X X' y} for centred means {@code X}. */
  private interface Gram {
    double[] times(double[] y);
  }

  /**
   * @param means one row for each component; columns of vectors count alike whatever their units
   */
  static ComponentMap of(Samples means) {
    int count = means.rows();
    float[][] centred = centred(means);
    int columns = (int) Math.ceil(Math.sqrt(count));
    int rows = (count + columns - 1) / columns;
    Grid grid = new Grid(columns, rows);
    if (count <= 3 || count > MOST_BY_TSNE) {
      return new ComponentMap(
          "principal coordinates of the means, on a grid",
          columns,
          rows,
          grid.byBisection(principal(count, byRows(centred))));
    }
    double[][] distances = squaredDistances(centred);
    int[] cells = grid.nearest(Tsne.of(distances, principal(count, byDistances(distances))));
    for (double[] row : distances) {
      Arrays.setAll(row, k -> Math.sqrt(row[k]));
    }
    return new ComponentMap(
        "t-SNE of the means on a grid, improved by swaps",
        columns,
        rows,
        Swaps.improve(columns, rows, cells, distances));
  }

  private static float[][] centred(Samples means) {
    int count = means.rows();
    double[] centre = new double[means.dims()];
    for (int k = 0; k < count; k++) {
      double[] row = means.exactRow(k);
      for (int j = 0; j < centre.length; j++) {
        centre[j] += row[j] / count;
      }
    }
    float[][] rows = new float[count][centre.length];
    double[] squares = new double[centre.length];
    for (int k = 0; k < count; k++) {
      double[] row = means.exactRow(k);
      for (int j = 0; j < centre.length; j++) {
        rows[k][j] = (float) (row[j] - centre[j]);
        squares[j] += (double) rows[k][j] * rows[k][j];
      }
    }
    if (means.shape().isEmpty()) {
      for (float[] row : rows) {
        for (int j = 0; j < centre.length; j++) {
          row[j] = squares[j] == 0 ? 0 : (float) (row[j] / Math.sqrt(squares[j] / count));
        }
      }
    }
    return rows;
  }

  private static double[][] squaredDistances(float[][] rows) {
    double[][] distances = new double[rows.length][rows.length];
    IntStream.range(0, rows.length)
        .parallel()
        .forEach(
            i -> {
              for (int j = 0; j < i; j++) {
                distances[i][j] = squaredDistance(rows[i], rows[j]);
              }
            });
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < i; j++) {
        distances[j][i] = distances[i][j];
      }
    }
    return distances;
  }

  private static double squaredDistance(float[] a, float[] b) {
    double sum = 0;
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int j = 0;
    for (; j + 4 <= a.length; j += 4) {
      float d0 = a[j] - b[j];
      float d1 = a[j + 1] - b[j + 1];
      float d2 = a[j + 2] - b[j + 2];
      float d3 = a[j + 3] - b[j + 3];
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    for (; j < a.length; j++) {
      double d = a[j] - b[j];
      sum += d * d;
    }
    return sum + s0 + s1 + s2 + s3;
  }

  /** Of centred points: {@code x_i' x_j} is what double centring leaves of the distances. */
  private static Gram byDistances(double[][] squared) {
    int count = squared.length;
    double[] means = new double[count];
    for (int i = 0; i < count; i++) {
      means[i] = Arrays.stream(squared[i]).average().orElse(0);
    }
    double mean = Arrays.stream(means).average().orElse(0);
    return y -> {
      double[] product = new double[count];
      for (int i = 0; i < count; i++) {
        double sum = 0;
        for (int j = 0; j < count; j++) {
          sum += (means[i] + means[j] - mean - squared[i][j]) / 2 * y[j];
        }
        product[i] = sum;
      }
      return product;
    };
  }

  private static Gram byRows(float[][] rows) {
    return y -> {
      double[] sum = new double[rows[0].length];
      for (int i = 0; i < rows.length; i++) {
        for (int j = 0; j < sum.length; j++) {
          sum[j] += y[i] * rows[i][j];
        }
      }
      return IntStream.range(0, rows.length)
          .parallel()
          .mapToDouble(i -> dot(rows[i], sum))
          .toArray();
    };
  }

  private static double dot(float[] row, double[] other) {
    double sum = 0;
    for (int j = 0; j < row.length; j++) {
      sum += row[j] * other[j];
    }
    return sum;
  }

  /** The two first principal coordinates, by power iteration. */
  private static double[][] principal(int count, Gram gram) {
    SplittableRandom random = new SplittableRandom(0);
    double[] first = random.doubles(count, -1, 1).toArray();
    double[] second = random.doubles(count, -1, 1).toArray();
    double[] scales = new double[2];
    for (int i = 0; i < POWER_ITERATIONS; i++) {
      first = gram.times(first);
      scales[0] = normalize(first);
      second = gram.times(second);
      double common = 0;
      for (int k = 0; k < count; k++) {
        common += first[k] * second[k];
      }
      for (int k = 0; k < count; k++) {
        second[k] -= common * first[k];
      }
      scales[1] = normalize(second);
    }
    double[][] points = new double[count][2];
    for (int k = 0; k < count; k++) {
      points[k][0] = first[k] * Math.sqrt(scales[0]);
      points[k][1] = second[k] * Math.sqrt(scales[1]);
    }
    return points;
  }

  /** Makes the length 1, if it is not 0, and returns what it was. */
  private static double normalize(double[] vector) {
    double length = Math.sqrt(Arrays.stream(vector).map(v -> v * v).sum());
    if (length > 0) {
      Arrays.setAll(vector, k -> vector[k] / length);
    }
    return length;
  }
}
