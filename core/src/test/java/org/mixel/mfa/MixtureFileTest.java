package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.data.DataHash;
import org.mixel.data.ImageShape;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/** A file is computed with in the precision that its numbers need, and keeps them as they are. */
class MixtureFileTest {
  private static final int DIMS = 6;
  private static final double[] HALVES = {Math.log(0.5), Math.log(0.5)};

  @TempDir private Path folder;

  private Path file(
      double[] logWeights,
      double mean,
      double loading,
      double noise,
      ScalarType type,
      boolean image) {
    Path file = folder.resolve("m.mfa");
    double[] means = new double[2 * DIMS];
    means[7] = mean;
    double[] loadings = new double[2 * DIMS];
    loadings[3] = loading;
    double[] variances = new double[2 * DIMS];
    Arrays.fill(variances, 0.25);
    variances[11] = noise;
    try (NativeScope scope = new NativeScope()) {
      SafeTensors.write(
          file,
          Map.of(
              "log_weights", Tensors.of(logWeights, 2).to(type),
              "means", Tensors.of(means, 2, DIMS).to(type),
              "loadings", Tensors.of(loadings, 2, 1, DIMS).to(type),
              "noise_variance", Tensors.of(variances, 2, DIMS).to(type)),
          image ? Map.of("image_shape", new ImageShape(1, 2, 3).toMetadata()) : Map.of());
    }
    return file;
  }

  /** Images are computed in float32, unless their numbers are none that pixels have. */
  @ParameterizedTest
  @CsvSource({
    "0.5, 0.5, 0.25, false, true, true",
    "1000, 0.5, 0.25, false, true, true",
    "-1001, 0.5, 0.25, false, true, false",
    "0.5, -1000, 0.25, false, true, true",
    "0.5, 1001, 0.25, false, true, false",
    "0.5, 0.5, 1.1e-12, false, true, true",
    "0.5, 0.5, 0.9e-12, false, true, false",
    "0.5, 0.5, 0.25, true, true, false",
    "0.5, 0.5, 0.25, false, false, false"
  })
  void thePrecisionSuitsTheNumbers(
      double mean, double loading, double noise, boolean wide, boolean image, boolean single) {
    ScalarType stored = wide ? ScalarType.Double : ScalarType.Float;
    Path file = file(HALVES, mean, loading, noise, stored, image);
    try (MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(file)) {
      assertThat(model.type()).isEqualTo(single ? ScalarType.Float : ScalarType.Double);
      assertThat(model.shape().isPresent()).isEqualTo(image);
      assertThat(model.metadata()).doesNotContainKey("image_shape");
    }
    for (ScalarType asked : new ScalarType[] {ScalarType.Float, ScalarType.Double}) {
      try (MixtureOfFactorAnalyzers model = MixtureFile.read(file, ComputeDevice.CPU, asked)) {
        assertThat(model.type()).isEqualTo(asked);
      }
    }
  }

  /** Weights whose sum is 1 but for rounding are those of the file; others are normalised. */
  @Test
  void weightsAreNotRoundedTwice() {
    double[] rounded = {(float) Math.log(0.3), (float) Math.log(0.7)};
    try (MixtureOfFactorAnalyzers model =
            MixtureOfFactorAnalyzers.load(file(rounded, 0.5, 0.5, 0.25, ScalarType.Float, false));
        NativeScope scope = new NativeScope()) {
      assertThat(Tensors.doubles(model.logWeights())).containsExactly(rounded);
    }
    try (MixtureOfFactorAnalyzers model =
        MixtureOfFactorAnalyzers.load(
            file(new double[] {1, 1}, 0.5, 0.5, 0.25, ScalarType.Float, false))) {
      assertThat(model.weights()).containsExactly(new double[] {0.5, 0.5}, within(1e-7));
    }
  }

  @Test
  void theHashIsThatOfAllNumbersInTheirOrder() {
    Path file = file(HALVES, 0.5, 0.5, 0.25, ScalarType.Double, false);
    try (MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(file);
        NativeScope scope = new NativeScope()) {
      DataHash.OfNumbers hash = DataHash.ofNumbers();
      hash.add(Tensors.doubles(model.logWeights()));
      hash.add(Tensors.doubles(model.means()));
      hash.add(Tensors.doubles(model.loadings()));
      hash.add(Tensors.doubles(model.noiseVariance()));
      String before = MixtureFile.sha256(model);
      assertThat(before).isEqualTo(hash.sha256()).hasSize(64);
      model.noiseVariance().select(0, 1).select(0, 5).fill_(new Scalar(0.5));
      assertThat(MixtureFile.sha256(model)).isNotEqualTo(before);
    }
  }
}
