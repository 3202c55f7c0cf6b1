package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/** Files whose numbers no pixels have give a true likelihood or one plain line, never NaN. */
class ModelsOutOfRangeTest {
  private static final ImageShape SHAPE = new ImageShape(1, 2, 3);

  @TempDir Path folder;

  private Path model(double mean, double loading, double noise, boolean wide) {
    Path file = folder.resolve("m.mfa");
    try (NativeScope scope = new NativeScope()) {
      double[] means = new double[2 * 6];
      double[] loadings = new double[2 * 6];
      double[] variances = new double[2 * 6];
      Arrays.fill(means, 0.5);
      means[0] = mean;
      Arrays.fill(loadings, loading);
      Arrays.fill(variances, noise);
      var type =
          wide
              ? org.bytedeco.pytorch.global.torch.ScalarType.Double
              : org.bytedeco.pytorch.global.torch.ScalarType.Float;
      SafeTensors.write(
          file,
          Map.of(
              "log_weights", Tensors.of(new double[2], 2).to(type),
              "means", Tensors.of(means, 2, 6).to(type),
              "loadings", Tensors.of(loadings, 2, 1, 6).to(type),
              "noise_variance", Tensors.of(variances, 2, 6).to(type)),
          Map.of("image_shape", SHAPE.toMetadata()));
    }
    return file;
  }

  private static Samples images() {
    byte[] pixels = new byte[5 * 6];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 37);
    }
    return StoredSamples.ofBytes("images", SHAPE, pixels);
  }

  @ParameterizedTest
  @CsvSource({"0.5,0.1,1e-38", "1e30,0.1,0.01", "0.5,1e20,0.01", "0.5,0.1,1e-45"})
  void whatFloat64CanDoIsDone(double mean, double loading, double noise) {
    Path file = model(mean, loading, noise, false);
    try (MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(file, ComputeDevice.CPU)) {
      double[] scores = Scoring.logLikelihood(model, images(), Progress.SILENT);
      DenseMixture dense = new DenseMixture(model);
      for (int i = 0; i < scores.length; i++) {
        float[] row = images().row(i);
        double[] x = IntStream.range(0, 6).mapToDouble(j -> row[j]).toArray();
        assertThat(scores[i]).isFinite();
        // Of a covariance that is singular to float64 the dense factor does not exist.
        if (noise > 1e-30 && loading < 1e10) {
          double truth = dense.logLikelihood(x, IntStream.range(0, 6).toArray());
          assertThat(scores[i]).isCloseTo(truth, within(1e-6 * Math.abs(truth)));
        }
      }
    }
  }

  @Test
  void whatFloat64CannotDoIsOneLine() {
    assertRefused(model(Double.MAX_VALUE, 0.1, 0.01, true), "no finite log-likelihood");
    assertRefused(model(0.5, 1e200, 1e-200, true), "component 0 (counted from 0)");
  }

  private static void assertRefused(Path file, String because) {
    assertThatThrownBy(
            () -> {
              try (MixtureOfFactorAnalyzers model =
                  MixtureOfFactorAnalyzers.load(file, ComputeDevice.CPU)) {
                Scoring.logLikelihood(model, images(), Progress.SILENT);
              }
            })
        .isInstanceOf(InputException.class)
        .hasMessageContaining(because);
  }

  @Test
  void rowsOfWhichNothingIsObservedScoreExactlyNought() {
    float[] values = new float[3 * 6];
    Arrays.fill(values, 0.25f);
    Arrays.fill(values, 6, 12, Float.NaN);
    values[13] = Float.NaN;
    Samples rows = StoredSamples.ofFloats("holes", 6, SHAPE, values);
    Path file = model(0.5, 0.1, 0.01, false);
    try (MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(file, ComputeDevice.CPU)) {
      double[] scores = Scoring.logLikelihood(model, rows, Progress.SILENT);
      assertThat(scores[1]).isZero();
      assertThat(scores[0]).isNotZero();
      assertThat(scores[2]).isNotZero();
    }
  }
}
