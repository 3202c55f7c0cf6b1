package org.mixel.mfa.training;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * The largest variance that the factors of a cluster leave out: with {@code l} factors, the {@code
 * (l + 1)}-th eigenvalue of its rows' covariance. Noise far below that lets a component claim rows
 * only next to its own subspace, and noise above it drowns the factors.
 *
 * <p>Eigenvalues are those of a Gram matrix of rows, from a few rows of a few clusters.
 */
final class ResidualSpectrum {
  /**
   * The noise under which components are found, as a part of this variance. Of parts from a tenth
   * to one, this gave the best samples and completions of MNIST and CIFAR-10; half and a fifth are
   * nearly as good.
   */
  private static final double PART = 0.3;

  private static final int MOST_CLUSTERS = 64;
  private static final int MOST_ROWS = 256;

  /** Rows for each factor, so that the rows span more directions than the factors take. */
  private static final int ROWS_PER_FACTOR = 4;

  private ResidualSpectrum() {}

  /**
   * The noise to find components under.
   *
   * @param members the rows of every cluster
   * @param factors {@code l}
   * @param seed fixes which clusters and rows are looked at
   * @return a variance in squared units of the rows; 0 if no cluster has more than {@code l + 1}
   *     rows
   */
  static double trainingNoise(RowReader rows, int[][] members, int factors, long seed) {
    try (RandomStream seeded = RandomStream.of(seed);
        RandomStream random = seeded.split(4)) {
      double sum = 0;
      double weight = 0;
      int[] order = random.choose(Math.min(MOST_CLUSTERS, members.length), members.length);
      for (int cluster : order) {
        int[] own = members[cluster];
        if (own.length > factors + 1) {
          int most = Math.max(MOST_ROWS, ROWS_PER_FACTOR * (factors + 1));
          int[] chosen = random.choose(Math.min(most, own.length), own.length);
          for (int i = 0; i < chosen.length; i++) {
            chosen[i] = own[chosen[i]];
          }
          Arrays.sort(chosen);
          sum += own.length * leftOut(rows, chosen, factors);
          weight += own.length;
        }
      }
      return weight == 0 ? 0 : PART * sum / weight;
    }
  }

  private static double leftOut(RowReader reader, int[] chosen, int factors) {
    try (NativeScope scope = new NativeScope()) {
      Tensor y = reader.rows(chosen);
      y.sub_(y.mean(0));
      Tensor gram = y.mm(y.t()).to(ScalarType.Double).div_(new Scalar(chosen.length));
      double[] ascending = Tensors.doubles(torch.linalg_eigvalsh(gram));
      return ascending[ascending.length - 1 - factors];
    }
  }
}
