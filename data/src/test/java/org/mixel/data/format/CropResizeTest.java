package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.mixel.data.format.NpyFormatTest.bytes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.data.DataOptions;
import org.mixel.data.DataOptions.Box;
import org.mixel.data.DataOptions.Center;
import org.mixel.data.DataOptions.Size;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;

/** Cropping takes the right pixels; resizing is the bicubic averaging that others use. */
class CropResizeTest {
  /**
   * Value {@code (7 x^2 + 3 y x + 11 y) mod 17} of a plane of 6x5, resized by Pillow 12.3.0: {@code
   * Image.fromarray(a, mode='F').resize((3, 2), Image.BICUBIC)}.
   */
  private static final float[] SMALL = {
    5.58299f, 10.37901f, 10.49148f, 11.39386f, 7.58806f, 7.54518f
  };

  /** The first and the last line of the same plane resized to 8x7. */
  private static final float[] LARGE_FIRST = {
    -1.04905f, 3.98926f, 9.03332f, 11.26722f, 11.88615f, 10.81758f, 7.56645f, 4.20540f
  };

  private static final float[] LARGE_LAST = {
    9.53688f, 11.07142f, 11.86734f, 10.69268f, 7.86436f, 1.36748f, 1.48884f, 6.90878f
  };

  private static float[] plane() {
    float[] plane = new float[30];
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 6; x++) {
        plane[y * 6 + x] = (7 * x * x + 3 * y * x + 11 * y) % 17;
      }
    }
    return plane;
  }

  @Test
  void resizingAgreesWithPillow() {
    assertThat(cropResize(1, 5, 6, size(3, 2)).apply(plane()))
        .containsExactly(SMALL, within(1e-4f));
    float[] large = cropResize(1, 5, 6, size(8, 7)).apply(plane());
    assertThat(Arrays.copyOf(large, 8)).containsExactly(LARGE_FIRST, within(1e-4f));
    assertThat(Arrays.copyOfRange(large, 48, 56)).containsExactly(LARGE_LAST, within(1e-4f));
  }

  @Test
  void bytesAreRoundedAndClamped() {
    byte[] plane = new byte[30];
    float[] values = plane();
    for (int j = 0; j < plane.length; j++) {
      plane[j] = (byte) values[j];
    }
    assertThat(cropResize(1, 5, 6, size(3, 2)).apply(plane)).isEqualTo(bytes(6, 10, 10, 11, 8, 8));
    assertThat(cropResize(1, 5, 6, size(8, 7)).apply(plane)).startsWith(0, 4, 9, 11);
  }

  @Test
  void channelsAreResizedApart() {
    byte[] image = new byte[3 * 16];
    Arrays.fill(image, 16, 32, (byte) 100);
    Arrays.fill(image, 32, 48, (byte) 200);
    byte[] small = cropResize(3, 4, 4, size(1, 2)).apply(image);
    assertThat(small).isEqualTo(bytes(0, 0, 100, 100, 200, 200));
  }

  @Test
  void cropsAreCutBeforeResizing() {
    byte[] image = bytes(0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23);
    DataOptions box = DataOptions.defaults().withCrop(new Box(1, 1, 2, 2));
    assertThat(cropResize(1, 3, 4, box).apply(image)).isEqualTo(bytes(11, 12, 21, 22));
    assertThat(cropResize(1, 3, 4, box.withSize(new Size(1, 1))).shape())
        .isEqualTo(new ImageShape(1, 1, 1));
    float[] values = {0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23};
    assertThat(cropResize(1, 3, 4, box).apply(values)).containsExactly(11, 12, 21, 22);
    byte[] twice = new byte[36];
    System.arraycopy(image, 0, twice, 12, 12);
    assertThat(cropResize(3, 3, 4, box).apply(twice))
        .isEqualTo(bytes(0, 0, 0, 0, 11, 12, 21, 22, 0, 0, 0, 0));
  }

  @Test
  void theMiddleHasTheProportionsOfTheSize() {
    DataOptions center = DataOptions.defaults().withCrop(new Center());
    byte[] image = bytes(0, 1, 2, 3, 10, 11, 12, 13);
    assertThat(cropResize(1, 2, 4, center).apply(image)).isEqualTo(bytes(1, 2, 11, 12));
    // Of 4x2, the middle for a size of 1x2 is one column: at (4 - 1) / 2.
    CropResize tall = cropResize(1, 2, 4, center.withSize(new Size(1, 2)));
    assertThat(tall.apply(image)).isEqualTo(bytes(1, 11));
    CropResize wide = cropResize(1, 2, 4, center.withSize(new Size(4, 1)));
    assertThat(wide.apply(image)).isEqualTo(bytes(0, 1, 2, 3));
  }

  @Test
  void imagesOfTheSizeThatIsWantedAreLeftAlone() {
    DataOptions box = DataOptions.defaults().withCrop(new Box(1, 1, 2, 2));
    byte[] image = bytes(1, 2, 3, 4);
    // The rectangle would not even lie within them.
    CropResize small = cropResize(1, 2, 2, box);
    assertThat(small.leavesAlone()).isTrue();
    assertThat(small.apply(image)).isEqualTo(image);
    DataOptions resized = box.withSize(new Size(4, 3));
    CropResize wanted = cropResize(3, 3, 4, resized);
    assertThat(wanted.leavesAlone()).isTrue();
    assertThat(wanted.shape()).isEqualTo(new ImageShape(3, 3, 4));
    assertThat(wanted.isIdentity()).isTrue();
    assertThat(cropResize(1, 3, 3, resized).leavesAlone()).isFalse();
    DataOptions whole = DataOptions.defaults().withCrop(new Box(0, 0, 2, 2));
    assertThat(cropResize(1, 2, 2, whole).leavesAlone()).isFalse();
    assertThat(cropResize(1, 2, 2, size(2, 2)).leavesAlone()).isFalse();
    DataOptions center = DataOptions.defaults().withCrop(new Center());
    assertThat(cropResize(1, 2, 4, center).apply(bytes(0, 1, 2, 3, 4, 5, 6, 7)))
        .isEqualTo(bytes(1, 2, 5, 6));
    // As many pixels as a grey image may have, but more than a coloured one.
    DataOptions large = DataOptions.defaults().withCrop(new Box(0, 0, 4000, 4000));
    assertThat(cropResize(1, 4001, 4000, large).shape()).isEqualTo(new ImageShape(1, 4000, 4000));
  }

  @Test
  void setsTellThatTheyAreLeftAlone(@TempDir Path folder) throws IOException {
    DataOptions crop = DataOptions.defaults().withCrop(new Box(0, 1, 2, 2));
    Notes notes = new Notes();
    Path array = folder.resolve("samples.npy");
    Files.write(array, NpyFormatTest.npy("|u1", false, "(1, 2, 2)", bytes(1, 2, 3, 4)));
    Samples samples = DataSource.open(array.toString(), crop, notes);
    assertThat(NpyFormatTest.pixels(samples, 0)).containsExactly(1, 2, 3, 4);
    Files.write(array, NpyFormatTest.npy("|u1", false, "(1, 12)", new byte[12]));
    assertThat(DataSource.open(array.toString(), crop, notes).dims()).isEqualTo(12);
    Path images = Files.createDirectory(folder.resolve("images"));
    Files.write(images.resolve("1.png"), ImageFilesTest.greyPng(2, 2, 9));
    Files.write(images.resolve("2.png"), ImageFilesTest.greyPng(3, 3, 9));
    assertThat(DataSource.open(images.toString(), crop, notes).rows()).isEqualTo(2);
    assertThat(notes.told())
        .containsExactly(
            array + ": 2x2 already, so `crop` 0,1,2,2 is not applied",
            array + ": rows of 12 numbers, as many as images of 2x2 have, are taken as they are",
            images + ": 1 of its images: 2x2 already, so `crop` 0,1,2,2 is not applied");
    Files.write(array, NpyFormatTest.npy("|u1", false, "(1, 11)", new byte[11]));
    assertThatThrownBy(() -> DataSource.open(array.toString(), crop, notes))
        .hasMessageContaining("has rows of numbers, not images, so `size` and `crop` cannot");
  }

  private static DataOptions size(int width, int height) {
    return DataOptions.defaults().withSize(new Size(width, height));
  }

  private static CropResize cropResize(int channels, int height, int width, DataOptions options) {
    return CropResize.of(channels, height, width, options, "file");
  }
}
