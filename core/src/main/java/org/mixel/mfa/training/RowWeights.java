package org.mixel.mfa.training;

import java.util.Arrays;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.data.Samples;
import org.mixel.tensor.Tensors;

/** How many rows each row stands for in sums over rows; without weights, nothing is multiplied. */
final class RowWeights {
  private final int rows;

  /** One for each row, or none at all. */
  private final double[] weights;

  private RowWeights(int rows, double[] weights) {
    this.rows = rows;
    this.weights = weights;
  }

  /** The weights of a set's rows. */
  static RowWeights of(Samples samples) {
    return new RowWeights(samples.rows(), samples.weights().orElse(new double[0]));
  }

  /** How many rows all of them stand for. */
  double total() {
    return areEqual() ? rows : Arrays.stream(weights).sum();
  }

  private boolean areEqual() {
    return weights.length == 0;
  }

  /**
   * Counts consecutive rows in statistics.
   *
   * @param logLikelihoods of the rows, {@code [n]}
   * @param from the first row
   */
  void count(SufficientStatistics statistics, Tensor logLikelihoods, int from) {
    int size = (int) logLikelihoods.size(0);
    if (areEqual()) {
      statistics.count(size, sum(logLikelihoods));
    } else {
      double[] own = Arrays.copyOfRange(weights, from, from + size);
      statistics.count(
          Arrays.stream(own).sum(), sum(logLikelihoods.mul(like(logLikelihoods, own))));
    }
  }

  /**
   * The weighted sum of figures of rows.
   *
   * @param figures {@code [n]}
   * @param chosen the {@code n} rows
   */
  double sum(Tensor figures, int[] chosen) {
    return sum(areEqual() ? figures : figures.mul(like(figures, of(chosen))));
  }

  private static double sum(Tensor figures) {
    return figures.sum(new ScalarTypeOptional(ScalarType.Double)).item().toDouble();
  }

  /**
   * Multiplies figures of rows by the rows' weights.
   *
   * @param figures {@code [n, m]}, changed
   * @param chosen the {@code n} rows
   */
  void multiply(Tensor figures, int[] chosen) {
    if (!areEqual()) {
      figures.mul_(like(figures, of(chosen)).unsqueeze(1));
    }
  }

  /**
   * Multiplies figures of rows by the rows' weights.
   *
   * @param figures {@code [n]}, changed
   * @param places the {@code n} rows, int64, counted from the first of a block
   * @param block rows in which they lie
   * @param from the first row of the block
   */
  void multiply(Tensor figures, Tensor places, int block, int from) {
    if (!areEqual()) {
      Tensor own = like(figures, Arrays.copyOfRange(weights, from, from + block));
      figures.mul_(own.index_select(0, places));
    }
  }

  private double[] of(int[] chosen) {
    return Arrays.stream(chosen).mapToDouble(row -> weights[row]).toArray();
  }

  private static Tensor like(Tensor figures, double[] values) {
    return Tensors.of(values, values.length).to(figures.device(), figures.scalar_type());
  }
}
