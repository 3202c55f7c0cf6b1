package org.mixel.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/** Views of chosen and of scaled columns hold the right values, in any combination. */
class ReaderViewsTest {
  private static final Samples BYTES =
      StoredSamples.ofBytes(
          "bytes", new ImageShape(1, 1, 3), new byte[] {0, 51, 102, (byte) 153, (byte) 204, -1});
  private static final Samples FLOATS =
      StoredSamples.ofFloats("floats", 3, null, new float[] {1, 2, 3, 4, 5, 6});

  @Test
  void columnsComeInTheOrderAskedFor() {
    try (NativeScope scope = new NativeScope();
        RowReader bytes = RowReader.of(BYTES, ComputeDevice.CPU);
        RowReader fromBytes = bytes.columns(new int[] {2, 0, 2});
        RowReader floats = RowReader.of(FLOATS, ComputeDevice.CPU);
        RowReader fromFloats = floats.columns(new int[] {1})) {
      assertThat(fromBytes.dims()).isEqualTo(3);
      assertThat(Tensors.floats(fromBytes.rows(0, 2)))
          .containsExactly(0.4f, 0f, 0.4f, 1f, 0.6f, 1f);
      assertThat(fromFloats.dims()).isEqualTo(1);
      assertThat(Tensors.floats(fromFloats.rows(new int[] {1, 0}))).containsExactly(5, 2);
    }
  }

  @Test
  void viewsOfViewsCompose() {
    try (NativeScope scope = new NativeScope();
        RowReader floats = RowReader.of(FLOATS, ComputeDevice.CPU);
        RowReader scaled = floats.scaled(new float[] {1, 10, 100});
        RowReader chosen = scaled.columns(new int[] {2, 1});
        RowReader again = chosen.scaled(new float[] {2, 3});
        RowReader one = again.columns(new int[] {1})) {
      assertThat(Tensors.floats(scaled.rows(0, 1))).containsExactly(1, 20, 300);
      assertThat(Tensors.floats(again.rows(0, 2))).containsExactly(600, 60, 1200, 150);
      assertThat(Tensors.floats(one.rows(1, 1))).containsExactly(150);
    }
  }

  @Test
  void columnsThatAreNotThereAreRefused() {
    try (NativeScope scope = new NativeScope();
        RowReader floats = RowReader.of(FLOATS, ComputeDevice.CPU)) {
      assertThatThrownBy(() -> floats.columns(new int[] {3}))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> floats.scaled(new float[2]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
