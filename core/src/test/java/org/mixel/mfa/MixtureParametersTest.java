package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * Parameters that make no mixture are refused with their reason; others are given back unchanged.
 */
class MixtureParametersTest {
  private static final ImageShape SHAPE = new ImageShape(1, 2, 3);

  /** Numbers 1, 2, 3 ... in a tensor of this shape, such as {@code 2x6}. */
  private static Tensor numbers(String shape) {
    long[] sizes = Arrays.stream(shape.split("x")).mapToLong(Long::parseLong).toArray();
    int count = (int) LongStream.of(sizes).reduce(1, (a, b) -> a * b);
    return Tensors.of(IntStream.rangeClosed(1, count).mapToDouble(i -> i).toArray(), sizes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2x1 | 2x6 | 2x1x6 | 2x6 | log_weights must be a vector",
        "0   | 0x6 | 0x1x6 | 0x6 | log_weights must be a vector",
        "2   | 2x6x1 | 2x1x6 | 2x6 | means must be components x dims",
        "2   | 3x6 | 2x1x6 | 2x6 | means must be components x dims",
        "2   | 2x0 | 2x1x0 | 2x0 | means must be components x dims",
        "2   | 2x6 | 2x6   | 2x6 | loadings must be components x factors x dims",
        "2   | 2x6 | 3x1x6 | 2x6 | loadings must be components x factors x dims",
        "2   | 2x6 | 2x0x6 | 2x6 | loadings must be components x factors x dims",
        "2   | 2x6 | 2x1x5 | 2x6 | loadings must be components x factors x dims",
        "2   | 2x6 | 2x1x6 | 2x6x1 | noise_variance must be components x dims",
        "2   | 2x6 | 2x1x6 | 3x6 | noise_variance must be components x dims",
        "2   | 2x6 | 2x1x6 | 2x5 | noise_variance must be components x dims",
        "2   | 2x5 | 2x1x5 | 2x5 | the image shape does not fit the dims"
      })
  void shapesMustAgree(
      String weights, String means, String loadings, String noise, String message) {
    try (NativeScope scope = new NativeScope()) {
      assertThatThrownBy(
              () ->
                  MixtureOfFactorAnalyzers.of(
                      numbers(weights),
                      numbers(means),
                      numbers(loadings),
                      numbers(noise),
                      SHAPE,
                      Map.of()))
          .isInstanceOf(InputException.class)
          .hasMessage(message);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "means, NaN, 'means, loadings and noise variances must be finite'",
    "means, -Infinity, 'means, loadings and noise variances must be finite'",
    "loadings, Infinity, 'means, loadings and noise variances must be finite'",
    "noise, Infinity, 'means, loadings and noise variances must be finite'",
    "noise, 0, noise variances must be positive",
    "weights, NaN, log_weights must not be NaN"
  })
  void valuesMustBeUsable(String which, double value, String message) {
    try (NativeScope scope = new NativeScope()) {
      assertThatThrownBy(() -> mixture(which, value, null, Map.of()))
          .isInstanceOf(InputException.class)
          .hasMessage(message);
      assertThatCode(() -> mixture(which, 0.5, null, Map.of()).close()).doesNotThrowAnyException();
    }
  }

  /** Two components of one factor; one number is another. */
  private static MixtureOfFactorAnalyzers mixture(
      String changed, double value, @Nullable ImageShape shape, Map<String, String> metadata) {
    double[] weights = {Math.log(1), Math.log(3)};
    double[] means = IntStream.range(0, 12).mapToDouble(i -> i / 16.0).toArray();
    double[] loadings = IntStream.range(0, 12).mapToDouble(i -> i / 32.0).toArray();
    double[] noise = IntStream.range(0, 12).mapToDouble(i -> (i + 1) / 64.0).toArray();
    switch (changed) {
      case "weights" -> weights[1] = value;
      case "means" -> means[11] = value;
      case "loadings" -> loadings[0] = value;
      case "noise" -> noise[5] = value;
      default -> {}
    }
    ScalarType type = shape == null ? ScalarType.Double : ScalarType.Float;
    try (NativeScope scope = new NativeScope()) {
      return MixtureOfFactorAnalyzers.of(
          Tensors.of(weights, 2).to(type),
          Tensors.of(means, 2, 6).to(type),
          Tensors.of(loadings, 2, 1, 6).to(type),
          Tensors.of(noise, 2, 6).to(type),
          shape,
          metadata);
    }
  }

  private static MixtureOfFactorAnalyzers mixture(@Nullable ImageShape shape) {
    return mixture("nothing", 0, shape, Map.of());
  }

  @Test
  void aComponentIsToldByItsNumber() {
    try (MixtureOfFactorAnalyzers mixture = mixture(SHAPE)) {
      Component last = mixture.component(1);
      assertThat(last.weight()).isCloseTo(0.75, within(1e-6));
      assertThat(last.mean()).startsWith(6 / 16f, 7 / 16f);
      assertThat(last.factors()[0]).startsWith(6 / 32f, 7 / 32f);
      assertThat(last.noiseVariance()).startsWith(7 / 64f, 8 / 64f);
      assertThat(mixture.component(0).mean()[1]).isEqualTo(1 / 16f);
      for (int none : new int[] {-1, 2}) {
        assertThatThrownBy(() -> mixture.component(none))
            .isInstanceOf(InputException.class)
            .hasMessage("component must be from 0 to 1, got " + none);
      }
    }
  }

  @Test
  void meansAreImagesOrVectorsAsRowsAre() {
    try (MixtureOfFactorAnalyzers images = mixture(SHAPE);
        MixtureOfFactorAnalyzers vectors = mixture(null)) {
      assertThat(images.meanRows().shape()).contains(SHAPE);
      assertThat(vectors.meanRows().shape()).isEmpty();
      assertThat(vectors.meanRows().type()).isNotEqualTo(images.meanRows().type());
      for (Samples rows : new Samples[] {images.meanRows(), vectors.meanRows()}) {
        assertThat(rows.rows()).isEqualTo(2);
        assertThat(rows.row(1)).startsWith(6 / 16f, 7 / 16f);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.25", "1e3"})
  void theNoiseOfPosteriorsIsReadFromTheMetadata(String text) {
    Map<String, String> metadata = Map.of(MixtureOfFactorAnalyzers.POSTERIOR_NOISE, text);
    try (MixtureOfFactorAnalyzers mixture = mixture("nothing", 0, SHAPE, metadata);
        MixtureOfFactorAnalyzers wide = mixture.forPosteriors();
        NativeScope scope = new NativeScope()) {
      double least = Double.parseDouble(text);
      assertThat(mixture.posteriorNoise()).isEqualTo(least);
      double[] noise = Tensors.doubles(wide.noiseVariance());
      assertThat(noise[0]).isEqualTo(Math.max(1 / 64.0, least));
      assertThat(noise[11]).isEqualTo(Math.max(12 / 64.0, least));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "Infinity", "NaN", "much"})
  void noOtherNoiseOfPosteriorsIsTaken(String text) {
    Map<String, String> metadata = Map.of(MixtureOfFactorAnalyzers.POSTERIOR_NOISE, text);
    assertThatThrownBy(
            () -> {
              try (MixtureOfFactorAnalyzers mixture = mixture("nothing", 0, SHAPE, metadata)) {
                mixture.posteriorNoise();
              }
            })
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("must be a number of at least 0, got " + text);
  }
}
