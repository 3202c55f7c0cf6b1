package org.mixel.memorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;

/** The nearest row is the nearest, its distance is right, and a copy is at distance 0. */
class NearestRowsTest {
  /** Enough reference rows of 3 values for several blocks. */
  @Test
  void agreesWithALookAtEveryPair() {
    for (float offset : new float[] {0, 3000}) {
      float[] x = normal(100 * 3, offset, 1);
      float[] y = normal(20_000 * 3, offset, 2);
      compare(x, y, 3, null);
    }
    compare(normal(70 * 200, 1, 3), normal(900 * 200, 1, 4), 200, null);
    compare(normal(50 * 3, 0, 5), normal(500 * 3, 0, 6), 3, new float[] {1, 0, 10});
  }

  private static void compare(float[] x, float[] y, int dims, float @Nullable [] weights) {
    NearestRows found = search(rows("x", dims, x), rows("y", dims, y), weights);
    assertThat(found.rows()).isEqualTo(x.length / dims);
    for (int i = 0; i < found.rows(); i++) {
      double best = Double.POSITIVE_INFINITY;
      for (int k = 0; k < y.length / dims; k++) {
        best = Math.min(best, distance(x, i, y, k, dims, weights));
      }
      assertThat(found.distance(i)).isCloseTo(best, within(1e-6 * (best + 1)));
      assertThat(distance(x, i, y, found.nearest(i), dims, weights))
          .isCloseTo(best, within(1e-6 * (best + 1)));
    }
  }

  private static double distance(
      float[] x, int i, float[] y, int k, int dims, float @Nullable [] weights) {
    double sum = 0;
    for (int j = 0; j < dims; j++) {
      double apart = (double) x[i * dims + j] - y[k * dims + j];
      apart *= weights == null ? 1 : weights[j];
      sum += apart * apart;
    }
    return Math.sqrt(sum);
  }

  /** Every reference row has a neighbour that differs in one pixel by the least step. */
  @Test
  void aCopyIsFoundAmongRowsThatHardlyDiffer() {
    ImageShape shape = new ImageShape(1, 28, 28);
    int dims = shape.dims();
    byte[] pixels = new byte[2000 * dims];
    new Random(1).nextBytes(pixels);
    for (int i = 1; i < 2000; i += 2) {
      System.arraycopy(pixels, (i - 1) * dims, pixels, i * dims, dims);
      pixels[i * dims + i % dims] ^= 1;
    }
    Samples reference = StoredSamples.ofBytes("reference", shape, pixels);
    NearestRows found = search(reference.select(new int[] {17, 1016, 3, 3}), reference, null);
    assertThat(found.distances()).containsOnly(0);
    assertThat(IntStream.range(0, 4).map(found::nearest)).containsExactly(17, 1016, 3, 3);
  }

  /** Two dense clusters so far apart that rounding does not tell a cluster's rows from another. */
  @Test
  void aCopyIsFoundWhereProductsTellNothing() {
    for (float apart : new float[] {1000, 10_000}) {
      float[] values = normal(2000 * 8, 0, 10);
      for (int i = 0; i < values.length; i++) {
        values[i] *= 0.1f;
      }
      for (int i = 0; i < 2000; i++) {
        values[8 * i] += i % 2 == 0 ? apart : -apart;
      }
      Samples reference = rows("reference", 8, values);
      int[] some = IntStream.range(0, 1000).map(i -> 2 * i + i % 2).toArray();
      NearestRows found = search(reference.select(some), reference, null);
      assertThat(found.distances()).containsOnly(0);
      assertThat(IntStream.range(0, 1000).map(found::nearest).toArray()).isEqualTo(some);
      float[] shifted = values.clone();
      for (int i = 1; i < shifted.length; i += 8) {
        shifted[i] += 0.05f;
      }
      compare(Arrays.copyOf(shifted, 100 * 8), values, 8, null);
    }
  }

  @Test
  void ofManyEqualRowsTheFirstIsTaken() {
    float[] reference = new float[50 * 2];
    Arrays.fill(reference, 6, 100, 5);
    NearestRows found =
        search(rows("x", 2, new float[] {5, 5, 5, 6}), rows("y", 2, reference), null);
    assertThat(found.nearest(0)).isEqualTo(3);
    assertThat(found.nearest(1)).isEqualTo(3);
    assertThat(found.distance(1)).isEqualTo(1);
  }

  @Test
  void ofEqualRowsTheFirstIsTaken() {
    float[] reference = {9, 9, 4, 4, 5, 1, 5, 1, 5, 1};
    NearestRows found =
        search(rows("x", 2, new float[] {5, 1, 4, 4}), rows("y", 2, reference), null);
    assertThat(found.nearest(0)).isEqualTo(2);
    assertThat(found.nearest(1)).isEqualTo(1);
  }

  @Test
  void theOtherRowsOfASetDoNotMatter() {
    Samples x = rows("x", 40, normal(400 * 40, 2, 7));
    Samples y = rows("y", 40, normal(3000 * 40, 2, 8));
    NearestRows whole = search(x, y, null);
    int[] some = {5, 399, 77};
    NearestRows part = search(x.select(some), y, null);
    for (int i = 0; i < some.length; i++) {
      assertThat(part.distance(i)).isCloseTo(whole.distance(some[i]), within(1e-9));
      assertThat(part.nearest(i)).isEqualTo(whole.nearest(some[i]));
    }
  }

  /** Rows so long that 64 of them fill a block. */
  @Test
  void longRowsComeBlockByBlock() {
    ImageShape shape = new ImageShape(1, 400, 350);
    byte[] pixels = new byte[66 * shape.dims()];
    new Random(2).nextBytes(pixels);
    Samples x = StoredSamples.ofBytes("x", shape, pixels);
    Samples y = x.select(new int[] {65, 1});
    NearestRows found = search(x, y, null);
    assertThat(found.distance(65)).isZero();
    assertThat(found.nearest(65)).isZero();
    assertThat(found.nearest(1)).isEqualTo(1);
    NearestRows last = search(x.select(new int[] {64}), y, null);
    assertThat(found.distance(64)).isPositive().isCloseTo(last.distance(0), within(1e-9));
  }

  @Test
  void unusableInputIsRefused() {
    float[] values = normal(12, 0, 9);
    Samples good = rows("good", 3, values);
    assertThatThrownBy(() -> search(rows("wide", 4, values), good, null))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("wide has rows of 4 values, good of 3");
    float[] holes = values.clone();
    holes[7] = Float.NaN;
    Samples bad = rows("bad", 3, holes);
    assertThatThrownBy(() -> search(bad, good, null))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bad: row 2 (counted from 0)");
    assertThatThrownBy(() -> search(good, bad, null))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bad: row 2 (counted from 0)");
  }

  private static NearestRows search(Samples x, Samples y, float @Nullable [] weights) {
    return NearestRows.of(x, y, weights, ComputeDevice.CPU, Progress.SILENT);
  }

  private static Samples rows(String name, int dims, float[] values) {
    return StoredSamples.ofFloats(name, dims, null, values);
  }

  private static float[] normal(int count, float mean, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (mean + random.nextGaussian());
    }
    return values;
  }
}
