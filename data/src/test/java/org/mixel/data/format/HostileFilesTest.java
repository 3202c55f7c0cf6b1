package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mixel.data.format.ImageFilesTest.greyPng;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.io.DataSource;
import org.mixel.io.Masks;

/** Files that were made to do harm: what fuzzing found, bombs, and paths that lead elsewhere. */
class HostileFilesTest {
  @TempDir Path folder;

  @Test
  void whatAFileHoldsCannotBreakTheLineOfAMessage() throws IOException {
    Path file = write("x.npz", ImageFilesTest.zip(Map.of("a\n\u001b[31mb.npy", new byte[4])));
    assertThatThrownBy(() -> DataSource.open(file.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + "#a  [31mb: ");
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.SECONDS)
  void aWebpThatClaimsManyCodesEndsWithItsBytes() throws IOException {
    byte[] content =
        Base64.getDecoder().decode("UklGRiIAAABXRUJQVlA4TBYAAAAvgUAAALwPcAqoK/gqwmP+gwcViOh/AA==");
    Path file = write("x.webp", content);
    assertThatThrownBy(() -> DataSource.open(file.toString()))
        .hasMessage(file + ": is a damaged image; remove it or get it again");
  }

  @Test
  void aPictureIsRefusedForItsSizeBeforeItIsDecoded() throws IOException {
    byte[] claims = ByteBuffer.wrap(greyPng(1, 1, 0)).putInt(16, 8000).putInt(20, 8000).array();
    Path file = write("x.png", claims);
    assertThatThrownBy(() -> DataSource.open(file.toString()))
        .hasMessage(
            "%s: claims 8000x8000 pixels, more than its %d bytes can hold; get it again"
                .formatted(file, claims.length));
    Samples rows = StoredSamples.ofBytes("rows", new ImageShape(1, 2, 2), new byte[8]);
    assertThatThrownBy(() -> Masks.read(file.toString(), rows, rows.shape()))
        .hasMessage(file + ": 8000x8000, but the images are 2x2; draw the mask at their size");
  }

  @Test
  void aMemberThatUnpacksToMoreThanAnImageIsRefused() throws IOException {
    Path file = folder.resolve("bomb.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("a.png"));
      byte[] block = new byte[1 << 20];
      for (int i = 0; i < 257; i++) {
        zip.write(block);
      }
    }
    assertThat(Files.size(file)).isLessThan(1 << 19);
    assertThatThrownBy(() -> DataSource.open(file.toString()))
        .hasMessage(file + "/a.png: is larger than 256 MiB, too large for an image");
  }

  @Test
  void labelsThatUnpackToMoreThanThereAreRowsAreNotUnpacked() throws IOException {
    Path file = folder.resolve("labels.gz");
    try (GZIPOutputStream packed = new GZIPOutputStream(Files.newOutputStream(file))) {
      packed.write(new byte[] {0, 0, 8, 1, 0, 0, 0, 2});
      byte[] block = new byte[1 << 20];
      for (int i = 0; i < 300; i++) {
        packed.write(block);
      }
    }
    assertThatThrownBy(() -> LabelFiles.read(file, "rows", 2))
        .hasMessageStartingWith(file + ": 3 bytes follow its header, but the shape (2,) needs 2");
  }

  @Test
  void pathsOfAnArchiveLeadNowhere() throws IOException {
    byte[] picture = greyPng(2, 2, 7);
    Map<String, byte[]> away = Map.of("../../away.png", picture, "/tmp/away.png", picture);
    Path zip = write("deep/er/x.zip", ImageFilesTest.zip(away));
    // A path with .. is taken for a hidden one.
    assertThat(DataSource.open(zip.toString()).rows()).isEqualTo(1);
    assertThat(folder.resolve("away.png")).doesNotExist();

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      TarArchiveEntry link = new TarArchiveEntry("a.png", TarConstants.LF_SYMLINK);
      link.setLinkName(write("outside.png", picture).toString());
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
    }
    Path links = write("links.tar", out.toByteArray());
    assertThatThrownBy(() -> DataSource.open(links.toString()))
        .hasMessageStartingWith(links + ": holds no images")
        .hasMessageEndingWith("1 file left out (1 .png)");
  }

  @Test
  void aLongHeaderIsReadOnce() throws IOException {
    StringBuilder text = new StringBuilder("{'descr': ");
    text.append(" ".repeat(1 << 19)).append("[".repeat(1 << 18)).append("(1,");
    text.append("1,".repeat(1 << 17)).append("), }");
    byte[] header = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    Path file =
        write(
            "long.npy",
            ByteBuffer.allocate(12 + header.length)
                .put(NpyFormat.MAGIC)
                .put(new byte[] {2, 0})
                .putInt(Integer.reverseBytes(header.length))
                .put(header)
                .array());
    assertThatThrownBy(() -> DataSource.open(file.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": is damaged");
  }

  private Path write(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }
}
