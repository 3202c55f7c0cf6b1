package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Random;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.Density;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * Under noise far below the variances of factors, float32 E-steps of images give what float64 ones
 * give: the same odds of components, the same noise, the same most probable component.
 */
class LowNoiseTest {
  private static final int COMPONENTS = 3;
  private static final int FACTORS = 3;
  private static final int ROWS = 90;

  /**
   * Two components so near to each other that both have a say in a row, and one far from both.
   *
   * @param side of square images
   */
  private static MixtureOfFactorAnalyzers model(int channels, int side, double noise) {
    int dims = channels * side * side;
    Random random = new Random(1);
    float[] means = new float[COMPONENTS * dims];
    float[] loadings = new float[COMPONENTS * FACTORS * dims];
    float[] variances = new float[COMPONENTS * dims];
    for (int j = 0; j < dims; j++) {
      double center = 0.2 + 0.6 * random.nextDouble();
      means[j] = (float) center;
      means[dims + j] = (float) (center + Math.sqrt(8 * noise / dims) * random.nextGaussian());
      means[2 * dims + j] = (float) (0.2 + 0.6 * random.nextDouble());
      double scale = 1 + random.nextDouble();
      for (int k = 0; k < COMPONENTS; k++) {
        variances[k * dims + j] = (float) (noise * scale);
      }
      for (int f = 0; f < FACTORS; f++) {
        double loading = 0.06 * random.nextGaussian();
        for (int k = 0; k < COMPONENTS; k++) {
          loadings[(k * FACTORS + f) * dims + j] = (float) loading;
        }
      }
    }
    try (NativeScope scope = new NativeScope()) {
      return MixtureOfFactorAnalyzers.of(
          Tensors.of(new float[COMPONENTS], COMPONENTS),
          Tensors.of(means, COMPONENTS, dims),
          Tensors.of(loadings, COMPONENTS, FACTORS, dims),
          Tensors.of(variances, COMPONENTS, dims),
          new ImageShape(channels, side, side),
          Map.of());
    }
  }

  /** Images of the model's components in turn, as bytes. */
  private static Samples images(MixtureOfFactorAnalyzers model) {
    int dims = model.dims();
    float[] means = Tensors.floats(model.means());
    float[] loadings = Tensors.floats(model.loadings());
    float[] noise = Tensors.floats(model.noiseVariance());
    Random random = new Random(2);
    byte[] pixels = new byte[ROWS * dims];
    for (int i = 0; i < ROWS; i++) {
      int k = i % COMPONENTS;
      double[] z = random.doubles(FACTORS, -1, 1).toArray();
      for (int j = 0; j < dims; j++) {
        double x = means[k * dims + j] + Math.sqrt(noise[k * dims + j]) * random.nextGaussian();
        for (int f = 0; f < FACTORS; f++) {
          x += z[f] * loadings[(k * FACTORS + f) * dims + j];
        }
        pixels[i * dims + j] = (byte) Math.round(255 * Math.min(1, Math.max(0, x)));
      }
    }
    return StoredSamples.ofBytes("images", model.shape().orElseThrow(), pixels);
  }

  /** Log-joints of an E-step, row by row. */
  private static double[] joints(MixtureOfFactorAnalyzers model, Samples samples) {
    double[] all = new double[ROWS * COMPONENTS];
    try (Density density = Density.of(model);
        RowReader rows = RowReader.of(samples, ComputeDevice.CPU)) {
      rows.forEach(
          ROWS,
          batch -> {
            double[] part = Tensors.doubles(density.expect(batch, 0, ROWS).logJoint());
            System.arraycopy(part, 0, all, 0, part.length);
          });
    }
    return all;
  }

  private static double[] noise(MixtureOfFactorAnalyzers model, Samples samples) {
    try (RowReader rows = RowReader.of(samples, ComputeDevice.CPU);
        SufficientStatistics statistics =
            ExactExpectation.of(rows, model, Progress.SILENT.begin("", -1));
        MixtureOfFactorAnalyzers next =
            new Maximization(NoiseModel.DIAGONAL, 1e-9, 0).noiseAlone(statistics)) {
      return Tensors.doubles(next.noiseVariance());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 28, 1e-4", "1, 28, 1e-5", "3, 64, 1e-4", "3, 64, 1e-5"})
  void singlePrecisionGivesWhatDoublePrecisionGives(int channels, int side, double noise) {
    try (MixtureOfFactorAnalyzers single = model(channels, side, noise);
        MixtureOfFactorAnalyzers exact = single.to(ScalarType.Double)) {
      Samples samples = images(single);
      double[] expected = joints(exact, samples);
      double[] actual = joints(single, samples);
      int[] best = Scoring.mostProbable(single, samples, Progress.SILENT);
      for (int i = 0; i < ROWS; i++) {
        int first = i * COMPONENTS;
        double odds = expected[first] - expected[first + 1];
        if (i % COMPONENTS < 2) {
          assertThat(actual[first] - actual[first + 1]).isCloseTo(odds, within(0.05));
        }
        int likelier = odds > 0 ? 0 : 1;
        if (i % COMPONENTS == 2) {
          assertThat(best[i]).isEqualTo(2);
        } else if (Math.abs(odds) > 0.05) {
          assertThat(best[i]).isEqualTo(likelier);
        }
      }
      double[] wanted = noise(exact, samples);
      double[] found = noise(single, samples);
      for (int j = 0; j < wanted.length; j++) {
        assertThat(found[j]).isCloseTo(wanted[j], within(0.01 * wanted[j]));
      }
    }
  }
}
