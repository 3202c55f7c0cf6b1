package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** Each cluster becomes the probabilistic PCA of its rows. */
class ClusterAnalysisTest {
  private static final int DIMS = 5;
  private static final int ROWS = 300;

  /** Two clusters, the second of them longer, apart by 20. */
  private static double[] values() {
    Random random = new Random(1);
    double[] values = new double[2 * ROWS * DIMS];
    for (int i = 0; i < 2 * ROWS; i++) {
      int cluster = i / ROWS;
      double a = (2 + cluster) * random.nextGaussian();
      double b = 1.5 * random.nextGaussian();
      for (int j = 0; j < DIMS; j++) {
        values[i * DIMS + j] =
            20 * cluster + a * Math.sin(j) + b * Math.cos(j) + 0.3 * random.nextGaussian();
      }
    }
    return values;
  }

  /** {@code sqrt(lambda - sigma^2)} along each direction, with the variance that is left over. */
  @Test
  void loadingsAreThoseOfProbabilisticPca() {
    double[] values = values();
    Samples samples = StoredSamples.ofDoubles("clusters", DIMS, values);
    int[][] members = {
      IntStream.range(0, ROWS).toArray(), IntStream.range(ROWS, 2 * ROWS).toArray()
    };
    TrainingOptions options = TrainingOptions.defaults(2, 2).withNoiseLimits(1e-9, 0);
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model =
            ClusterAnalysis.of(
                samples,
                ComputeDevice.CPU,
                members,
                new float[2 * DIMS],
                options,
                Progress.SILENT)) {
      assertThat(model.weights()).containsExactly(0.5, 0.5);
      Tensor all = Tensors.of(values, 2, ROWS, DIMS);
      for (int k = 0; k < 2; k++) {
        Tensor rows = all.select(0, k);
        Tensor mean = rows.mean(0);
        Tensor y = rows.sub(mean);
        double[] lambda =
            Tensors.doubles(torch.linalg_eigvalsh(y.t().mm(y).div(new Scalar((double) ROWS))));
        double left = (lambda[0] + lambda[1] + lambda[2]) / 3;
        Tensor a = model.loadings().select(0, k);
        double[] squares = Tensors.doubles(torch.linalg_eigvalsh(a.mm(a.t())));
        assertThat(squares[1]).isCloseTo(lambda[4] - left, within(1e-3 * lambda[4]));
        assertThat(squares[0]).isCloseTo(lambda[3] - left, within(1e-3 * lambda[3]));
        Closeness.assertClose(model.means().select(0, k), mean, 1e-9);
        Tensor variance = y.square().mean(0);
        Closeness.assertClose(
            model.noiseVariance().select(0, k), variance.sub(a.square().sum(0)), 1e-6);
      }
    }
  }

  @Test
  void largeClustersAreLookedAtByRowsInEvenSteps() {
    int[] rows = IntStream.range(0, 1000).map(i -> 3 * i).toArray();
    assertThat(ClusterAnalysis.sampleOf(rows, 1 << 10)).isSameAs(rows);
    int[] some = ClusterAnalysis.sampleOf(rows, 1 << 16);
    assertThat(some).hasSize(512).startsWith(0, 3, 9).endsWith(2994).isSorted();
    assertThat(some).doesNotHaveDuplicates();
    assertThat(ClusterAnalysis.sampleOf(rows, 1 << 20)).hasSize(256).startsWith(0, 9, 21);
  }
}
