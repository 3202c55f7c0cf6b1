package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mixel.data.format.NpyFormatTest.pixels;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sinks;

/** SVHN's MATLAB files become CHW rows and digits, and no damage gets past the reader. */
class MatFormatTest {
  @TempDir Path folder;

  @Test
  void imagesAndLabels() throws IOException {
    Path file = write();
    Samples samples = DataSource.open(file.toString(), DataOptions.defaults(), Progress.SILENT);
    assertThat(samples.shape()).contains(new ImageShape(3, 2, 4));
    assertThat(samples.rows()).isEqualTo(3);
    int[] expected = new int[24];
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < 2; y++) {
        for (int x = 0; x < 4; x++) {
          expected[(c * 2 + y) * 4 + x] = value(y, x, c, 2);
        }
      }
    }
    assertThat(pixels(samples, 2)).containsExactly(expected);
    assertThat(MatFormat.readLabels(file)).containsExactly(1, 0, 7);
  }

  @Test
  void cutsNeverPass() throws IOException {
    byte[] whole = Files.readAllBytes(write());
    for (int length = 128; length < whole.length - 8; length += 31) {
      Path cut = Files.write(folder.resolve("cut.mat"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> read(cut))
          .as("cut at " + length)
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith(cut + ": ")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void flippedBytesAreReadOrRefusedPlainly() throws IOException {
    byte[] whole = Files.readAllBytes(write());
    Random random = new Random(5);
    for (int trial = 0; trial < 60; trial++) {
      byte[] flipped = whole.clone();
      flipped[random.nextInt(flipped.length)] = (byte) random.nextInt(256);
      Path file = Files.write(folder.resolve("flipped.mat"), flipped);
      try {
        read(file);
      } catch (InputException e) {
        assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n");
      }
    }
  }

  @Test
  void otherContent() throws IOException {
    Path text = folder.resolve("text.mat");
    Files.write(text, "hello".repeat(100).getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InputException.class)
        .hasMessage(text + ": is not a MATLAB 5 file; save it with -v7");
    Path floats = folder.resolve("floats.mat");
    save(floats, Mat5.newMatFile().addArray("X", Mat5.newMatrix(2, 3)));
    assertThatThrownBy(() -> read(floats))
        .hasMessage(floats + ": X is double of (2, 3); images are uint8 of (height, width, 3, n)");
    Path none = folder.resolve("none.mat");
    save(none, Mat5.newMatFile().addArray("Z", Mat5.newMatrix(2, 3)));
    assertThatThrownBy(() -> read(none)).hasMessage(none + ": has no array X");
  }

  @Test
  void otherShapesAreNoImages() throws IOException {
    Path file = folder.resolve("other.mat");
    save(file, bytes(2, 2, 3));
    assertThatThrownBy(() -> read(file))
        .hasMessage(file + ": X is uint8 of (2, 2, 3); images are uint8 of (height, width, 3, n)");
    save(file, bytes(2, 2, 4, 3));
    assertThatThrownBy(() -> read(file))
        .hasMessage(
            file + ": X is uint8 of (2, 2, 4, 3); images are uint8 of (height, width, 3, n)");
    save(file, Mat5.newMatFile().addArray("X", Mat5.newString("text")));
    assertThatThrownBy(() -> read(file)).hasMessageStartingWith(file + ": ");
  }

  private static MatFile bytes(int... axes) {
    return Mat5.newMatFile().addArray("X", Mat5.newMatrix(axes, MatlabType.UInt8));
  }

  @Test
  void bigEndianFilesAreRead() throws IOException {
    Matrix images = Mat5.newMatrix(new int[] {1, 2, 3, 1}, MatlabType.UInt8);
    images.setByte(new int[] {0, 1, 2, 0}, (byte) 77);
    Path file = folder.resolve("big.mat");
    try (var sink = Sinks.newStreamingFile(file.toFile()).order(ByteOrder.BIG_ENDIAN)) {
      Mat5.newMatFile().addArray("X", images).writeTo(sink);
    }
    assertThat(Files.readAllBytes(file)[126]).isEqualTo((byte) 'M');
    assertThat(pixels(read(file), 0)).containsExactly(0, 0, 0, 0, 0, 77);
  }

  @Test
  void largeArraysGoToDisk() throws IOException {
    Matrix images = Mat5.newMatrix(new int[] {1024, 1024, 3, 11}, MatlabType.UInt8);
    images.setByte(new int[] {1, 2, 1, 10}, (byte) 99);
    Path file = folder.resolve("large.mat");
    save(file, Mat5.newMatFile().addArray("X", images));
    assertThat(pixels(read(file), 10)[1024 * 1024 + 1024 + 2]).isEqualTo(99);
  }

  @Test
  void entriesOfOtherTypesAreDamage() throws IOException {
    byte[] whole = Files.readAllBytes(write());
    whole[128] = 9;
    Path file = Files.write(folder.resolve("type.mat"), whole);
    assertThatThrownBy(() -> read(file))
        .hasMessage(file + ": is damaged, so get it again (an entry of type 9)");
    Path cut = Files.write(folder.resolve("cut.mat"), Arrays.copyOf(whole, 132));
    assertThatThrownBy(() -> read(cut)).hasMessageStartingWith(cut + ": ends early");
  }

  private static Samples read(Path file) {
    return DataSource.open(file.toString(), DataOptions.defaults(), Progress.SILENT);
  }

  private static int value(int y, int x, int c, int n) {
    return 100 * y + 20 * x + 5 * c + n;
  }

  private Path write() throws IOException {
    Matrix images = Mat5.newMatrix(new int[] {2, 4, 3, 3}, MatlabType.UInt8);
    for (int n = 0; n < 3; n++) {
      for (int c = 0; c < 3; c++) {
        for (int y = 0; y < 2; y++) {
          for (int x = 0; x < 4; x++) {
            images.setByte(new int[] {y, x, c, n}, (byte) value(y, x, c, n));
          }
        }
      }
    }
    Matrix labels = Mat5.newMatrix(new int[] {3, 1}, MatlabType.UInt8);
    labels.setInt(0, 1);
    labels.setInt(1, 10);
    labels.setInt(2, 7);
    Path file = folder.resolve("digits.mat");
    save(file, Mat5.newMatFile().addArray("X", images).addArray("y", labels));
    return file;
  }

  private static void save(Path file, MatFile mat) throws IOException {
    try (var sink = Sinks.newStreamingFile(file.toFile())) {
      mat.writeTo(sink);
    }
  }
}
