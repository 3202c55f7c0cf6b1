package org.mixel.bench;

import java.util.Random;

/**
 * Tables as people have them: groups of rows, columns that depend on each other or do not, that are
 * skewed, counted, uniform or yes and no, in units from 1e-6 to 1e9, up to 10,000 deviations from
 * zero.
 */
final class RandomTable {
  private static final double NOISE = 0.3;

  private final int dims;
  private final Random random;
  private final double[][] centers;
  private final double[][][] directions;
  private final int[] kinds;
  private final double[] offsets;
  private final double[] units;

  RandomTable(int dims, Random random) {
    this.dims = dims;
    this.random = random;
    int groups = 1 + random.nextInt(5);
    double spread = 0.5 + 2.5 * random.nextDouble();
    double dependence = random.nextInt(3) == 0 ? 0 : 0.2 + 0.8 * random.nextDouble();
    centers = new double[groups][];
    directions = new double[groups][Math.max(1, dims / 3)][];
    for (int group = 0; group < groups; group++) {
      centers[group] = normals(spread);
      for (int f = 0; f < directions[group].length; f++) {
        directions[group][f] = normals(dependence);
      }
    }
    kinds = random.ints(dims, 0, 8).toArray();
    offsets = random.doubles(dims, -2, 4).map(u -> Math.pow(10, u)).toArray();
    units = random.doubles(dims, -6, 9).map(u -> Math.pow(10, u)).toArray();
  }

  private double[] normals(double deviation) {
    double[] values = new double[dims];
    for (int j = 0; j < dims; j++) {
      values[j] = deviation * random.nextGaussian();
    }
    return values;
  }

  /** Rows, one after the other. */
  double[] rows(int count) {
    double[] values = new double[count * dims];
    for (int i = 0; i < count; i++) {
      int group = random.nextInt(centers.length);
      double[] row = normals(NOISE);
      for (double[] direction : directions[group]) {
        double z = random.nextGaussian();
        for (int j = 0; j < dims; j++) {
          row[j] += z * direction[j];
        }
      }
      for (int j = 0; j < dims; j++) {
        double value =
            switch (kinds[j]) {
              case 0 -> Math.exp(0.7 * random.nextGaussian());
              case 1 -> random.nextDouble() < 0.3 ? 1 : 0;
              case 2 -> Math.floor(9 * random.nextDouble() * random.nextDouble());
              case 3 -> random.nextDouble();
              default -> centers[group][j] + row[j];
            };
        values[i * dims + j] = (value + offsets[j]) * units[j];
      }
    }
    return values;
  }
}
