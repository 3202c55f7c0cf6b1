package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;

/** An archive is whole up to its end mark, whatever follows; cut anywhere before, it is refused. */
class TarMembersTest {
  private static final int BLOCK = 512;
  private static final int END = 2 * BLOCK;

  @TempDir private Path folder;
  private final Map<String, byte[]> files = new LinkedHashMap<>();

  @BeforeEach
  void makeFiles() {
    byte[] grey = {'P', 0};
    files.put("set/notes.bin", Arrays.copyOf(grey, 4 * BLOCK));
    files.put("set/a.png", ImageFilesTest.greyPng(4, 4, 10));
    files.put("set/" + "long-name/".repeat(15) + "b.png", ImageFilesTest.greyPng(4, 4, 20));
    files.put("set/c.png", ImageFilesTest.greyPng(4, 4, 30));
    files.put("set/zeros.dat", new byte[6 * BLOCK]);
  }

  private static byte[] tar(Map<String, byte[]> files, int longNames, int block)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out, block)) {
      tar.setLongFileMode(longNames);
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

  /** Long names are members of their own kind before the one that they name. */
  @ParameterizedTest
  @ValueSource(ints = {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX})
  void cutAtAnyBlockItIsRefused(int longNames) throws IOException {
    byte[] whole = tar(files, longNames, BLOCK);
    assertThat(open("whole.tar", whole).rows()).isEqualTo(3);
    for (int length = BLOCK; length < whole.length; length += BLOCK) {
      assertCut(Arrays.copyOf(whole, length));
      assertCut(Arrays.copyOf(whole, length - 100));
      assertCut(Arrays.copyOf(whole, length + 100));
    }
  }

  private void assertCut(byte[] content) {
    assertThatThrownBy(() -> open("cut.tar", content))
        .as("%d bytes", content.length)
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(folder.resolve("cut.tar").toString())
        .hasMessageContaining("get it again")
        .hasMessageNotContaining("\n");
  }

  @Test
  void cutBehindAMemberItLacksItsMark() throws IOException {
    byte[] whole = tar(files, TarArchiveOutputStream.LONGFILE_GNU, BLOCK);
    assertThatThrownBy(() -> open("cut.tar", Arrays.copyOf(whole, whole.length - END)))
        .hasMessage(
            folder.resolve("cut.tar")
                + ": ends early; it is cut off, so get it again (no end mark)");
  }

  @Test
  void paddingBehindTheMarkIsNoDamage() throws IOException {
    byte[] whole = tar(files, TarArchiveOutputStream.LONGFILE_GNU, BLOCK);
    assertThat(open("exact.tar", whole).rows()).isEqualTo(3);
    assertThat(open("zeros.tar", Arrays.copyOf(whole, whole.length + 10240)).rows()).isEqualTo(3);
    assertThat(open("odd.tar", Arrays.copyOf(whole, whole.length + 77)).rows()).isEqualTo(3);
    byte[] other = Arrays.copyOf(whole, whole.length + 3 * BLOCK);
    Arrays.fill(other, whole.length, other.length, (byte) 7);
    assertThat(open("other.tar", other).rows()).isEqualTo(3);
    byte[] padded = tar(files, TarArchiveOutputStream.LONGFILE_GNU, 20 * BLOCK);
    assertThat(open("padded.tar", padded).rows()).isEqualTo(3);
    assertThat(open("padded.tar.gz", IdxFormatTest.gzip(padded)).rows()).isEqualTo(3);
  }

  @Test
  void aPackedArchiveIsReadToItsChecksum() throws IOException {
    byte[] whole = tar(files, TarArchiveOutputStream.LONGFILE_GNU, 20 * BLOCK);
    byte[] packed = IdxFormatTest.gzip(whole);
    packed[packed.length - 6] ^= 1;
    assertThatThrownBy(() -> open("wrong.tar.gz", packed))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("get it again");
    byte[] cut = IdxFormatTest.gzip(Arrays.copyOf(whole, whole.length - 20 * BLOCK));
    assertThatThrownBy(() -> open("cut.tar.gz", cut)).isInstanceOf(InputException.class);
  }

  @Test
  void recordsNeedTheirMarkToo() throws IOException {
    Map<String, byte[]> records = new LinkedHashMap<>();
    records.put("cifar/data_batch_1.bin", new byte[3073 * 2]);
    records.put("cifar/readme.html", "<p>".getBytes(StandardCharsets.UTF_8));
    byte[] whole = tar(records, TarArchiveOutputStream.LONGFILE_GNU, BLOCK);
    assertThat(open("cifar.tar", whole).rows()).isEqualTo(2);
    assertThatThrownBy(() -> open("cifar.tar", Arrays.copyOf(whole, whole.length - END)))
        .hasMessageContaining("no end mark");
  }

  private Samples open(String name, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve(name), content);
    return DataSource.open(file.toString(), DataOptions.defaults(), Progress.SILENT);
  }
}
