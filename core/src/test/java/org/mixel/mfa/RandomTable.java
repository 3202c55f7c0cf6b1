package org.mixel.mfa;

import java.util.Random;
import org.mixel.data.StoredSamples;

/**
 * A table as people have them: columns that are correlated, skewed, counted or yes and no, in units
 * from 1e-6 to 1e9, up to 10,000 deviations from zero.
 */
final class RandomTable {
  final int dims;
  private final Random random;
  private final double[] scale;
  private final double[] offset;
  private final int[] kind;
  private final double[][] centers = new double[3][];
  private final double[][] directions = new double[3][];

  RandomTable(int dims, long seed) {
    this.dims = dims;
    random = new Random(seed);
    scale = random.doubles(dims, -6, 9).map(u -> Math.pow(10, u)).toArray();
    offset = random.doubles(dims, -2, 4).map(u -> Math.pow(10, u)).toArray();
    kind = random.ints(dims, 0, 7).toArray();
    for (int group = 0; group < centers.length; group++) {
      centers[group] = random.doubles(dims, -2, 2).toArray();
      directions[group] = random.doubles(dims, -1, 1).toArray();
    }
  }

  /** Rows, one after the other. */
  double[][] rows(int count) {
    double[][] rows = new double[count][dims];
    for (double[] row : rows) {
      int group = random.nextInt(centers.length);
      double z = random.nextGaussian();
      for (int j = 0; j < dims; j++) {
        double value =
            switch (kind[j]) {
              case 0 -> Math.exp(0.7 * random.nextGaussian());
              case 1 -> random.nextDouble() < 0.3 ? 1 : 0;
              case 2 -> Math.floor(4 * random.nextDouble() * random.nextDouble());
              default -> centers[group][j] + z * directions[group][j] + 0.3 * random.nextGaussian();
            };
        row[j] = (value + offset[j]) * scale[j];
      }
    }
    return rows;
  }

  /** The unit of a column. */
  double scale(int column) {
    return scale[column];
  }

  static StoredSamples samples(double[][] rows) {
    return StoredSamples.ofDoubles("table", rows[0].length, DenseMixture.flatten(rows));
  }
}
