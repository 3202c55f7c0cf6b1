package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mixel.data.format.NpyFormatTest.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Coding;
import org.mixel.data.DataOptions;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;

/**
 * TIFF files, laid out by hand after TIFF 6.0, give the values that they store; numbers that are no
 * colours, and pages that would get lost, are refused.
 */
class TiffTagsTest {
  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int COMPRESSION = 259;
  private static final int PHOTOMETRIC = 262;
  private static final int OFFSET = 273;
  private static final int CHANNELS = 277;
  private static final int LINES = 278;
  private static final int BYTES = 279;
  private static final int EXTRA = 338;
  private static final int FORMAT = 339;

  @TempDir private Path folder;

  /** Tags of an image of 2x2 pixels. */
  private static Map<Integer, Integer> tags(int channels, int bits) {
    Map<Integer, Integer> tags = new TreeMap<>();
    tags.put(WIDTH, 2);
    tags.put(HEIGHT, 2);
    tags.put(BITS, bits);
    tags.put(COMPRESSION, 1);
    tags.put(PHOTOMETRIC, channels < 3 ? 1 : 2);
    tags.put(CHANNELS, channels);
    tags.put(LINES, 2);
    return tags;
  }

  private static byte[] tiff(Map<Integer, Integer> tags, byte[] pixels, boolean twice) {
    ByteBuffer file = ByteBuffer.allocate(8 + pixels.length + 400).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8 + pixels.length);
    file.put(pixels);
    Map<Integer, Integer> all = new TreeMap<>(tags);
    all.put(OFFSET, 8);
    all.put(BYTES, pixels.length);
    for (int page = 0; page < (twice ? 2 : 1); page++) {
      file.putShort((short) all.size());
      all.forEach(
          (tag, value) ->
              file.putShort(tag.shortValue()).putShort((short) 3).putInt(1).putInt(value));
      file.putInt(twice && page == 0 ? file.position() + 4 : 0);
    }
    byte[] content = new byte[file.position()];
    file.flip().get(content);
    return content;
  }

  private Samples open(byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("x.tif"), content);
    return DataSource.open(file.toString(), DataOptions.defaults(), Progress.SILENT);
  }

  private void refused(String complaint, byte[] content) {
    assertThatThrownBy(() -> open(content))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(folder.resolve("x.tif") + ": " + complaint)
        .hasMessageNotContaining("\n");
  }

  @Test
  void greyAndColour() throws IOException {
    Samples grey = open(tiff(tags(1, 8), bytes(1, 2, 3, 254), false));
    assertThat(grey.shape()).contains(new ImageShape(1, 2, 2));
    assertThat(NpyFormatTest.pixels(grey, 0)).containsExactly(1, 2, 3, 254);
    assertThat(grey.coding()).contains(Coding.LOSSLESS);
    Samples colour = open(tiff(tags(3, 8), bytes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), false));
    assertThat(NpyFormatTest.pixels(colour, 0))
        .containsExactly(1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12);
    byte[] deep = {0, 0, 100, (byte) 128, (byte) 255, (byte) 255, 1, 0};
    assertThat(NpyFormatTest.pixels(open(tiff(tags(1, 16), deep, false)), 0))
        .containsExactly(0, 128, 255, 0);
    Map<Integer, Integer> inverted = tags(1, 8);
    inverted.put(PHOTOMETRIC, 0);
    assertThat(NpyFormatTest.pixels(open(tiff(inverted, bytes(0, 1, 2, 255), false)), 0))
        .containsExactly(255, 254, 253, 0);
  }

  @Test
  void numbersThatAreNoColoursAreRefused() {
    Map<Integer, Integer> floats = tags(1, 32);
    floats.put(FORMAT, 3);
    refused("is a TIFF of numbers that are not unsigned", tiff(floats, new byte[16], false));
    Map<Integer, Integer> signed = tags(1, 8);
    signed.put(FORMAT, 2);
    refused("is a TIFF of numbers that are not unsigned", tiff(signed, new byte[4], false));
    refused("is a TIFF of numbers that are not", tiff(tags(1, 32), new byte[16], false));
    Map<Integer, Integer> more = tags(4, 8);
    more.put(EXTRA, 0);
    refused("is a TIFF with channels beside its colours", tiff(more, new byte[16], false));
    Map<Integer, Integer> rare = tags(1, 8);
    rare.put(COMPRESSION, 50_000);
    refused("is an image of a rare kind; save it as PNG", tiff(rare, new byte[4], false));
  }

  @Test
  void pagesAreNotLost() {
    refused(
        "holds several pictures; save each as a file of its own, or all as .npy",
        tiff(tags(1, 8), new byte[4], true));
  }

  @Test
  void aStripOfMoreBytesThanThereAreIsRefused() {
    byte[] content = tiff(tags(1, 8), new byte[4], false);
    ByteBuffer entries = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 14; at + 12 <= content.length; at += 12) {
      if (entries.getShort(at) == BYTES) {
        // A number of 32 bits.
        entries.putShort(at + 2, (short) 4).putInt(at + 8, 1 << 30);
      }
    }
    refused("claims more bytes than the " + content.length + " that it has; get it again", content);
  }

  @Test
  void damagedOnesAreRefusedInOneLine() {
    byte[] whole = tiff(tags(3, 8), new byte[12], false);
    Random random = new Random(4);
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      byte[] damaged = whole.clone();
      damaged[8 + random.nextInt(damaged.length - 8)] = (byte) random.nextInt(256);
      try {
        ImageDecoder.decode(damaged, "x");
      } catch (InputException e) {
        refused++;
        assertThat(e.getMessage()).startsWith("x: ").doesNotContain("\n");
      }
    }
    assertThat(refused).isGreaterThan(50);
  }
}
