package org.mixel.neural;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** Data go to a network's units and back, and what has no place there is refused by name. */
class ScalingTest {
  private static final ImageShape IMAGE = new ImageShape(1, 2, 2);

  private final NativeScope scope = new NativeScope();

  @AfterEach
  void close() {
    scope.close();
  }

  private static Scaling of(Samples rows, Recipe recipe) {
    return Scaling.of(rows, recipe.pixels(), ComputeDevice.CPU);
  }

  @ParameterizedTest
  @MethodSource("org.mixel.neural.Recipe#all")
  void pixelsGoToTheRangeOfTheNetwork(Recipe recipe) {
    Samples images = StoredSamples.ofBytes("images", IMAGE, new byte[] {0, 0, -1, -1});
    try (Scaling scaling = of(images, recipe)) {
      float[] scaled =
          Tensors.floats(scaling.toNetwork(Tensors.of(new float[] {0, 0.25f, 0.5f, 1}, 1, 4)));
      assertThat(scaled)
          .containsExactly(
              recipe instanceof Vae || recipe instanceof VaeDfc
                  ? new float[] {0, 0.25f, 0.5f, 1}
                  : new float[] {-1, -0.5f, 0, 1});
      assertThat(Tensors.floats(scaling.toData(Tensors.of(scaled, 1, 4))))
          .containsExactly(0, 0.25f, 0.5f, 1);
    }
  }

  @Test
  void otherValuesAreCentredAndDividedByTheirDeviation() {
    Random random = new Random(1);
    float[] values = new float[3000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (i % 3 == 0 ? 1000 + random.nextGaussian() : 1e-4 * random.nextDouble());
    }
    try (Scaling scaling = of(StoredSamples.ofFloats("points", 3, null, values), new WganGp())) {
      float[] scaled = Tensors.floats(scaling.toNetwork(Tensors.of(values, 1000, 3)));
      for (int j = 0; j < 3; j++) {
        double sum = 0;
        double squares = 0;
        for (int i = j; i < scaled.length; i += 3) {
          sum += scaled[i];
          squares += scaled[i] * scaled[i];
        }
        assertThat(sum / 1000).isCloseTo(0, within(1e-4));
        assertThat(squares / 1000).isCloseTo(1, within(1e-3));
      }
    }
  }

  /** Of such a value float64 keeps a variance that is nothing but rounding. */
  @ParameterizedTest
  @ValueSource(floats = {0, 0.1f, 0.3f, 7.7f, 123.456f, 1000.1f, -3e7f})
  void aValueThatNeverChangesKeepsItsUnit(float value) {
    for (int rows : new int[] {1, 3, 777, 10_001}) {
      float[] values = new float[rows];
      Arrays.fill(values, value);
      try (Scaling scaling = of(StoredSamples.ofFloats("constant", 1, null, values), new Dcgan())) {
        assertThat(Tensors.floats(scaling.factor())).as("of %d rows", rows).containsExactly(1);
        assertThat(Tensors.floats(scaling.offset())).containsExactly(value);
      }
    }
  }

  @Test
  void pixelsOutsideTheirRangeAreRefused() {
    float[] bright = {0, 0.5f, 1, 0.2f, 0, 0, 255, 0};
    assertThatThrownBy(() -> of(StoredSamples.ofFloats("images", 4, IMAGE, bright), new Dcgan()))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "images: pixels must lie in [0, 1], but there is 255.0; divide them by their range, or"
                + " store them as bytes");
    float[] dark = {0, 0, 0, -1};
    assertThatThrownBy(() -> of(StoredSamples.ofFloats("images", 4, IMAGE, dark), new Vae()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there is -1.0");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void rowsThatAreNotFiniteAreNamed(float value) {
    float[] values = {0, 0, 0, 0, 0, 0, value, 0};
    assertThatThrownBy(() -> of(StoredSamples.ofFloats("made", 4, IMAGE, values), new Wgan()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("made")
        .hasMessageContaining("row 1");
    assertThatThrownBy(() -> of(StoredSamples.ofFloats("made", 4, null, values), new Wgan()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("row 1");
  }
}
