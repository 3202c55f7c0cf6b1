package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mixel.data.format.ImageFilesTest.greyPng;
import static org.mixel.data.format.NpyFormatTest.bytes;
import static org.mixel.data.format.NpyFormatTest.npy;
import static org.mixel.data.format.NpyFormatTest.pixels;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.mixel.data.StoredSamples;
import org.mixel.io.DataSource;
import org.mixel.io.Masks;

/** Arrays of every layout, labels and masks: what readers owe beside the common cases. */
class ArrayReadingTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "<f4,4,true,true", ">f4,4,true,false", "<f8,8,true,true", ">f8,8,true,false",
    "<f4,4,false,true", ">f4,4,false,false", "<f8,8,false,false", "<f2,2,true,false",
    "|u1,1,true,true", "|u1,1,false,true"
  })
  void onlyWhatLiesAsRowsIsMapped(String type, int width, boolean vectors, boolean mapped)
      throws IOException {
    String shape = vectors ? "(2, 4)" : "(2, 2, 2)";
    byte[] numbers = new byte[8 * width];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (byte) (i % 5);
    }
    Path file = Files.write(folder.resolve("x.npy"), npy(type, false, shape, numbers));
    ReadRequest request = new ReadRequest("x", DataOptions.defaults(), Progress.SILENT);
    ArrayHeader header = header(file);
    long offset = Files.size(file) - numbers.length;
    Samples whole = new ArrayRows(header, request).readFile(file, offset, Long.MAX_VALUE);
    Samples perhaps = new ArrayRows(header, request).readFile(file, offset, 1);
    assertThat(perhaps.type()).isEqualTo(whole.type());
    assertThat(perhaps.row(1)).isEqualTo(whole.row(1));
    // A mapped file changes under the reader.
    byte[] content = Files.readAllBytes(file);
    content[content.length - 1] ^= 64;
    if (width > 1) {
      content[content.length - width] ^= 64;
    }
    Files.write(file, content);
    assertThat(perhaps.row(1)[3] != whole.row(1)[3]).isEqualTo(mapped);
  }

  private static ArrayHeader header(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return NpyFormat.header(in, file.toString(), NpyFormat.Use.ROWS).header();
    }
  }

  @Test
  void croppedOrTurnedImagesAreNotMapped() throws IOException {
    byte[] numbers = new byte[2 * 2 * 2 * 3];
    numbers[3] = 9;
    Path file = Files.write(folder.resolve("x.npy"), npy("|u1", false, "(2, 2, 2, 3)", numbers));
    DataOptions cut = DataOptions.defaults().withCrop(new DataOptions.Box(1, 0, 1, 1));
    for (DataOptions options : new DataOptions[] {DataOptions.defaults(), cut}) {
      Samples samples =
          new ArrayRows(header(file), new ReadRequest("x", options, Progress.SILENT))
              .readFile(file, Files.size(file) - numbers.length, 1);
      assertThat(pixels(samples, 0)[options == cut ? 0 : 1]).isEqualTo(9);
    }
  }

  @Test
  void wideRowsAreGatheredFromColumnsInBlocks() throws IOException {
    int rows = 7;
    int dims = 3_000_000;
    byte[] numbers = new byte[rows * dims];
    for (int j = 0; j < dims; j++) {
      for (int i = 0; i < rows; i++) {
        numbers[j * rows + i] = (byte) (31 * i + 7 * j);
      }
    }
    byte[] file = npy("|u1", true, "(7, 3000000)", numbers);
    Samples samples = DataSource.open(Files.write(folder.resolve("x.npy"), file).toString());
    ByteBuffer row = ByteBuffer.allocate(dims);
    for (int i = 0; i < rows; i++) {
      samples.read(i, 1, row.clear());
      for (int j : new int[] {0, 1, 1_234_567, dims - 1}) {
        assertThat(row.get(j)).isEqualTo((byte) (31 * i + 7 * j));
      }
    }
  }

  @Test
  void partsAreOfArchivesAlone() throws IOException {
    Path file = Files.write(folder.resolve("x.npy"), npy("|u1", false, "(1, 1)", new byte[1]));
    refused(file + "#a", file + ": has no parts, so '#a' cannot be chosen");
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    byte[] picture = greyPng(2, 2, 7);
    Files.write(pictures.resolve("a.png"), picture);
    refused(pictures + "#a", pictures + ": has no parts, so '#a' cannot be chosen");
    Path zip = Files.write(folder.resolve("x.zip"), ImageFilesTest.zip(Map.of("a.png", picture)));
    refused(zip + "#a", zip + ": has no parts, so '#a' cannot be chosen");
    refused(" ", "the name of the data is empty");
    Path fake = Files.write(folder.resolve("x.bin.tar"), bytes(1, 2, 3));
    refused(
        fake.toString(),
        fake
            + ": is of no form that Mixel reads (a folder, .zip or .tar of images, .npy, .npz, IDX,"
            + " CIFAR-10's .bin, SVHN's .mat)");
  }

  @Test
  void manyRowsAreReported() throws IOException {
    Path file =
        Files.write(folder.resolve("x.npy"), npy("|u1", false, "(2500, 1)", new byte[2500]));
    long[] advanced = {0};
    Progress counting =
        new Progress() {
          @Override
          public Stage begin(String name, long steps) {
            assertThat(steps).isEqualTo(2500);
            return new Stage() {
              @Override
              public void advance(long by) {
                advanced[0] += by;
              }

              @Override
              public void note(String text) {}

              @Override
              public void close() {}
            };
          }

          @Override
          public void tell(String note) {}
        };
    assertThat(DataSource.open(file.toString(), DataOptions.defaults(), counting).rows())
        .isEqualTo(2500);
    assertThat(advanced[0]).isEqualTo(2048);
  }

  @Test
  void labelsOfNamedSetsAreOfThreeForms() throws IOException {
    Path idx = Files.write(folder.resolve("labels"), bytes(0, 0, 8, 1, 0, 0, 0, 2, 7, 9));
    assertThat(LabelFiles.readOriginal(idx, "train")).containsExactly(7, 9);
    byte[] records = new byte[3073];
    records[0] = 4;
    Path archive = folder.resolve("cifar.tar.gz");
    Files.write(
        archive, IdxFormatTest.gzip(ImageFilesTest.tar(Map.of("batches/test_batch.bin", records))));
    assertThat(LabelFiles.readOriginal(archive, "test")).containsExactly(4);
    assertThatThrownBy(() -> LabelFiles.readOriginal(archive, "train"))
        .hasMessage(archive + ": has no file data_batch_d.bin");
    Path mat = Files.write(folder.resolve("x.mat"), SeedFiles.mat().findFirst().orElseThrow());
    assertThat(LabelFiles.readOriginal(mat, "train")).containsExactly(0, 0);
  }

  @Test
  void masksOfVectorsHaveOneAxis() throws IOException {
    Samples vectors = StoredSamples.ofFloats("vectors", 3, null, new float[6]);
    Path file = Files.write(folder.resolve("mask.npy"), npy("|b1", false, "(3,)", bytes(0, 1, 0)));
    assertThat(Masks.read(file.toString(), vectors, vectors.shape()).observed(1))
        .containsExactly(true, false, true);
    Files.write(file, npy("|b1", false, "(2,)", bytes(0, 1)));
    assertThatThrownBy(() -> Masks.read(file.toString(), vectors, vectors.shape()))
        .hasMessage(
            file
                + ": the mask has the shape (2,), but vectors has 2 rows of 3 values; give one for"
                + " all rows, of shape (3,), or one for each, (2, 3)");
    ImageShape shape = new ImageShape(1, 2, 3);
    Path picture = Files.write(folder.resolve("mask.png"), greyPng(3, 3, 255));
    assertThatThrownBy(() -> MaskFiles.readPicture(picture, shape))
        .hasMessage(picture + ": 3x3, but the images are 3x2; draw the mask at their size");
  }

  @ParameterizedTest
  @CsvSource({
    "0 0 8 1,true",
    "0 0 14 8,true",
    "1 0 8 1,false",
    "0 1 8 1,false",
    "0 0 7 1,false",
    "0 0 15 1,false",
    "0 0 8 0,false",
    "0 0 8 9,false",
    "0 0 8,false"
  })
  void idxBeginsWithZerosATypeAndItsAxes(String start, boolean begins) {
    String[] numbers = start.split(" ");
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = Byte.parseByte(numbers[i]);
    }
    assertThat(IdxFormat.begins(bytes)).isEqualTo(begins);
  }

  @Test
  void halfOfAMarkIsNoGzip() throws IOException {
    Path half = Files.write(folder.resolve("half"), bytes(0x1f, 1, 2));
    assertThat(IdxFormat.isGzip(half)).isFalse();
    Path floats = Files.write(folder.resolve("floats"), bytes(0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0));
    assertThatThrownBy(() -> LabelFiles.read(floats, "rows", 1))
        .hasMessage(floats + ": holds (1,), not labels");
  }

  @Test
  void rowsOfNumbersHaveTheSizeOfImagesOrNone() throws IOException {
    Path file = Files.write(folder.resolve("x.npy"), npy("|u1", false, "(1, 12)", new byte[12]));
    for (int width : new int[] {2, 6}) {
      DataOptions options = DataOptions.defaults().withSize(new DataOptions.Size(width, 2));
      assertThat(DataSource.open(file.toString(), options, Progress.SILENT).dims()).isEqualTo(12);
    }
    for (DataOptions options :
        new DataOptions[] {
          DataOptions.defaults().withSize(new DataOptions.Size(5, 2)),
          DataOptions.defaults().withCrop(new DataOptions.Center())
        }) {
      assertThatThrownBy(() -> DataSource.open(file.toString(), options, Progress.SILENT))
          .isInstanceOf(InputException.class)
          .hasMessage(
              file
                  + ": has rows of numbers, not images, so `size` and `crop` cannot apply; leave"
                  + " them out");
    }
  }

  @Test
  void aLayoutMustFindItsChannels() throws IOException {
    Path file =
        Files.write(folder.resolve("x.npy"), npy("|u1", false, "(1, 3, 2, 2)", new byte[12]));
    DataOptions last = DataOptions.defaults().withLayout(Layout.NHWC);
    assertThatThrownBy(() -> DataSource.open(file.toString(), last, Progress.SILENT))
        .hasMessage(
            file + ": the shape (1, 3, 2, 2) has no axis of 1 or 3 channels where nhwc has it");
    Path other =
        Files.write(folder.resolve("y.npy"), npy("|u1", false, "(1, 2, 2, 3)", new byte[12]));
    DataOptions first = DataOptions.defaults().withLayout(Layout.NCHW);
    assertThatThrownBy(() -> DataSource.open(other.toString(), first, Progress.SILENT))
        .hasMessage(
            other + ": the shape (1, 2, 2, 3) has no axis of 1 or 3 channels where nchw has it");
  }

  @Test
  void wideRowsAndMatricesOfOtherFormsAreRefused() throws IOException {
    Path file =
        Files.write(
            folder.resolve("x.npy"), npy("|u1", false, "(1, 16777217)", new byte[1 << 24 | 1]));
    refused(
        file.toString(),
        file
            + ": the shape (1, 16777217) is too large: at most 2147483639 rows of 16777216 values");
  }

  @Test
  void vectorsOfDoublesAreWrittenAsSuch() throws IOException {
    double[] values = {0.1, -3, 1e300, 4};
    Path file = folder.resolve("out.npy");
    try (RowWriter writer = RowWriter.create(file, 2, 2, null, ElementType.FLOAT64)) {
      ByteBuffer row = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < 2; i++) {
        row.clear().putDouble(values[2 * i]).putDouble(values[2 * i + 1]);
        writer.write(row.array(), ElementType.FLOAT64);
      }
      writer.commit();
    }
    Samples back = DataSource.open(file.toString());
    assertThat(back.type()).isEqualTo(ElementType.FLOAT64);
    assertThat(back.row(1)).containsExactly((float) 1e300, 4f);
  }

  private static void refused(String data, String line) {
    assertThatThrownBy(() -> DataSource.open(data))
        .isInstanceOf(InputException.class)
        .hasMessage(line);
  }
}
