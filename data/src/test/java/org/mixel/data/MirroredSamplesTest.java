package org.mixel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;

/** Mirror images follow the images themselves. */
class MirroredSamplesTest {
  private static final ImageShape SHAPE = new ImageShape(1, 2, 3);

  private static Samples bytes() {
    return StoredSamples.ofBytes(
        "two", SHAPE, new byte[] {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16});
  }

  private static byte[] read(Samples samples, int from, int count) {
    ByteBuffer target = ByteBuffer.allocateDirect(2 + count * samples.rowBytes()).position(2);
    samples.read(from, count, target);
    byte[] read = new byte[count * samples.rowBytes()];
    target.get(2, read);
    assertThat(target.hasRemaining()).isFalse();
    return read;
  }

  @Test
  void linesOfBytesAreReversed() {
    Samples mirrored = bytes().mirrored();
    assertThat(mirrored.rows()).isEqualTo(4);
    assertThat(mirrored.type()).isEqualTo(ElementType.UINT8);
    assertThat(read(mirrored, 1, 2)).containsExactly(11, 12, 13, 14, 15, 16, 3, 2, 1, 6, 5, 4);
    assertThat(read(mirrored, 0, 1)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(read(mirrored.select(new int[] {3}), 0, 1)).containsExactly(13, 12, 11, 16, 15, 14);
    assertThat(mirrored.rowNumber(3)).isEqualTo(1);
  }

  @Test
  void linesOfFloatsAreReversed() {
    Samples floats = StoredSamples.ofFloats("one", 6, SHAPE, new float[] {1, 2, 3, 4, 5, 6});
    assertThat(floats.mirrored().row(1)).containsExactly(3, 2, 1, 6, 5, 4);
  }

  @Test
  void weightsAreThoseOfTheImages() {
    Samples mirrored = bytes().weightedBy(new double[] {3, 0.5}).mirrored();
    assertThat(mirrored.weights().orElseThrow()).containsExactly(3, 0.5, 3, 0.5);
  }

  @Test
  void freshNoiseStaysFresh() {
    Samples fresh = bytes().dequantizedAfresh(7);
    Samples views = fresh.weightedBy(new double[] {3, 0.5}).mirrored();
    float[] row = fresh.inPass(2).row(1);
    assertThat(views.inPass(2).row(1)).isEqualTo(row);
    assertThat(views.inPass(2).row(3))
        .containsExactly(row[2], row[1], row[0], row[5], row[4], row[3]);
    assertThat(views.inPass(2).weights().orElseThrow()).containsExactly(3, 0.5, 3, 0.5);
    Samples still = bytes().weightedBy(new double[] {3, 0.5}).mirrored();
    assertThat(still.inPass(2)).isSameAs(still);
  }

  @Test
  void onlyImagesHaveOne() {
    assertThatThrownBy(() -> bytes().withoutShape().mirrored())
        .isInstanceOf(InputException.class)
        .hasMessage("`mirror`: the rows of two are not images");
  }
}
