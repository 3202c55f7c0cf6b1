package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mixel.data.format.NpyFormatTest.pixels;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Coding;
import org.mixel.data.DataOptions;
import org.mixel.data.DataOptions.Crop;
import org.mixel.data.DataOptions.Size;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;

/**
 * The same images make the same rows from a folder and from every archive, with their stored pixel
 * values; what is no image, damaged, or a trap is named in one line.
 */
class ImageFilesTest {
  @TempDir Path folder;

  @Test
  void aFolderAndItsArchivesAreTheSameRows() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("set/b/2.png", png(grey(2, 2, 40)));
    files.put("./set/a/1.BMP", encode(grey(2, 2, 30), "bmp"));
    files.put("set/b/10.png", png(grey(2, 2, 20)));
    files.put("set/readme.txt", "not an image".getBytes(StandardCharsets.UTF_8));
    files.put("set/.hidden.png", new byte[] {1});
    files.put("__MACOSX/set/._2.png", new byte[] {1});
    Path plain = folder.resolve("plain");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (!file.getKey().startsWith("__")) {
        Path path = plain.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.write(path, file.getValue());
      }
    }
    Path zip = folder.resolve("set.zip");
    Files.write(zip, zip(files));
    Path tar = folder.resolve("set.tar");
    Files.write(tar, tar(files));
    Path packed = folder.resolve("set.tgz");
    Files.write(packed, IdxFormatTest.gzip(tar(files)));
    for (Path data : new Path[] {plain, zip, tar, packed}) {
      Samples samples = open(data);
      assertThat(samples.shape()).contains(new ImageShape(1, 2, 2));
      assertThat(samples.rows()).isEqualTo(3);
      assertThat(pixels(samples, 0)).startsWith(30);
      assertThat(pixels(samples, 1)).startsWith(20);
      assertThat(pixels(samples, 2)).startsWith(40);
    }
  }

  @Test
  void anyColourMakesAllOfThemColoured() throws IOException {
    write("1.png", png(grey(1, 2, 7)));
    BufferedImage red = new BufferedImage(1, 2, BufferedImage.TYPE_INT_RGB);
    red.setRGB(0, 0, 0x010203);
    red.setRGB(0, 1, 0x0a0b0c);
    // A colour image whose pixels are all grey is a grey one.
    BufferedImage same = new BufferedImage(1, 2, BufferedImage.TYPE_INT_RGB);
    same.setRGB(0, 0, 0x555555);
    write("0.png", png(same));
    assertThat(open(folder).shape()).contains(new ImageShape(1, 2, 1));
    write("2.png", png(red));
    Samples samples = open(folder);
    assertThat(samples.shape()).contains(new ImageShape(3, 2, 1));
    assertThat(pixels(samples, 0)).containsExactly(0x55, 0, 0x55, 0, 0x55, 0);
    assertThat(pixels(samples, 1)).containsExactly(7, 7, 7, 7, 7, 7);
    assertThat(pixels(samples, 2)).containsExactly(1, 10, 2, 11, 3, 12);
  }

  @Test
  void sixteenBitsPalettesAndTransparency() throws IOException {
    BufferedImage deep = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setPixels(0, 0, 3, 1, new int[] {0, 128 * 257 + 100, 65535});
    assertThat(pixels(open(write("deep.png", png(deep))), 0)).containsExactly(0, 128, 255);

    byte[] ramp = {0, 100, (byte) 200};
    IndexColorModel palette = new IndexColorModel(8, 3, ramp, ramp, new byte[] {0, 100, 50});
    BufferedImage indexed = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_INDEXED, palette);
    indexed.getRaster().setPixels(0, 0, 3, 1, new int[] {2, 1, 0});
    assertThat(pixels(open(write("palette.png", png(indexed))), 0))
        .containsExactly(200, 100, 0, 200, 100, 0, 50, 100, 0);

    BufferedImage clear = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    clear.setRGB(0, 0, new Color(200, 100, 50, 0).getRGB());
    clear.setRGB(1, 0, new Color(200, 100, 50, 51).getRGB());
    assertThat(pixels(open(write("clear.png", png(clear))), 0))
        .containsExactly(0, 40, 0, 20, 0, 10);

    BufferedImage bits = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
    bits.setRGB(1, 0, 0xffffff);
    assertThat(pixels(open(write("bits.png", png(bits))), 0)).containsExactly(0, 255);
  }

  @Test
  void everyFormatIsKnownByItsContent() throws IOException {
    BufferedImage picture = grey(16, 8, 90);
    for (String format : new String[] {"png", "jpeg", "bmp", "gif", "tiff"}) {
      // Under another name: the content decides.
      Path file = write("x-" + format + ".png", encode(picture, format));
      assertThat(open(file).shape()).as(format).contains(new ImageShape(1, 8, 16));
      assertThat(pixels(open(file), 0)).as(format).containsOnly(90);
      assertThat(open(file).select(new int[] {0}).named("other").coding())
          .as(format)
          .contains(format.equals("jpeg") ? Coding.LOSSY : Coding.LOSSLESS);
    }
    // Two pixels, (10, 20, 30) and (200, 100, 50), as Pillow 12.3.0 writes them without loss.
    byte[] webp =
        Base64.getDecoder().decode("UklGRiIAAABXRUJQVlA4TBYAAAAvAQAAAA9wCqgr+J7CY/6DBxWI6H8A");
    assertThat(pixels(open(write("x.webp", webp)), 0)).containsExactly(10, 200, 20, 100, 30, 50);
    assertThat(open(folder.resolve("x.webp")).coding()).contains(Coding.LOSSLESS);
  }

  @Test
  void sizesMustAgreeUnlessTheyAreAskedFor() throws IOException {
    write("1.png", png(grey(4, 4, 50)));
    Path other = write("2.png", png(grey(6, 5, 50)));
    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(InputException.class)
        .hasMessage(other + ": 6x5, but the data set is 4x4; add `size` 4x4");
    DataOptions size = DataOptions.defaults().withSize(new Size(2, 3));
    assertThat(open(folder, size).shape()).contains(new ImageShape(1, 3, 2));
    assertThat(pixels(open(folder, size), 1)).containsOnly(50);
    DataOptions crop = DataOptions.defaults().withCrop(Crop.parse("1,2,3,2"));
    assertThat(open(folder, crop).shape()).contains(new ImageShape(1, 2, 3));
    DataOptions wide = DataOptions.defaults().withCrop(Crop.parse("0,0,5,4"));
    assertThatThrownBy(() -> open(folder, wide))
        .hasMessageEndingWith("1.png: 4x4, so the crop 0,0,5,4 does not lie within it");
  }

  @Test
  void whatIsNoImageIsNamed() throws IOException {
    Path text = write("a.png", "hello".getBytes(StandardCharsets.UTF_8));
    assertRefused(folder, text + ": is not a PNG, JPEG, BMP, GIF, WebP or TIFF image");
    assertRefused(text, text + ": is not a PNG, JPEG, BMP, GIF, WebP or TIFF image");
    Files.write(text, new byte[0]);
    assertRefused(folder, text + ": is not a PNG");
    Path zip = folder.resolve("text.zip");
    Files.write(zip, zip(Map.of("in/a.png", "hello".getBytes(StandardCharsets.UTF_8))));
    assertRefused(zip, zip + "/in/a.png: is not a PNG");
  }

  @Test
  void emptyPlacesAndMissingOnes() throws IOException {
    assertRefused(folder, folder + ": holds no images (.png, .jpg");
    write("note.txt", new byte[] {1});
    assertRefused(folder, folder + ": holds no images");
    Path zip = folder.resolve("empty.zip");
    Files.write(zip, zip(Map.of()));
    assertRefused(zip, zip + ": holds no images");
    Path missing = folder.resolve("missing");
    assertRefused(missing, missing + ": no such file or folder, nor a data set's name (mnist");
    assertRefused(
        write("x.dat", new byte[] {9, 9, 9}), folder.resolve("x.dat") + ": is of no form");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg", "bmp", "gif", "tiff"})
  void aCutImageIsRefused(String format) throws IOException {
    BufferedImage noise = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 64 * 64; i++) {
      noise.setRGB(i % 64, i / 64, i * 2654435 & 0xffffff);
    }
    byte[] whole = encode(noise, format);
    Path file = write("cut." + format, Arrays.copyOf(whole, whole.length * 2 / 3));
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining("get it again")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aBombIsRefusedFromItsHeader() throws IOException {
    Path zip = folder.resolve("bomb.zip");
    Files.write(zip, zip(Map.of("bomb.png", bomb(60_000, 60_000))));
    assertRefused(
        zip, zip + "/bomb.png: claims 60000x60000 pixels; at most 64 million are decoded");
    byte[] crooked = bomb(60_000, -5);
    assertRefused(write("crooked.png", crooked), folder.resolve("crooked.png") + ": is a damaged");
  }

  @Test
  void damagedArchives() throws IOException {
    byte[] zip = zip(Map.of("a.png", png(grey(9, 9, 1)), "b.png", png(grey(9, 9, 2))));
    Path cut = write("cut.zip", Arrays.copyOf(zip, zip.length / 2));
    assertRefused(cut, cut + ": is damaged, so get it again");
    byte[] tar = IdxFormatTest.gzip(tar(Map.of("a.png", png(grey(9, 9, 1)))));
    Path torn = write("torn.tar.gz", Arrays.copyOf(tar, tar.length / 2));
    assertRefused(torn, torn + ": ends early");
    Path other = write("text.gz", IdxFormatTest.gzip("hello".getBytes(StandardCharsets.UTF_8)));
    assertRefused(other, other + ": holds neither a .tar archive nor IDX data");
  }

  private static void assertRefused(Path data, String complaint) {
    assertThatThrownBy(() -> open(data))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(complaint)
        .hasMessageNotContaining("\n");
  }

  private static Samples open(Path data) {
    return open(data, DataOptions.defaults());
  }

  private static Samples open(Path data, DataOptions options) {
    return DataSource.open(data.toString(), options, Progress.SILENT);
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static BufferedImage grey(int width, int height, int value) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    int[] values = new int[width * height];
    Arrays.fill(values, value);
    image.getRaster().setPixels(0, 0, width, height, values);
    return image;
  }

  static byte[] greyPng(int width, int height, int value) {
    try {
      return png(grey(width, height, value));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] png(BufferedImage image) throws IOException {
    return encode(image, "png");
  }

  private static byte[] encode(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }

  /** A small PNG file whose header claims a size of its own. */
  private static byte[] bomb(int width, int height) throws IOException {
    byte[] png = png(grey(1, 1, 0));
    ByteBuffer bytes = ByteBuffer.wrap(png);
    bytes.putInt(16, width).putInt(20, height);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    bytes.putInt(29, (int) crc.getValue());
    return png;
  }

  static byte[] zip(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
      }
    }
    return out.toByteArray();
  }

  static byte[] tar(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    }
    return out.toByteArray();
  }
}
