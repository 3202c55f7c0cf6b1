package org.mixel.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Options for images are advised where images are on both sides. */
class RowSizeTest {
  private static RowSize images(int channels, int height, int width) {
    ImageShape shape = new ImageShape(channels, height, width);
    return new RowSize(shape.dims(), Optional.of(shape));
  }

  @Test
  void remedies() {
    RowSize numbers = new RowSize(5, Optional.empty());
    assertThat(numbers.remedy(new RowSize(4, Optional.empty()))).isEmpty();
    assertThat(numbers.remedy(images(1, 2, 3))).isEmpty();
    assertThat(images(1, 2, 3).remedy(numbers)).isEmpty();
    assertThat(images(1, 2, 3).remedy(images(1, 4, 5))).isEqualTo("; add `size` 5x4 or `crop`");
    assertThat(images(3, 4, 5).remedy(images(1, 4, 5)))
        .isEqualTo("; save both in grey or both in colour");
    assertThat(numbers).hasToString("5 values");
    assertThat(images(3, 4, 5)).hasToString("60 values (5x4x3)");
  }
}
