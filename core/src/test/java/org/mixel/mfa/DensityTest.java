package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/** The low-rank formulas give the dense answer, and float32 gives the float64 answer. */
class DensityTest {
  private static final int ROWS = 20;

  @Test
  void agreesWithDenseCovariances() {
    DenseMixture dense = new DenseMixture(5, 3, 30, 1);
    Random random = new Random(2);
    double[][] rows = new double[ROWS][];
    Arrays.setAll(rows, i -> dense.draw(random));
    int[] all = IntStream.range(0, 30).toArray();
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = dense.model();
        Density density = Density.of(model)) {
      Tensor x = Tensors.of(DenseMixture.flatten(rows), ROWS, 30);
      double[] joint = Tensors.doubles(density.logJoint(x));
      double[] total = Tensors.doubles(density.logLikelihood(x));
      double[] posterior = Tensors.doubles(density.responsibilities(x));
      for (int i = 0; i < ROWS; i++) {
        int row = i;
        double[] expected =
            IntStream.range(0, 5).mapToDouble(k -> dense.logJoint(k, rows[row], all)).toArray();
        double sum = DenseMixture.logSumExp(expected);
        assertThat(total[i]).isCloseTo(sum, within(1e-9 * Math.abs(sum)));
        double responsibilities = 0;
        for (int k = 0; k < 5; k++) {
          assertThat(joint[i * 5 + k]).isCloseTo(expected[k], within(1e-9 * Math.abs(expected[k])));
          assertThat(posterior[i * 5 + k]).isCloseTo(Math.exp(expected[k] - sum), within(1e-9));
          responsibilities += posterior[i * 5 + k];
        }
        assertThat(responsibilities).isCloseTo(1, within(1e-12));
      }
    }
  }

  /** Noise variances from 1e-4 to 0.05 and pixels in [0, 1], as in images. */
  @ParameterizedTest
  @CsvSource({"40, 6, 784", "6, 10, 12288"})
  void singlePrecisionIsEnough(int components, int factors, int dims) {
    DenseMixture dense = new DenseMixture(components, factors, dims, 3);
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers single = dense.single();
        MixtureOfFactorAnalyzers exact = single.toDouble();
        Density fast = Density.of(single);
        Density reference = Density.of(exact);
        Sampler sampler = Sampler.of(single, true, 4)) {
      Tensor rows = sampler.next(200);
      double[] expected = Tensors.doubles(reference.logLikelihood(rows.to(ScalarType.Double)));
      double[] actual = Tensors.doubles(fast.logLikelihood(rows));
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(0.05));
        assertThat(actual[i]).isCloseTo(expected[i], within(1e-5 * Math.abs(expected[i])));
      }
    }
  }

  @Test
  void batchSizeChangesNothing() {
    DenseMixture dense = new DenseMixture(4, 2, 30, 5);
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = dense.single();
        Density density = Density.of(model);
        RandomStream random = RandomStream.of(6)) {
      int rows = density.batchRows() + 7;
      Tensor x = random.uniform(model.device(), rows, 30);
      double[] whole = Tensors.doubles(density.logJoint(x));
      double[] last = Tensors.doubles(density.logJoint(x.narrow(0, rows - 3, 3)));
      for (int i = 0; i < last.length; i++) {
        assertThat(last[i]).isCloseTo(whole[(rows - 3) * 4 + i], within(1e-5 * Math.abs(last[i])));
      }
    }
  }
}
