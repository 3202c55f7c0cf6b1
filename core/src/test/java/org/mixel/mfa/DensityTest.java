package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/** The low-rank formulas give the dense answer, and float32 gives the float64 answer. */
class DensityTest {
  private static final int ROWS = 20;

  private static double[] logLikelihoods(Density density, Tensor rows) {
    return Tensors.doubles(torch.logsumexp(density.refinedLogJoint(rows), 1));
  }

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
      double[] total = logLikelihoods(density, x);
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
        MixtureOfFactorAnalyzers exact = single.to(ScalarType.Double);
        Density fast = Density.of(single);
        Density reference = Density.of(exact);
        Sampler sampler = Sampler.of(single, true, 4)) {
      Tensor rows = sampler.next(200);
      double[] expected = logLikelihoods(reference, rows.to(ScalarType.Double));
      double[] actual = logLikelihoods(fast, rows);
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(0.05));
        assertThat(actual[i]).isCloseTo(expected[i], within(1e-5 * Math.abs(expected[i])));
      }
    }
  }

  /** Noise of 0.02 and more: what float32 loses stays below a hundredth of a nat by itself. */
  @Test
  void singlePrecisionIsEnoughWhereNothingIsEvaluatedAgain() {
    try (NativeScope scope = new NativeScope();
        RandomStream random = RandomStream.of(7);
        MixtureOfFactorAnalyzers single =
            MixtureOfFactorAnalyzers.of(
                random.normal(Devices.cpu(), 30),
                random.uniform(Devices.cpu(), 30, 784),
                random.normal(Devices.cpu(), 30, 5, 784).mul(new Scalar(0.1)),
                random.uniform(Devices.cpu(), 30, 784).mul(new Scalar(0.1)).add(new Scalar(0.02)),
                null,
                Map.of());
        MixtureOfFactorAnalyzers exact = single.to(ScalarType.Double);
        Density fast = Density.of(single);
        Density reference = Density.of(exact);
        Sampler sampler = Sampler.of(single, true, 8)) {
      Tensor rows = sampler.next(300);
      double[] expected = logLikelihoods(reference, rows.to(ScalarType.Double));
      double[] actual = logLikelihoods(fast, rows);
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(0.01));
      }
    }
  }

  @Test
  void pairsAreDecodedAsTheirComponentSays() {
    DenseMixture dense = new DenseMixture(4, 3, 20, 9);
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = dense.model();
        RandomStream random = RandomStream.of(10)) {
      int[] components = {3, 0, 0, 2, 1};
      double[] weights = {0.5, 0.25, 0.25, 1, 2};
      Tensor z = random.normal(model.device(), 5, 3).to(ScalarType.Double);
      Decoder decoder = new Decoder(model);
      double[] each = Tensors.doubles(decoder.rows(Tensors.indices(components), z));
      double[] sums =
          Tensors.doubles(
              decoder.sums(
                  Tensors.indices(components),
                  z,
                  Tensors.of(weights, 5),
                  Tensors.indices(new int[] {0, 3, 4})));
      double[] first = new double[20];
      for (int i = 0; i < 5; i++) {
        Component component = model.component(components[i]);
        for (int j = 0; j < 20; j++) {
          double value = component.mean()[j];
          for (int f = 0; f < 3; f++) {
            value += component.factors()[f][j] * Tensors.doubles(z)[i * 3 + f];
          }
          assertThat(each[i * 20 + j]).isCloseTo(value, within(1e-5));
          first[j] += i < 3 ? weights[i] * value : 0;
          if (i >= 3) {
            assertThat(sums[(i - 2) * 20 + j]).isCloseTo(weights[i] * value, within(1e-5));
          }
        }
      }
      assertThat(Arrays.copyOf(sums, 20)).containsExactly(first, within(1e-5));
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

  /**
   * Sizes at which a batch's intermediate values stay near the cache, and a block within 64 MiB.
   */
  @Test
  void sizesFollowTheWidestOfWhatIsMade() {
    try (MixtureOfFactorAnalyzers wide = new DenseMixture(4, 2, 3000, 1).single();
        MixtureOfFactorAnalyzers many = new DenseMixture(400, 8, 30, 1).single();
        Density ofWide = Density.of(wide);
        Density ofMany = Density.of(many)) {
      assertThat(ofWide.batchRows()).isEqualTo(RowReader.rowsFor(3000));
      assertThat(ofMany.batchRows()).isEqualTo(RowReader.rowsFor(3200));
      assertThat(Density.blockRows(wide)).isEqualTo((16 << 20) / 3004);
    }
  }
}
