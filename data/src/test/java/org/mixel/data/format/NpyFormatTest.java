package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.DataOptions.Layout;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;

/**
 * Arrays laid out by hand after NumPy's format come back as the rows that NumPy would show, in CHW
 * order, and headers that lie are refused before memory is taken.
 */
class NpyFormatTest {
  @TempDir Path folder;

  @Test
  void bytesOfGreyImages() throws IOException {
    Samples samples =
        read("|u1", false, "(2, 2, 3)", bytes(0, 1, 2, 3, 4, 255, 6, 7, 8, 9, 10, 11));
    assertThat(samples.type()).isEqualTo(ElementType.UINT8);
    assertThat(samples.shape()).contains(new ImageShape(1, 2, 3));
    assertThat(samples.rows()).isEqualTo(2);
    assertThat(samples.row(0)[5]).isEqualTo(1f);
    assertThat(pixels(samples, 1)).containsExactly(6, 7, 8, 9, 10, 11);
  }

  @Test
  void channelsComeFirst() throws IOException {
    // One image of 1x2 pixels in red, green and blue: (1, 2, 3), (4, 5, 6).
    Samples samples = read("|u1", false, "(1, 2, 1, 3)", bytes(1, 2, 3, 4, 5, 6));
    assertThat(samples.shape()).contains(new ImageShape(3, 2, 1));
    assertThat(pixels(samples, 0)).containsExactly(1, 4, 2, 5, 3, 6);
    Samples first = read("|u1", false, "(1, 3, 1, 2)", bytes(1, 4, 2, 5, 3, 6));
    assertThat(first.shape()).contains(new ImageShape(3, 1, 2));
    assertThat(pixels(first, 0)).containsExactly(1, 4, 2, 5, 3, 6);
  }

  @Test
  void anAmbiguousShapeNeedsALayout() throws IOException {
    Path file = write("|u1", false, "(1, 3, 2, 3)", new byte[18]);
    assertThatThrownBy(() -> open(file, DataOptions.defaults()))
        .isInstanceOf(InputException.class)
        .hasMessage(
            file
                + ": the shape (1, 3, 2, 3) can be read in two ways; add `layout` nhwc or `layout`"
                + " nchw");
    assertThat(open(file, DataOptions.defaults().withLayout(Layout.NHWC)).shape())
        .contains(new ImageShape(3, 3, 2));
    assertThat(open(file, DataOptions.defaults().withLayout(Layout.NCHW)).shape())
        .contains(new ImageShape(3, 2, 3));
  }

