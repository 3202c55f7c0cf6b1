package org.mixel.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.Progress;

/**
 * Labels are those of the file, whatever the width of its integers, one for every row; other files
 * are refused in one line before memory is taken.
 */
class LabelsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"|u1", "|i1", "<u2", ">i2", "<u4", ">u4", "<i4", "<u8", ">i8", "<i8"})
  void integersOfEveryWidth(String type) throws IOException {
    int highest = type.endsWith("1") ? 127 : 999;
    byte[] numbers = integers(type, "0", Integer.toString(highest), "7");
    assertThat(read(npy(type, "(3,)", numbers), 3)).containsExactly(0, highest, 7);
    assertThat(read(npy(type, "(3, 1)", numbers), 3)).containsExactly(0, highest, 7);
  }

  @Test
  void bytesAreUnsigned() throws IOException {
    assertThat(read(npy("|u1", "(2,)", integers("|u1", "200", "255")), 2))
        .containsExactly(200, 255);
  }

  @Test
  void idxPlainAndPacked() throws IOException {
    byte[] labels = {0, 0, 8, 1, 0, 0, 0, 3, 7, 0, (byte) 200};
    assertThat(read(labels, 3)).containsExactly(7, 0, 200);
    assertThat(read(gzip(labels), 3)).containsExactly(7, 0, 200);
  }

  @ParameterizedTest
  @CsvSource({
    "<i2,1000,1000",
    "<i8,-1,-1",
    "|i1,-128,-128",
    "<u2,65535,65535",
    ">u4,4294967295,4294967295",
    "<u8,18446744073709551615,18446744073709551615",
    "<i8,4294967296,4294967296",
  })
  void numbersOutOfRangeAreRefused(String type, String number, String shown) throws IOException {
    assertRefused(
        npy(type, "(3,)", integers(type, "0", number, "1")),
        3,
        "the label of row 1 (counted from 0) is " + shown + "; number the classes from 0 to 999");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<f4 | (4,) | holds float32; save labels as integers, such as int64",
        "b1 | (4,) | holds bool; save labels as integers, such as int64",
        "<i8 | (2, 2) | has the shape (2, 2); labels are one number for each row: save them as (n,)",
        "<i8 | () | has the shape (); labels are one number for each row",
        "<i8 | (1, 4) | has the shape (1, 4); labels are one number for each row",
        "<i8 | (0,) | holds no rows: its shape is (0,)",
        "<i8 | (5,) | holds 5 labels, but images has 4 rows; give the label of every row",
        "<i8 | (4,) | its header claims (4,), 32 bytes, but only 5 follow",
        "u1 | (4,) | 5 bytes follow its header, but the shape (4,) needs 4",
        "<i8 | (1000000000000,) | holds 1000000000000 labels, but images has 4 rows",
        "<i8 | (9000000000000000000, 1) | is damaged: its header claims the shape",
        "<i99999999999 | (4,) | is not an array of plain numbers",
      })
  void otherArraysAreRefused(String type, String shape, String complaint) throws IOException {
    assertRefused(npy(type, shape, new byte[5]), 4, complaint);
  }

  /** Both claim as many labels as there are rows, which no memory could hold. */
  @Test
  void aClaimAloneTakesNoMemory() throws IOException {
    assertRefused(
        npy("<i8", "(2147483647,)", new byte[8]),
        Integer.MAX_VALUE,
        "its header claims (2147483647,), 17179869176 bytes, but only 8 follow");
    byte[] idx = {0, 0, 8, 1, 127, -1, -1, -1, 1, 2, 3};
    assertRefused(idx, Integer.MAX_VALUE, "its header claims (2147483647,)");
    assertRefused(gzip(idx), 3, "holds 2147483647 labels, but images has 3 rows");
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    assertRefused(new byte[0], 4, "is empty");
    assertRefused(
        "cat\ndog\n".getBytes(StandardCharsets.UTF_8), 2, "is neither an IDX file nor .npy; save");
    assertRefused(gzip(new byte[] {1, 2, 3, 4}), 2, "is not an IDX file");
    assertRefused(new byte[] {0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5}, 1, "holds (1, 1), not");
    byte[] labels = {0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 9};
    assertRefused(labels, 4, "holds 3 labels, but images has 4 rows; give the label of every row");
    assertRefused(Arrays.copyOf(labels, 10), 3, "its header claims (3,), 3 bytes, but only 2");
    assertRefused(Arrays.copyOf(labels, 12), 3, "4 bytes follow its header");
    byte[] packed = gzip(labels);
    assertRefused(Arrays.copyOf(packed, packed.length - 4), 3, "ends early");
    byte[] same = npy("|u1", "(3,)", new byte[] {4, 4, 4});
    assertRefused(same, 3, "the label of every row is 4; give rows of two or more classes");
    Path none = folder.resolve("none.npy");
    assertThatThrownBy(() -> Labels.of("images", none, 3, Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessage(none + ": no such file");
    assertThatThrownBy(() -> Labels.of("images", folder, 3, Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(folder + ": ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void withoutAFileOnlyNamedSetsHaveLabels() throws IOException {
    assertThatThrownBy(() -> Labels.of("photos/", null, 3, Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "photos/: the classes of its rows are not known; give `labels` FILE, an IDX file or a"
                + " .npy of integers");
    assertThatThrownBy(() -> Labels.of("mnist:tset", null, 3, Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessage("mnist has the parts train and test, not 'tset'");
    assertThatThrownBy(() -> Labels.requireCount("mnist", new int[] {1, 2}, 3))
        .isInstanceOf(InputException.class)
        .hasMessage("mnist: has 2 labels for 3 rows; give those of every row with `labels` FILE");
    Path file = write(npy("|u1", "(2,)", new byte[] {3, 5}));
    assertThat(Labels.of("mnist", file, 2, Progress.SILENT)).containsExactly(3, 5);
  }

  private int[] read(byte[] content, int rows) throws IOException {
    return Labels.of("images", write(content), rows, Progress.SILENT);
  }

  private void assertRefused(byte[] content, int rows, String complaint) throws IOException {
    Path file = write(content);
    assertThatThrownBy(() -> Labels.of("images", file, rows, Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": " + complaint)
        .hasMessageNotContaining("\n");
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(folder.resolve("labels"), content);
  }

  /** The numbers as the type stores them. */
  private static byte[] integers(String type, String... numbers) {
    int width = type.charAt(2) - '0';
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * width);
    bytes.order(type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (String number : numbers) {
      long value = new BigInteger(number).longValue();
      switch (width) {
        case 1 -> bytes.put((byte) value);
        case 2 -> bytes.putShort((short) value);
        case 4 -> bytes.putInt((int) value);
        default -> bytes.putLong(value);
      }
    }
    return bytes.array();
  }

  private static byte[] npy(String type, String shape, byte[] data) {
    String header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(type, shape);
    header = header + " ".repeat(117 - header.length()) + "\n";
    byte[] start = ("\u0093NUMPY\u0001\0v\0" + header).getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(start.length + data.length).put(start).put(data).array();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
      packed.write(content);
    }
    return out.toByteArray();
  }
}
