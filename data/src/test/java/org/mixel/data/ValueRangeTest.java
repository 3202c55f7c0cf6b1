package org.mixel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.mixel.data.ValueRange.Scale;

/**
 * The scale of pixels is told from few of them, and what a model draws is not taken for another.
 */
class ValueRangeTest {
  private static final ImageShape SHAPE = new ImageShape(1, 30, 30);

  /** Mostly black pictures with some grey and white, under a change of scale. */
  private static Samples pictures(double ink, double noise, DoubleUnaryOperator scale) {
    Random random = new Random(5);
    float[] values = new float[300 * SHAPE.dims()];
    for (int i = 0; i < values.length; i++) {
      double pixel = random.nextDouble() < ink ? Math.min(1, 2 * random.nextDouble()) : 0;
      values[i] = (float) scale.applyAsDouble(pixel + noise * random.nextGaussian());
    }
    return StoredSamples.ofFloats("pictures", SHAPE.dims(), SHAPE, values);
  }

  private static Scale scale(Samples samples) {
    return ValueRange.of(samples).orElseThrow().scale();
  }

  @Test
  void scalesOfPixels() {
    for (double ink : new double[] {0.02, 0.2, 0.98}) {
      assertThat(scale(pictures(ink, 0, x -> x))).isEqualTo(Scale.UNIT);
      assertThat(scale(pictures(ink, 0, x -> 255 * x))).isEqualTo(Scale.BYTES);
      assertThat(scale(pictures(ink, 0, x -> 2 * x - 1))).isEqualTo(Scale.SIGNED);
      assertThat(scale(pictures(ink, 0, x -> 1 - 2 * x))).isEqualTo(Scale.SIGNED);
    }
    for (double ink : new double[] {0.1, 0.5}) {
      assertThat(scale(pictures(ink, 0.15, x -> x))).isEqualTo(Scale.UNIT);
      assertThat(scale(pictures(ink, 0.15, x -> 255 * x))).isEqualTo(Scale.BYTES);
      assertThat(scale(pictures(ink, 0.1, x -> 2 * x - 1))).isEqualTo(Scale.SIGNED);
    }
    assertThat(scale(pictures(0.3, 1, x -> x))).isEqualTo(Scale.OTHER);
    assertThat(scale(pictures(0.3, 0, x -> 65535 * x))).isEqualTo(Scale.OTHER);
  }

  @Test
  void deviationIsThatOfTheColumnsThatVary() {
    Random random = new Random(6);
    float[] values = new float[400 * 3];
    for (int i = 0; i < 400; i++) {
      values[3 * i] = 7;
      values[3 * i + 1] = (float) (100 + 0.5 * random.nextGaussian());
      values[3 * i + 2] = i == 0 ? Float.NaN : (float) (0.5 * random.nextGaussian());
    }
    ValueRange range = ValueRange.of(StoredSamples.ofFloats("x", 3, null, values)).orElseThrow();
    assertThat(range.deviation()).isCloseTo(0.5, within(0.05));
    float[] missing = {Float.NaN, Float.POSITIVE_INFINITY};
    assertThat(ValueRange.of(StoredSamples.ofFloats("x", 1, null, missing))).isEmpty();
  }

  /** Of a set of rows that are read one by one, few are. */
  @Test
  void fewRowsAreRead() {
    Samples whole = StoredSamples.ofBytes("x", SHAPE, new byte[20_000 * SHAPE.dims()]);
    int[] reads = new int[1];
    Samples counted =
        new Samples() {
          @Override
          public int rows() {
            return whole.rows();
          }

          @Override
          public int dims() {
            return whole.dims();
          }

          @Override
          public ElementType type() {
            return whole.type();
          }

          @Override
          public Optional<ImageShape> shape() {
            return whole.shape();
          }

          @Override
          public String name() {
            return "x";
          }

          @Override
          public void read(int from, int count, ByteBuffer target) {
            reads[0] += count;
            whole.read(from, count, target);
          }
        };
    assertThat(ValueRange.of(counted).orElseThrow().scale()).isEqualTo(Scale.UNIT);
    assertThat(reads[0]).isEqualTo(256);
  }
}
