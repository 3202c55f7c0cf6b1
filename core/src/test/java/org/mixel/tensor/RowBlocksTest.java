package org.mixel.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/** Blocks hold every row once and in order, and say what went wrong on the reading thread. */
class RowBlocksTest {
  private static Samples floats(int rows) {
    float[] values = new float[rows * 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return StoredSamples.ofFloats("rows", 2, null, values);
  }

  @Test
  void everyRowComesOnceWhateverTheBlocks() {
    for (int size : new int[] {1, 3, 7, 100}) {
      List<Float> seen = new ArrayList<>();
      try (NativeScope scope = new NativeScope();
          RowBlocks blocks = RowBlocks.of(floats(7), Devices.cpu(), size)) {
        Tensor shift = Tensors.of(new float[] {10, 0}, 2);
        while (blocks.next()) {
          assertThat(blocks.from()).isEqualTo(seen.size() / 2);
          for (float value : Tensors.floats(blocks.less(shift, 0, blocks.count()))) {
            seen.add(value);
          }
        }
        assertThat(blocks.next()).isFalse();
        blocks.restart();
        assertThat(blocks.next()).isTrue();
        assertThat(blocks.from()).isZero();
        assertThat(Tensors.floats(blocks.less(shift, 0, 1))).containsExactly(10, 1);
      }
      assertThat(seen).hasSize(14);
      for (int i = 0; i < 14; i++) {
        assertThat(seen.get(i)).isEqualTo(i + (i % 2 == 0 ? 10f : 0f));
      }
    }
  }

  @Test
  void chosenRowsOfBytesAreScaled() {
    byte[] bytes = {0, (byte) 255, 51, 102};
    Samples samples = StoredSamples.ofBytes("bytes", new ImageShape(1, 1, 2), bytes);
    try (NativeScope scope = new NativeScope();
        RowBlocks blocks = RowBlocks.of(samples, Devices.cpu())) {
      assertThat(blocks.next()).isTrue();
      Tensor rows = blocks.less(Tensors.of(new float[2], 2), Tensors.of(new long[] {1, 0}, 2));
      assertThat(Tensors.floats(rows))
          .containsExactly(new float[] {0.2f, 0.4f, 0, 1}, within(1e-7f));
    }
  }

  @Test
  void aFailureToReadIsThrownWhereTheBlockIsAskedFor() {
    Samples broken =
        new Samples() {
          private final Samples rows = floats(5);

          @Override
          public int rows() {
            return rows.rows();
          }

          @Override
          public int dims() {
            return rows.dims();
          }

          @Override
          public ElementType type() {
            return rows.type();
          }

          @Override
          public Optional<ImageShape> shape() {
            return rows.shape();
          }

          @Override
          public String name() {
            return "broken";
          }

          @Override
          public void read(int from, int count, ByteBuffer target) {
            if (from >= 2) {
              throw new IllegalStateException("the disk is gone");
            }
            rows.read(from, count, target);
          }
        };
    try (RowBlocks blocks = RowBlocks.of(broken, Devices.cpu(), 2)) {
      assertThat(blocks.next()).isTrue();
      assertThatThrownBy(blocks::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the disk is gone");
    }
  }
}
