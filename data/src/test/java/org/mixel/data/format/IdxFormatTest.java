package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mixel.data.format.NpyFormatTest.bytes;
import static org.mixel.data.format.NpyFormatTest.pixels;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;

/** IDX files, plain and packed, are read as they are, and every cut or lie is noticed. */
class IdxFormatTest {
  @TempDir Path folder;

  private static final byte[] IMAGES =
      bytes(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255);

  @Test
  void imagesPlainAndPacked() throws IOException {
    for (Path file : new Path[] {write("images", IMAGES), write("images.gz", gzip(IMAGES))}) {
      Samples samples = open(file);
      assertThat(samples.rows()).isEqualTo(2);
      assertThat(samples.shape()).contains(new ImageShape(1, 1, 3));
      assertThat(samples.name()).isEqualTo(file.toString());
      assertThat(pixels(samples, 1)).containsExactly(4, 5, 255);
    }
  }

  @Test
  void bigEndianFloats() throws IOException {
    ByteBuffer file = ByteBuffer.allocate(12 + 16);
    file.putInt(0x0d02).putInt(2).putInt(2).putFloat(1.5f).putFloat(-2).putFloat(3).putFloat(4);
    Samples samples = open(write("floats", file.array()));
    assertThat(samples.type()).isEqualTo(ElementType.FLOAT32);
    assertThat(samples.row(0)).containsExactly(1.5f, -2f);
    ByteBuffer doubles = ByteBuffer.allocate(12 + 16);
    doubles.putInt(0x0e02).putInt(2).putInt(1).putDouble(0.5).putDouble(7);
    assertThat(open(write("doubles", doubles.array())).row(1)).containsExactly(7f);
  }

  @Test
  void labelsAreReadAsLabelsOnly() throws IOException {
    Path labels = write("labels", bytes(0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 9));
    assertThat(IdxFormat.readLabels(labels, header -> {})).containsExactly(7, 0, 9);
    assertRefused(labels, "has the shape (3,), one number per row (labels?)");
    Path images = write("images", IMAGES);
    assertThatThrownBy(() -> IdxFormat.readLabels(images, header -> {}))
        .isInstanceOf(InputException.class)
        .hasMessage(images + ": holds (2, 1, 3), not labels");
  }

  @Test
  void cutsAndLies() throws IOException {
    assertRefused(write("cut", Arrays.copyOf(IMAGES, 20)), "its header claims (2, 1, 3), 6 bytes");
    assertRefused(write("head", Arrays.copyOf(IMAGES, 9)), "ends early");
    assertRefused(write("long", Arrays.copyOf(IMAGES, 30)), "14 bytes follow its header");
    byte[] packed = gzip(IMAGES);
    assertRefused(write("cut.gz", Arrays.copyOf(packed, packed.length - 12)), "ends early");
    assertRefused(write("trailer.gz", Arrays.copyOf(packed, packed.length - 4)), "ends early");
    assertRefused(write("short.gz", gzip(Arrays.copyOf(IMAGES, 20))), "ends early");
    assertRefused(
        write("long.gz", gzip(Arrays.copyOf(IMAGES, 30))),
        "is damaged, so get it again (more follows");
    byte[] flipped = packed.clone();
    flipped[packed.length - 6] ^= 1;
    assertRefused(write("flipped.gz", flipped), "is damaged");
    assertRefused(
        write("integers", bytes(0, 0, 0x0c, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0)),
        "holds integers");
    byte[] huge = bytes(0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255, 1);
    assertRefused(write("huge", huge), "is damaged: its header claims");
    assertRefused(write("huge.gz", gzip(huge)), "is damaged: its header claims");
    byte[] many = bytes(0, 0, 8, 3, 0x7f, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3);
    assertRefused(write("many.gz", gzip(many)), "ends early");
  }

  private static void assertRefused(Path file, String complaint) {
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": " + complaint)
        .hasMessageNotContaining("\n");
  }

  private static Samples open(Path file) {
    return DataSource.open(file.toString(), DataOptions.defaults(), Progress.SILENT);
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
      packed.write(content);
    }
    return out.toByteArray();
  }
}