  @ParameterizedTest
  @CsvSource({"<f4,4,false", ">f4,4,true", "<f8,8,false", ">f8,8,true"})
  void floatsAreTakenAsTheyAre(String descr, int width, boolean big) throws IOException {
    double[] values = {0, -1.5, 2, Double.NaN, 1e9, 0.25};
    ByteBuffer data = ByteBuffer.allocate(values.length * width);
    data.order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      if (width == 4) {
        data.putFloat((float) value);
      } else {
        data.putDouble(value);
      }
    }
    Samples samples = read(descr, false, "(2, 3)", data.array());
    assertThat(samples.type()).isEqualTo(width == 4 ? ElementType.FLOAT32 : ElementType.FLOAT64);
    assertThat(samples.shape()).isEmpty();
    assertThat(samples.row(0)).containsExactly(0f, -1.5f, 2f);
    assertThat(samples.row(1)).containsExactly(Float.NaN, 1e9f, 0.25f);
  }

  @Test
  void halfFloats() throws IOException {
    // 1, -2, the largest (65504), the smallest (2^-24), infinity, and NaN.
    int[] bits = {0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00, 0x7e00};
    ByteBuffer data = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    for (int b : bits) {
      data.putShort((short) b);
    }
    assertThat(read("<f2", false, "(1, 6)", data.array()).row(0))
        .containsExactly(1f, -2f, 65504f, 0x1p-24f, Float.POSITIVE_INFINITY, Float.NaN);
  }

  @Test
  void columnsFirst() throws IOException {
    // [[1, 2, 3], [4, 5, 6]] in Fortran order.
    Samples rows = read("|u1", true, "(2, 3)", bytes(1, 4, 2, 5, 3, 6));
    assertThat(pixels(rows, 0)).containsExactly(1, 2, 3);
    assertThat(pixels(rows, 1)).containsExactly(4, 5, 6);
    // Value of (n, y, x, c) is 100 n + 10 (2 y + x) + c.
    byte[] data = new byte[2 * 2 * 2 * 3];
    for (int n = 0; n < 2; n++) {
      for (int pixel = 0; pixel < 4; pixel++) {
        for (int c = 0; c < 3; c++) {
          data[n + 2 * (pixel / 2 + 2 * (pixel % 2 + 2 * c))] = (byte) (100 * n + 10 * pixel + c);
        }
      }
    }
    Samples images = read("|u1", true, "(2, 2, 2, 3)", data);
    assertThat(pixels(images, 1))
        .containsExactly(100, 110, 120, 130, 101, 111, 121, 131, 102, 112, 122, 132);
  }

  @Test
  void largeFilesAreMapped() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(new float[] {1, 2, 3, 4, 5, 6});
    Path file = write("<f4", false, "(3, 2)", data.array());
    ReadRequest request = new ReadRequest("name", DataOptions.defaults(), Progress.SILENT);
    long offset = Files.size(file) - 24;
    ArrayHeader header;
    try (var in = Files.newInputStream(file)) {
      header = NpyFormat.header(in, "name", NpyFormat.Use.ROWS).header();
    }
    Samples mapped = new ArrayRows(header, request).readFile(file, offset, 1);
    assertThat(mapped.row(2)).containsExactly(5, 6);
    assertThat(mapped.row(0)).containsExactly(1, 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<i8 | (1, 2) | holds int64; save it as uint8 (pixels 0 to 255) or float32",
        "b1 | (1, 2) | holds bool; save it as uint8 (pixels 0 to 255) or float32",
        "u1 | (100,) | has the shape (100,), one number per row (labels?); data has rows of values",
        "u1 | (0, 784) | holds no rows: its shape is (0, 784)",
        "u1 | (784, 0) | holds no values: its shape is (784, 0)",
        "<f4 | (5, 0, 5) | holds no values: its shape is (5, 0, 5)",
        "u1 | (2, 5, 5, 2) | the shape (2, 5, 5, 2) has no axis of 1 or 3 channels",
        "<f4 | (9000000000000000000, 3) | is damaged: its header claims the shape"
            + " (9000000000000000000, 3)",
        "<f4 | (4294967296, 4294967296, 3) | is damaged: its header claims the shape (4294967296,"
            + " 4294967296, 3)",
        "<f4 | (99999999999999999999, 3) | is damaged: its header is not one that NumPy writes",
        "<f4 | (3) | is damaged: its header is not one that NumPy writes",
        "<f4 | (03, 1) | is damaged: its header is not one that NumPy writes",
        "<f4 | (3,, 1) | is damaged: its header is not one that NumPy writes",
        "<f4 | (3, 1), 'more': (1, ) | is damaged: its header is not one that NumPy writes",
      })
  void unusableArraysAreRefusedInOneLine(String descr, String shape, String complaint)
      throws IOException {
    Path file = write(descr, false, shape, new byte[100]);
    assertThatThrownBy(() -> open(file, DataOptions.defaults()))
        .isInstanceOf(InputException.class)
        .hasMessage(file + ": " + complaint);
  }

  @Test
  void aHeaderThatClaimsMoreThanTheFileHoldsIsRefusedAtOnce() throws IOException {
    Path file = write("<f4", false, "(1000000000, 60000)", new byte[64]);
    assertThatThrownBy(() -> open(file, DataOptions.defaults()))
        .isInstanceOf(InputException.class)
        .hasMessage(
            file
                + ": its header claims (1000000000, 60000), 240000000000000 bytes, but only 64"
                + " follow; it is cut off, so get it again");
    Path longer = write("|u1", false, "(2, 3)", new byte[7]);
    assertThatThrownBy(() -> open(longer, DataOptions.defaults()))
        .hasMessage(
            longer
                + ": 7 bytes follow its header, but the shape (2, 3) needs 6; it is damaged, so get"
                + " it again");
  }

  @Test
  void aSingleNumberIsNoSet() throws IOException {
    Path file = write("<f8", false, "()", new byte[8]);
    Path zip = folder.resolve("array.npz");
    Files.write(zip, ImageFilesTest.zip(Map.of("a.npy", Files.readAllBytes(file))));
    for (String data : List.of(file.toString(), zip + "#a")) {
      assertThatThrownBy(() -> DataSource.open(data, DataOptions.defaults(), Progress.SILENT))
          .isInstanceOf(InputException.class)
          .hasMessage(data + ": has the shape (), a single number; data has rows of values");
    }
  }

  @Test
  void damagedHeaders() throws IOException {
    byte[] whole = npy("|u1", false, "(2, 3)", new byte[6]);
    assertRefused(Arrays.copyOf(whole, 9), "ends early");
    assertRefused(Arrays.copyOf(whole, 40), "ends early");
    byte[] longHeader = whole.clone();
    longHeader[6] = 2;
    longHeader[10] = (byte) 0xff;
    longHeader[11] = (byte) 0xff;
    assertRefused(longHeader, "is damaged: its header claims");
    byte[] version = whole.clone();
    version[6] = 9;
    assertRefused(version, ".npy version 9.0 is not known");
    assertRefused("hello, world".getBytes(StandardCharsets.UTF_8), "is not a .npy file");
    assertRefused(new byte[0], "is empty");
    assertRefused(
        npyHeader("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }"),
        "is not an array of plain numbers");
    assertRefused(
        npyHeader("{'descr': '<f99999999999', 'fortran_order': False, 'shape': (1, 1), }"),
        "is not an array of plain numbers");
    assertRefused(npyHeader("nonsense"), "is damaged: its header is not one that NumPy writes");
  }

  private void assertRefused(byte[] content, String complaint) throws IOException {
    Path file = folder.resolve("damaged.npy");
    Files.write(file, content);
    assertThatThrownBy(() -> open(file, DataOptions.defaults()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": " + complaint)
        .hasMessageNotContaining("\n");
  }

  private Samples read(String descr, boolean fortran, String shape, byte[] data)
      throws IOException {
    return open(write(descr, fortran, shape, data), DataOptions.defaults());
  }

  private static Samples open(Path file, DataOptions options) {
    return DataSource.open(file.toString(), options, Progress.SILENT);
  }

  private Path write(String descr, boolean fortran, String shape, byte[] data) throws IOException {
    return Files.write(folder.resolve("array.npy"), npy(descr, fortran, shape, data));
  }

  static byte[] npy(String descr, boolean fortran, String shape, byte[] data) throws IOException {
    byte[] header =
        npyHeader(
            "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }"
                .formatted(descr, fortran ? "True" : "False", shape));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(header);
    out.write(data);
    return out.toByteArray();
  }

  /** Magic, version 1.0, little-endian length, and a header padded to a multiple of 64 bytes. */
  private static byte[] npyHeader(String dictionary) throws IOException {
    int length = (10 + dictionary.length() + 1 + 63) / 64 * 64 - 10;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.write(length & 0xff);
    out.write(length >> 8);
    out.write(dictionary.getBytes(StandardCharsets.ISO_8859_1));
    out.write(" ".repeat(length - dictionary.length() - 1).getBytes(StandardCharsets.ISO_8859_1));
    out.write('\n');
    return out.toByteArray();
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static int[] pixels(Samples samples, int row) {
    ByteBuffer raw = ByteBuffer.allocate(samples.rowBytes());
    samples.read(row, 1, raw);
    int[] pixels = new int[samples.dims()];
    for (int j = 0; j < pixels.length; j++) {
      pixels[j] = raw.get(j) & 0xff;
    }
    return pixels;
  }
}
