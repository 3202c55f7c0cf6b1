package org.mixel.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.Mask;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/** Masks of every shape hide what they say, and masks of other data are refused. */
class MasksTest {
  private static final ImageShape SHAPE = new ImageShape(3, 2, 5);
  private static final int ROWS = 4;
  private static final int PIXELS = 10;

  @TempDir private Path folder;

  private final byte[] pixels = new byte[ROWS * SHAPE.dims()];
  private final Samples images;

  MasksTest() {
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (2 * i);
    }
    images = StoredSamples.ofBytes("images", SHAPE, pixels);
  }

  private Path mask(String type, String shape, byte[] values, boolean columns) throws IOException {
    String header =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }"
            .formatted(type, columns ? "True" : "False", shape);
    header = header + " ".repeat(117 - header.length()) + "\n";
    String start = "\u0093NUMPY\u0001\0v\0" + header;
    ByteBuffer bytes = ByteBuffer.allocate(start.length() + values.length);
    bytes.put(start.getBytes(StandardCharsets.ISO_8859_1)).put(values);
    return Files.write(folder.resolve("mask.npy"), bytes.array());
  }

  private static Mask read(Path file, Samples samples) {
    return Masks.read(file.toString(), samples, samples.shape());
  }

  @Test
  void aSingleNumberIsNoMask() throws IOException {
    Path mask = mask("|b1", "", new byte[1], false);
    assertThatThrownBy(() -> read(mask, images))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(mask + ": the mask has the shape (), but images has 4 rows");
  }

  @ParameterizedTest
  @ValueSource(strings = {"30,", "2, 5", "4, 30", "4, 2, 5", "4, 3, 2, 5"})
  void everyShapeIsUnderstood(String shape) throws IOException {
    int values = 1;
    for (String axis : shape.split(",\\s*")) {
      values *= Integer.parseInt(axis);
    }
    byte[] hidden = new byte[values];
    for (int i = 0; i < values; i++) {
      hidden[i] = (byte) (i % 7 == 0 ? 1 : 0);
    }
    boolean each = shape.startsWith("4");
    int width = values / (each ? ROWS : 1);
    Mask mask = read(mask("|b1", shape, hidden, false), images);
    assertThat(mask.shared()).isEqualTo(!each);
    Samples masked = images.masked(mask);
    for (int i = 0; i < ROWS; i++) {
      float[] row = masked.row(i);
      for (int j = 0; j < row.length; j++) {
        boolean expected = hidden[(each ? i * width : 0) + j % width] != 0;
        assertThat(mask.hides(i, j)).isEqualTo(expected);
        float value = (pixels[i * row.length + j] & 0xff) / 255f;
        assertThat(row[j]).isEqualTo((Float) (expected ? Float.NaN : value));
      }
    }
    assertThat(masked.type()).isEqualTo(ElementType.FLOAT32);
    assertThat(masked.hasMissing()).isTrue();
    assertThat(images.hasMissing()).isFalse();
    assertThat(masked.select(new int[] {2}).row(0)).isEqualTo(masked.row(2));
  }

  /** As {@code np.asfortranarray} writes it. */
  @Test
  void masksMayBeStoredByColumns() throws IOException {
    byte[] hidden = new byte[PIXELS];
    hidden[3] = 1; // row 1, column 1
    Mask mask = read(mask("|u1", "2, 5", hidden, true), images);
    assertThat(mask.observed(0)[6]).isFalse();
    assertThat(mask.observed(0)[3]).isTrue();
  }

  @Test
  void masksOfOtherDataAreRefused() throws IOException {
    Path other = mask("|b1", "3, 2, 5", new byte[30], false);
    assertThatThrownBy(() -> read(other, images))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith(
            "the mask has the shape (3, 2, 5), but images has 4 rows of 5x2x3; give one for"
                + " all rows, of shape (2, 5), or one for each, (4, 2, 5)");
    Path wide = mask("<i8", "10,", new byte[80], false);
    assertThatThrownBy(() -> read(wide, images))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds int64; save the mask as bool or uint8");
    Path cut = mask("|b1", "2, 5", new byte[9], false);
    assertThatThrownBy(() -> read(cut, images))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("mask.npy");
  }

  /** Grey values are taken as they are saved, not as light. */
  @Test
  void brightPixelsOfAPictureAreHidden() throws IOException {
    BufferedImage picture = new BufferedImage(5, 2, BufferedImage.TYPE_BYTE_GRAY);
    picture.getRaster().setPixels(0, 0, 5, 2, new int[] {0, 100, 127, 128, 255, 0, 0, 0, 0, 200});
    File file = folder.resolve("mask.png").toFile();
    ImageIO.write(picture, "png", file);
    boolean[] observed = read(file.toPath(), images).observed(0);
    for (int c = 0; c < 3; c++) {
      assertThat(Arrays.copyOfRange(observed, c * PIXELS, (c + 1) * PIXELS))
          .containsExactly(true, true, true, false, false, true, true, true, true, false);
    }
    assertThatThrownBy(
            () -> Masks.read(file.toString(), images, Optional.of(new ImageShape(1, 5, 2))))
        .isInstanceOf(InputException.class)
        .hasMessage(file + ": 5x2, but the images are 2x5; draw the mask at their size");
    assertThatThrownBy(() -> read(folder.resolve("missing.png"), images))
        .hasMessageEndingWith("missing.png: no such file");
  }

  @Test
  void floatsKeepTheirOwnMissingValues() {
    Samples floats = StoredSamples.ofFloats("f", 2, null, new float[] {1, Float.NaN, 3, 4, 5, 6});
    Samples masked = floats.masked(Mask.except(new boolean[] {false, true}));
    assertThat(masked.row(0)).containsExactly(Float.NaN, Float.NaN);
    assertThat(masked.row(1)).containsExactly(Float.NaN, 4);
    Samples filled = masked.filled(new double[] {7, 8});
    assertThat(filled.row(0)).containsExactly(7, 8);
    assertThat(filled.row(2)).containsExactly(7, 6);
  }
}
