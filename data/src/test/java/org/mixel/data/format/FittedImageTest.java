package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.data.ImageShape;

/** An image of any size comes in the shape that is asked for, and a trap is not decoded. */
class FittedImageTest {
  private static final ImageShape GREY = new ImageShape(1, 2, 2);
  private static final ImageShape COLOUR = new ImageShape(3, 2, 2);

  private static byte[] png(int width, int height, int type, int... values) throws IOException {
    BufferedImage image = new BufferedImage(width, height, type);
    image.getRaster().setPixels(0, 0, width, height, values);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  private static FittedImage read(byte[] content, ImageShape shape) {
    return FittedImage.read(content, "it", 100, shape);
  }

  @Test
  void anImageOfTheShapeIsTakenAsItIs() throws IOException {
    FittedImage fitted = read(png(2, 2, BufferedImage.TYPE_BYTE_GRAY, 0, 51, 102, 255), GREY);
    assertThat(fitted.pixels()).containsExactly(0, 0.2f, 0.4f, 1);
    assertThat(fitted.note()).isEqualTo("2x2");
  }

  @Test
  void theMiddleIsTaken() throws IOException {
    FittedImage fitted =
        read(png(4, 2, BufferedImage.TYPE_BYTE_GRAY, 9, 51, 102, 9, 9, 255, 0, 9), GREY);
    assertThat(fitted.pixels()).containsExactly(0.2f, 0.4f, 1, 0);
    assertThat(fitted.note()).isEqualTo("4x2, 2x2 about the middle taken");
  }

  @Test
  void greyIsRepeatedAndColoursAreWeighed() throws IOException {
    byte[] grey = png(1, 1, BufferedImage.TYPE_BYTE_GRAY, 51);
    assertThat(read(grey, COLOUR).pixels()).hasSize(12).containsOnly(0.2f);
    assertThat(read(grey, COLOUR).note()).isEqualTo("1x1, resized to 2x2");
    byte[] colour = png(1, 1, BufferedImage.TYPE_INT_RGB, 255, 0, 51);
    float[] pixels = read(colour, GREY).pixels();
    assertThat(pixels).hasSize(4);
    assertThat(pixels[3]).isCloseTo(0.299f + 0.114f / 5, within(1e-6f));
    assertThat(read(colour, GREY).note()).endsWith(", made grey");
    assertThat(read(colour, COLOUR).pixels())
        .containsExactly(1, 1, 1, 1, 0, 0, 0, 0, 0.2f, 0.2f, 0.2f, 0.2f);
  }

  @Test
  void whatClaimsToBeHugeIsNotDecoded() {
    assertThatThrownBy(() -> read(claiming(101, 1), GREY))
        .isInstanceOf(InputException.class)
        .hasMessage("it: claims 101x1 pixels; at most 100 a side are decoded");
    assertThatThrownBy(() -> read(claiming(1, 60_000), GREY))
        .hasMessageContaining("claims 1x60000 pixels");
    assertThatThrownBy(() -> read("no image".getBytes(StandardCharsets.UTF_8), GREY))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("it: is not a PNG");
  }

  /** A PNG's first bytes. */
  private static byte[] claiming(int width, int height) {
    ByteBuffer chunk = ByteBuffer.allocate(17);
    chunk.put("IHDR".getBytes(StandardCharsets.US_ASCII)).putInt(width).putInt(height);
    chunk.put(new byte[] {8, 0, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(chunk.array());
    return ByteBuffer.allocate(33)
        .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10})
        .putInt(13)
        .put(chunk.array())
        .putInt((int) crc.getValue())
        .array();
  }
}
