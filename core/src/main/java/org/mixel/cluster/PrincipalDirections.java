package org.mixel.cluster;

import java.util.Arrays;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/**
 * The directions of most variance, from a few rows, by randomized subspace iteration (Halko,
 * Martinsson and Tropp, SIAM Review 53, 2011, algorithm 4.4). Nothing of size {@code dims x dims}
 * is formed.
 */
final class PrincipalDirections {
  /** Most directions. */
  static final int MOST = 128;

  /** The part of the variance that the directions need hold, if so many can. */
  private static final double PART = 0.85;

  private static final int PROBE_ROWS = 4096;
  private static final int OVERSAMPLING = 16;
  private static final int ROUNDS = 2;

  /** Smaller eigenvalues of a Gram matrix, relative to its largest, are rounding. */
  private static final double RANK = 1e-12;

  /** Directions come in multiples of this, which matrix products like. */
  private static final int MULTIPLE = 16;

  private PrincipalDirections() {}

  /**
   * @param rows rows of more than {@code MOST} values
   * @return orthonormal columns, float32 {@code [dims, directions]}, owned by the current scope
   */
  static Tensor of(CenteredRows rows, RandomStream random) {
    int[] probe = random.chooseRising(PROBE_ROWS, rows.count());
    return NativeScope.compute(() -> of(rows, probe, random));
  }

  private static Tensor of(CenteredRows rows, int[] probe, RandomStream random) {
    int width = Math.min(rows.dims(), MOST + OVERSAMPLING);
    Tensor basis = random.normal(rows.device(), rows.dims(), width);
    for (int i = 0; i < ROUNDS; i++) {
      basis = orthonormal(scatter(rows, probe, basis));
    }
    Tensor small = Products.of(basis.t(), scatter(rows, probe, basis));
    T_TensorTensor_T eigen = torch.linalg_eigh(small);
    double[] ascending = Tensors.doubles(eigen.get0());
    double wanted = PART * rows.variance() * rows.dims() * probe.length;
    int kept = 0;
    for (double held = 0; kept < MOST && held < wanted; kept += MULTIPLE) {
      for (int i = 1; i <= MULTIPLE; i++) {
        held += ascending[width - kept - i];
      }
    }
    kept = Math.max(MULTIPLE, kept);
    return Products.of(basis, eigen.get1().narrow(1, width - kept, kept));
  }

  /**
   * Orthonormal columns of the same span, by the eigenvectors of the small Gram matrix in float64;
   * a column without a direction of its own becomes zero. (A QR factorization would round
   * differently for another number of threads.)
   */
  static Tensor orthonormal(Tensor columns) {
    Tensor wide = columns.to(ScalarType.Double);
    T_TensorTensor_T eigen = torch.linalg_eigh(Products.of(wide.t(), wide));
    double[] values = Tensors.doubles(eigen.get0());
    double least = RANK * values[values.length - 1];
    double[] scale = Arrays.stream(values).map(v -> v > least ? 1 / Math.sqrt(v) : 0).toArray();
    Tensor factors = Tensors.of(scale, 1, scale.length).to(columns.device(), ScalarType.Double);
    return Products.of(wide, eigen.get1().mul(factors)).to(ScalarType.Float);
  }

  /** {@code X' X basis} over the chosen rows {@code X}. */
  private static Tensor scatter(CenteredRows rows, int[] chosen, Tensor basis) {
    Tensor total = torch.zeros_like(basis);
    rows.forEach(chosen, (from, x) -> total.add_(Products.of(x.t(), Products.of(x, basis))));
    return total;
  }
}
