package org.mixel.metric;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * Rows of two sets where the Frechet distances of parts of them are cheap: among the rows if these
 * are few, else among the columns. The reference's rows come first.
 */
sealed interface CovarianceSpace extends AutoCloseable permits RowSpace, ColumnSpace {
  /** Where distances are computed. */
  Device device();

  /** The distance of all rows. */
  double distance();

  /** Its standard error by the delta method. */
  double error();

  /** The rows that are divided into sets. */
  int rows();

  /** How many of these are the reference's. */
  int referenceRows();

  /** The distances of all rows that equal sets give, as a share of those of {@link #rows}. */
  double scale();

  /** Size of the matrices that a distance takes; 0 if all rows are equal. */
  int size();

  /** The covariances' traces together. */
  double trace();

  /** The distance of some of these rows, with the rounding of float32. */
  double distance(int[] reference, int[] candidate);

  @Override
  void close();

  /** Whether variances are rounding, beside the square of the length of a mean. */
  static boolean isRounding(double variance, double squaredMean) {
    return variance <= 1e-30 * squaredMean || variance == 0;
  }

  /** The sum of the roots of a positive semidefinite matrix's eigenvalues. */
  static double traceOfRoot(Tensor matrix) {
    return Tensors.doubles(torch.linalg_eigvalsh(matrix).clamp_min_(new Scalar(0)).sqrt_().sum())[
        0];
  }

  /** The sum of the singular values. */
  static double nuclearNorm(Tensor matrix) {
    return Tensors.doubles(torch.linalg_svdvals(matrix).sum())[0];
  }

  /** The variance of a mean. */
  static double varianceOfMean(Tensor values) {
    try (NativeScope scope = new NativeScope()) {
      return Tensors.doubles(values.var(true))[0] / values.size(0);
    }
  }
}
