package org.mixel.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.metric.Sharpness.Options;
import org.mixel.tensor.ComputeDevice;

/** Sharpness is what the paper's appendix says, and brightness and contrast do not change it. */
class SharpnessTest {
  private static final Options PAPER = Options.defaults();

  @Test
  void agreesWithADirectSumOverTheKernel() {
    for (ImageShape shape :
        new ImageShape[] {
          new ImageShape(1, 7, 5),
          new ImageShape(3, 6, 9),
          new ImageShape(1, 2, 2),
          new ImageShape(3, 1, 4)
        }) {
      for (double sigma : new double[] {0.3, 1, 2.5}) {
        float[] values = uniform(4 * shape.dims(), 3);
        double expected =
            IntStream.range(0, 4)
                .mapToDouble(i -> direct(values, i * shape.dims(), shape, sigma))
                .average()
                .orElseThrow();
        assertThat(measure(images(shape, values), PAPER.withSigma(sigma)).sharpness())
            .as("%s, sigma %s", shape, sigma)
            .isCloseTo(expected, within(1e-9));
      }
    }
  }

  /** Independent of the class: one double sum per pixel, the mirror image found step by step. */
  private static double direct(float[] values, int from, ImageShape shape, double sigma) {
    int height = shape.height();
    int width = shape.width();
    double[] grey = new double[height * width];
    double[] weights = shape.channels() == 1 ? new double[] {1} : new double[] {.299, .587, .114};
    for (int c = 0; c < weights.length; c++) {
      for (int i = 0; i < grey.length; i++) {
        grey[i] += weights[c] * values[from + c * grey.length + i];
      }
    }
    double mean = Arrays.stream(grey).average().orElseThrow();
    int radius = (int) Math.ceil(4 * sigma);
    double energy = 0;
    double high = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sum = 0;
        double total = 0;
        for (int dy = -radius; dy <= radius; dy++) {
          for (int dx = -radius; dx <= radius; dx++) {
            double weight = Math.exp(-(dy * dy + dx * dx) / (2 * sigma * sigma));
            total += weight;
            sum += weight * grey[mirrored(y + dy, height) * width + mirrored(x + dx, width)];
          }
        }
        double value = grey[y * width + x];
        energy += (value - mean) * (value - mean);
        high += (value - sum / total) * (value - sum / total);
      }
    }
    return Math.log(high) - Math.log(energy);
  }

  private static int mirrored(int position, int size) {
    int inside = position;
    while (inside < 0 || inside >= size) {
      inside = inside < 0 ? -1 - inside : 2 * size - 1 - inside;
    }
    return inside;
  }

  /** In white noise every frequency has the same energy: the filter's own energy remains. */
  @Test
  void whiteNoiseHasTheEnergyOfTheFilter() {
    ImageShape shape = new ImageShape(1, 512, 512);
    Random random = new Random(1);
    float[] noise = new float[4 * shape.dims()];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) random.nextGaussian();
    }
    for (double sigma : new double[] {0.7, 1, 3}) {
      double sum = 0;
      double squares = 0;
      for (int t = -100; t <= 100; t++) {
        double weight = Math.exp(-t * t / (2 * sigma * sigma));
        sum += weight;
        squares += weight * weight;
      }
      double center = 1 / (sum * sum);
      double line = squares / (sum * sum);
      assertThat(measure(images(shape, noise), PAPER.withSigma(sigma)).sharpness())
          .isCloseTo(Math.log(1 - 2 * center + line * line), within(0.004));
    }
  }

  @Test
  void aBlurredImageIsLessSharp() {
    ImageShape shape = new ImageShape(1, 16, 16);
    float[] sharp = uniform(3 * shape.dims(), 5);
    float[] smooth = sharp.clone();
    for (int i = 17; i < smooth.length; i++) {
      smooth[i] = (sharp[i] + sharp[i - 1] + sharp[i - 16] + sharp[i - 17]) / 4;
    }
    assertThat(measure(images(shape, smooth), PAPER).sharpness())
        .isLessThan(measure(images(shape, sharp), PAPER).sharpness() - 0.2);
  }

  @Test
  void scaleAndShiftOfPixelValuesChangeNothing() {
    ImageShape shape = new ImageShape(3, 9, 8);
    float[] values = new float[5 * shape.dims()];
    Random random = new Random(7);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(256) / 256f;
    }
    double plain = measure(images(shape, values), PAPER).sharpness();
    // Powers of two and these shifts leave all values exact, so that only the measure is tested.
    for (float scale : new float[] {0x1p-10f, 1, 0x1p10f}) {
      for (float shift : new float[] {-96, 0, 100}) {
        float[] moved = values.clone();
        for (int i = 0; i < moved.length; i++) {
          moved[i] = (scale < 1 ? shift / 64 : shift) + scale * moved[i];
        }
        assertThat(measure(images(shape, moved), PAPER).sharpness()).isCloseTo(plain, within(1e-9));
      }
    }
    // Elsewhere the data themselves are rounded; each image may have its own constants.
    for (int image = 0; image < 5; image++) {
      float scale = new float[] {1e-3f, 0.03f, 1, 30, 1e3f}[image];
      float shift = new float[] {0.1f, -100, 100, -3, 100}[image];
      for (int i = image * shape.dims(); i < (image + 1) * shape.dims(); i++) {
        values[i] = scale * values[i] + shift;
      }
    }
    assertThat(measure(images(shape, values), PAPER).sharpness()).isCloseTo(plain, within(1e-4));
  }

  @Test
  void constantImagesAreCountedAndLeftOut() {
    ImageShape shape = new ImageShape(3, 5, 5);
    float[] values = uniform(4 * shape.dims(), 9);
    double third = measure(images(shape, Arrays.copyOfRange(values, 150, 225)), PAPER).sharpness();
    Arrays.fill(values, 0, shape.dims(), 0.1f);
    Arrays.fill(values, shape.dims(), 2 * shape.dims(), 0);
    Arrays.fill(values, 3 * shape.dims(), 4 * shape.dims(), 1e30f);
    Sharpness some = measure(images(shape, values), PAPER);
    assertThat(some).isEqualTo(new Sharpness("made", 4, 3, third, Double.NaN));
    Arrays.fill(values, 0.3f);
    assertThatThrownBy(() -> measure(images(shape, values), PAPER))
        .isInstanceOf(InputException.class)
        .hasMessage("made: each of 4 images is of one value everywhere; none has a sharpness");
  }

  @Test
  void theSeedChoosesAmongManyImages() {
    ImageShape shape = new ImageShape(1, 32, 32);
    Samples many = images(shape, uniform(600 * shape.dims(), 2));
    Sharpness all = measure(many, PAPER);
    Sharpness some = measure(many, PAPER.withImages(50).withSeed(4));
    assertThat(all.images()).isEqualTo(600);
    assertThat(some.images()).isEqualTo(50);
    assertThat(some).isEqualTo(measure(many, PAPER.withImages(50).withSeed(4)));
    assertThat(some.sharpness())
        .isNotEqualTo(measure(many, PAPER.withImages(50).withSeed(5)).sharpness())
        .isCloseTo(all.sharpness(), within(5 * some.standardError()));
    assertThat(some.standardError() / all.standardError()).isCloseTo(Math.sqrt(12), within(0.8));
  }

  @Test
  void unusableInputIsRefused() {
    float[] values = uniform(36, 1);
    assertThatThrownBy(() -> measure(StoredSamples.ofFloats("rows", 9, null, values), PAPER))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("rows: rows are not images, and sharpness needs images");
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      values[20] = bad;
      assertThatThrownBy(() -> measure(images(new ImageShape(1, 3, 3), values), PAPER))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("row 2 (counted from 0) holds a value that is NaN or infinite");
    }
    assertThatThrownBy(() -> PAPER.withImages(0)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> PAPER.withSigma(Double.NaN)).isInstanceOf(InputException.class);
  }

  private static Sharpness measure(Samples samples, Options options) {
    return Sharpness.of(samples, options, ComputeDevice.CPU, Progress.SILENT);
  }

  private static Samples images(ImageShape shape, float[] values) {
    return StoredSamples.ofFloats("made", shape.dims(), shape, values);
  }

  private static float[] uniform(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }
}
