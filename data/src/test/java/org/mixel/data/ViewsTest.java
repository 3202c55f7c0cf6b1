package org.mixel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;

/** Views refuse rows that are not there and pass on what their source knows. */
class ViewsTest {
  private static final Samples BYTES =
      StoredSamples.ofBytes("x", new ImageShape(1, 1, 2), new byte[] {1, 2, 3, 4, 5, 6});
  private static final Samples FLOATS =
      StoredSamples.ofFloats("x", 2, null, new float[] {1, 2, Float.NaN, 4, 5, 6});

  private static List<Samples> views(Samples rows) {
    return List.of(
        rows,
        rows.named("y"),
        rows.withoutShape(),
        rows.masked(Mask.except(new boolean[] {true, false})),
        rows.about(new double[] {1, 1}),
        rows.quantized(),
        rows.type().isFloat() ? rows.filled(new double[] {7, 8}) : rows.dequantized(1));
  }

  @Test
  void rowsBeyondTheEndAreRefused() {
    for (Samples rows : List.of(BYTES, BYTES.select(new int[] {2, 0}), FLOATS)) {
      for (Samples view : views(rows)) {
        ByteBuffer target = ByteBuffer.allocate(100);
        assertThatThrownBy(() -> view.read(view.rows() - 1, 2, target))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.read(-1, 1, target))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }

  @Test
  void rowNumbersAndCodingsAreThoseOfTheSource() {
    for (Samples rows : List.of(BYTES, FLOATS)) {
      for (Samples view : views(rows.coded(Coding.LOSSY).select(new int[] {2, 0}))) {
        assertThat(view.rowNumber(0)).isEqualTo(2);
        assertThat(view.coding()).contains(Coding.LOSSY);
      }
    }
  }

  @Test
  void aSelectionInAnyOrderMayRepeatRows() {
    Samples selected = BYTES.select(new int[] {2, 0, 2}).select(new int[] {0, 1});
    ByteBuffer target = ByteBuffer.allocate(4);
    selected.read(0, 2, target);
    assertThat(target.array()).containsExactly(5, 6, 1, 2);
  }

  /** As SciPy and PNG files have it: clipped, then rounded to the nearest of 256 levels. */
  @Test
  void quantizedPixelsAreClippedAndRounded() {
    float[] values = {-3, -0.001f, 0.0019f, 0.002f, 0.5f, 0.999f, 1.5f, 7};
    Samples pixels = StoredSamples.ofFloats("p", 4, new ImageShape(1, 2, 2), values).quantized();
    ByteBuffer target = ByteBuffer.allocate(8);
    pixels.read(0, 2, target);
    assertThat(target.array()).containsExactly(0, 0, 0, 1, 128, 255, 255, 255);
    assertThat(pixels.type()).isEqualTo(ElementType.UINT8);
    assertThat(pixels.shape()).contains(new ImageShape(1, 2, 2));
    assertThat(StoredSamples.ofFloats("p", 4, null, values).quantized().areVectors()).isFalse();
    assertThat(BYTES.quantized()).isSameAs(BYTES);
    Samples missing = FLOATS.select(new int[] {2, 1}).quantized();
    assertThatThrownBy(() -> missing.read(0, 2, ByteBuffer.allocate(4)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "x: row 1 holds a value that is NaN or infinite; remove the row or mend the value");
  }

  @Test
  void eachPassHasNoiseOfItsOwn() {
    Samples fresh = BYTES.dequantizedAfresh(7);
    assertThat(fresh.row(2)).isEqualTo(BYTES.dequantized(7).row(2));
    assertThat(fresh.inPass(1).row(2)).isNotEqualTo(fresh.row(2));
    assertThat(fresh.inPass(1).row(2)).isEqualTo(BYTES.dequantizedAfresh(7).inPass(1).row(2));
    assertThat(fresh.inPass(1).inPass(2).row(2)).isEqualTo(fresh.inPass(2).row(2));
    for (int pass = 0; pass < 3; pass++) {
      assertThat(256 * fresh.inPass(pass).row(2)[0]).isBetween(5f, 6f);
      assertThat(fresh.named("y").select(new int[] {2}).inPass(pass).row(0))
          .isEqualTo(fresh.inPass(pass).row(2));
      assertThat(fresh.masked(Mask.except(new boolean[] {false, true})).inPass(pass).row(2))
          .containsExactly(Float.NaN, fresh.inPass(pass).row(2)[1]);
    }
    Samples still = BYTES.named("y").select(new int[] {2});
    assertThat(still.inPass(1)).isSameAs(still);
    assertThatThrownBy(() -> FLOATS.dequantizedAfresh(7))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("only 8-bit pixels can be dequantised");
  }
}
