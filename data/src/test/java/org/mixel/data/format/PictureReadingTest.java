package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mixel.data.format.ImageFilesTest.greyPng;
import static org.mixel.data.format.NpyFormatTest.npy;
import static org.mixel.data.format.NpyFormatTest.pixels;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;

/** Pictures in folders and archives: what readers owe beside the common cases. */
class PictureReadingTest {
  @TempDir Path folder;

  @Test
  void wrongChecksumsAreNoticed() throws IOException {
    Path zip = Files.write(folder.resolve("x.zip"), stored("a.png", greyPng(2, 2, 7)));
    assertThat(DataSource.open(zip.toString()).rows()).isEqualTo(1);
    Files.write(zip, spoiled(stored("a.png", greyPng(2, 2, 7)), 45));
    refused(zip.toString(), zip + "/a.png: is damaged, so get it again (wrong checksum)");
    byte[] array = npy("|u1", false, "(1, 1)", new byte[1]);
    Path npz = Files.write(folder.resolve("x.npz"), stored("a.npy", array));
    assertThat(DataSource.open(npz.toString()).rows()).isEqualTo(1);
    byte[] content = stored("a.npy", array);
    Files.write(npz, spoiled(content, 30 + "a.npy".length() + array.length - 1));
    refused(npz.toString(), npz + "#a: is damaged, so get it again (wrong checksum)");
  }

  private static byte[] spoiled(byte[] content, int at) {
    content[at] ^= 1;
    return content;
  }

  /** An archive whose member is not packed. */
  private static byte[] stored(String name, byte[] member) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      ZipEntry entry = new ZipEntry(name);
      CRC32 crc = new CRC32();
      crc.update(member);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(member.length);
      entry.setCrc(crc.getValue());
      zip.putNextEntry(entry);
      zip.write(member);
    }
    return out.toByteArray();
  }

  @Test
  void foldersAndLinksOfAnArchiveAreNoImages() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] picture = greyPng(2, 2, 7);
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      tar.putArchiveEntry(new TarArchiveEntry("deep.png/"));
      tar.closeArchiveEntry();
      TarArchiveEntry link = new TarArchiveEntry("b.png", TarConstants.LF_LINK);
      link.setLinkName("deep.png/a.png");
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
      TarArchiveEntry file = new TarArchiveEntry("deep.png/a.png");
      file.setSize(picture.length);
      tar.putArchiveEntry(file);
      tar.write(picture);
      tar.closeArchiveEntry();
    }
    Path tar = Files.write(folder.resolve("x.tar"), out.toByteArray());
    assertThat(DataSource.open(tar.toString()).rows()).isEqualTo(1);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("deep.png/", new byte[0]);
    files.put("deep.png/a.png", picture);
    files.put("other/b.png", picture);
    Path zip = Files.write(folder.resolve("x.zip"), ImageFilesTest.zip(files));
    assertThat(DataSource.open(zip.toString()).rows()).isEqualTo(2);
    ReadRequest request = new ReadRequest("x", DataOptions.defaults(), Progress.SILENT);
    assertThat(DataFormats.readZip(zip, name -> name.startsWith("other/"), request).rows())
        .isEqualTo(1);
  }

  @Test
  void manyImagesKeepTheirOrder() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 99; i >= 0; i--) {
      files.put("%02d.png".formatted(i), greyPng(2, 2, i));
    }
    Path tar = Files.write(folder.resolve("x.tar"), ImageFilesTest.tar(files));
    Samples samples = DataSource.open(tar.toString());
    for (int i = 0; i < 100; i++) {
      assertThat(pixels(samples, i)).containsOnly(i);
    }
  }

  @Test
  void heightsMustAgreeToo() throws IOException {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    Files.write(pictures.resolve("a.png"), greyPng(4, 4, 1));
    Path other = Files.write(pictures.resolve("b.png"), greyPng(4, 5, 1));
    refused(pictures.toString(), other + ": 4x5, but the data set is 4x4; add `size` 4x4");
  }

  @Test
  void imagesOfTheSizeAreLeftAloneAmongOthers() throws IOException {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    Files.write(pictures.resolve("a.png"), greyPng(2, 2, 1));
    Files.write(pictures.resolve("b.png"), greyPng(4, 4, 1));
    Notes notes = new Notes();
    DataOptions options = DataOptions.defaults().withCrop(new DataOptions.Box(1, 1, 2, 2));
    assertThat(DataSource.open(pictures.toString(), options, notes).rows()).isEqualTo(2);
    assertThat(notes.told())
        .containsExactly(
            pictures + ": 1 of its images: 2x2 already, so `crop` 1,1,2,2 is not applied");
  }

  @Test
  void allMayBeLeftAlone() throws IOException {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    Files.write(pictures.resolve("a.png"), greyPng(2, 2, 1));
    Notes notes = new Notes();
    DataOptions options = DataOptions.defaults().withCrop(new DataOptions.Box(1, 1, 2, 2));
    assertThat(DataSource.open(pictures.toString(), options, notes).rows()).isEqualTo(1);
    assertThat(notes.told())
        .containsExactly(pictures + ": 2x2 already, so `crop` 1,1,2,2 is not applied");
  }

  @Test
  void aCropMustLieWithinTheHeightToo() throws IOException {
    Path file = Files.write(folder.resolve("a.png"), greyPng(4, 4, 1));
    DataOptions options = DataOptions.defaults().withCrop(new DataOptions.Box(0, 2, 2, 3));
    assertThatThrownBy(() -> DataSource.open(file.toString(), options, Progress.SILENT))
        .hasMessage(file + ": 4x4, so the crop 0,2,2,3 does not lie within it");
  }

  private static void refused(String data, String line) {
    assertThatThrownBy(() -> DataSource.open(data))
        .isInstanceOf(InputException.class)
        .hasMessage(line);
  }
}
