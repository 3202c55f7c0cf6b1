package org.mixel.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/** Every pixel of an image lands where it belongs, in the colour its value means. */
class MosaicTest {
  private static final ImageShape GREY = new ImageShape(1, 2, 3);
  private static final Mosaic.Options TWO = Mosaic.Options.defaults().withColumns(2);

  @Test
  void imagesStandRowByRowBetweenGutters() {
    Tile dark = Tile.of(new float[6]);
    Tile bright = Tile.of(new float[] {1, 1, 1, 1, 1, 1});
    BufferedImage image = Mosaic.of(GREY, List.of(dark, bright, bright), TWO).image();

    assertThat(image.getWidth()).isEqualTo(2 + 3 + 2 + 3 + 2);
    assertThat(image.getHeight()).isEqualTo(2 + 2 + 2 + 2 + 2);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        boolean first = x >= 2 && x < 5;
        boolean second = x >= 7 && x < 10;
        boolean above = y >= 2 && y < 4;
        boolean below = y >= 6 && y < 8;
        int expected =
            first && above
                ? 0x000000
                : (second && above) || (first && below) ? 0xffffff : Mosaic.BACKGROUND;
        assertThat(rgb(image, x, y)).as("pixel %d,%d", x, y).isEqualTo(expected);
      }
    }
  }

  @Test
  void valuesAreClampedRoundedAndNaNHasAColourOfItsOwn() {
    float[] values = {-3, 0.5f, 2, Float.NaN, Float.POSITIVE_INFINITY, 0.2f};
    BufferedImage image = Mosaic.of(GREY, List.of(Tile.of(values)), TWO).image();
    assertThat(rgb(image, 2, 2)).isEqualTo(0x000000);
    assertThat(rgb(image, 3, 2)).isEqualTo(0x808080);
    assertThat(rgb(image, 4, 2)).isEqualTo(0xffffff);
    assertThat(rgb(image, 2, 3)).isEqualTo(Mosaic.NOT_A_NUMBER);
    assertThat(rgb(image, 3, 3)).isEqualTo(0xffffff);
    assertThat(rgb(image, 4, 3)).isEqualTo(0x333333);
  }

  @Test
  void channelsAreRedGreenBlueInThatOrder() {
    ImageShape shape = new ImageShape(3, 1, 2);
    float[] values = {1, 0, 0.2f, 1, 0, 0.4f};
    BufferedImage image = Mosaic.of(shape, List.of(Tile.of(values)), TWO).image();
    assertThat(rgb(image, 2, 2)).isEqualTo(0xff3300);
    assertThat(rgb(image, 3, 2)).isEqualTo(0x00ff66);
  }

  @Test
  void onlyLargePicturesOfColourImagesAreJpegInPages() throws IOException {
    for (int channels : new int[] {1, 3}) {
      ImageShape shape = new ImageShape(channels, 64, 64);
      Random random = new Random(1);
      List<Tile> noise = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        float[] values = new float[shape.dims()];
        for (int j = 0; j < values.length; j++) {
          values[j] = random.nextFloat();
        }
        noise.add(Tile.of(values));
      }
      Mosaic small = Mosaic.of(shape, noise.subList(0, 1), TWO);
      Mosaic large = Mosaic.of(shape, noise, TWO);
      assertThat(small.dataUri().substring(0, 16)).isEqualTo("data:image/png;b");
      assertThat(large.dataUri().substring(0, 16))
          .isEqualTo(channels == 1 ? "data:image/png;b" : "data:image/jpeg;");
      assertThat(large.dataUri().equals(large.dataUri())).as("the same bytes").isTrue();
      assertThat(large.png()).startsWith(0x89, 'P', 'N', 'G');
      if (channels == 3) {
        byte[] jpeg = Base64.getDecoder().decode(large.dataUri().split(",", 2)[1]);
        assertThat(ImageIO.read(new ByteArrayInputStream(jpeg)).getWidth())
            .isEqualTo((int) large.width());
        assertThat(jpeg.length).isLessThan(large.png().length / 2);
      }
    }
  }

  @Test
  void scalingRepeatsPixels() {
    Mosaic.Options options = TWO.withColumns(1).withScale(3);
    BufferedImage image =
        Mosaic.of(GREY, List.of(Tile.of(new float[] {0, 1, 0, 0, 0, 1})), options).image();
    assertThat(image.getWidth()).isEqualTo(2 + 9 + 2);
    assertThat(image.getHeight()).isEqualTo(2 + 6 + 2);
    for (int y = 2; y < 8; y++) {
      for (int x = 2; x < 11; x++) {
        boolean bright = (y < 5 && x >= 5 && x < 8) || (y >= 5 && x >= 8);
        assertThat(rgb(image, x, y)).isEqualTo(bright ? 0xffffff : 0);
      }
    }
  }

  @Test
  void aFrameFillsTheGutterAroundItsTileAlone() {
    Tile plain = Tile.of(new float[6]);
    BufferedImage image =
        Mosaic.of(GREY, List.of(plain, plain.framed(Tile.RED), plain), TWO.withColumns(3)).image();
    assertThat(rgb(image, 4, 2)).isZero();
    assertThat(rgb(image, 5, 2)).isEqualTo(Tile.RED);
    assertThat(rgb(image, 6, 0)).isEqualTo(Tile.RED);
    assertThat(rgb(image, 7, 2)).isZero();
    assertThat(rgb(image, 11, 5)).isEqualTo(Tile.RED);
    assertThat(rgb(image, 12, 2)).isZero();
    assertThat(rgb(image, 0, 0)).isEqualTo(Mosaic.BACKGROUND);
  }

  @Test
  void hiddenPixelsDoNotShowWhatTheyHide() {
    boolean[] hidden = {false, true, true, false, true, true};
    float[] ones = {1, 1, 1, 1, 1, 1};
    BufferedImage image = Mosaic.of(GREY, List.of(Tile.of(ones).hiding(hidden)), TWO).image();
    assertThat(rgb(image, 2, 3)).isEqualTo(0xffffff);
    assertThat(rgb(image, 3, 3)).isEqualTo(Mosaic.HIDDEN);
    assertThat(rgb(image, 4, 2)).isEqualTo(Mosaic.HIDDEN);
  }

  @Test
  void groupsOfColumnsStandApart() {
    Mosaic mosaic =
        Mosaic.of(
            GREY,
            Collections.nCopies(5, Tile.of(new float[6])),
            Mosaic.Options.defaults().withColumns(5).withGroups(1, 2));
    int within = mosaic.left(2) - mosaic.left(1);
    assertThat(within).isEqualTo(3 + 2);
    assertThat(mosaic.left(1) - mosaic.left(0)).isGreaterThan(within);
    assertThat(mosaic.left(3) - mosaic.left(2)).isGreaterThan(within);
    assertThat(mosaic.left(4) - mosaic.left(3)).isEqualTo(within);
    assertThat(mosaic.width()).isEqualTo(mosaic.left(4) + 3 + 2);
  }

  @Test
  void labelsStandBesideRowsAndAboveGroups() {
    Mosaic mosaic =
        Mosaic.of(
            GREY,
            Collections.nCopies(6, Tile.EMPTY),
            Mosaic.Options.defaults().withColumns(3).withScale(20).withGroups(1, 2));
    Drawing drawing = mosaic.labelled(List.of("first", "second"), List.of("original", "pair"));
    List<Mark.Text> texts = Marks.texts(drawing);
    assertThat(texts)
        .extracting(Mark.Text::text)
        .containsExactly("first", "second", "original", "pair");
    Mark.Picture picture = Marks.of(drawing, Mark.Picture.class).get(0);
    assertThat(texts.get(0).x()).isLessThan(picture.x());
    assertThat(texts.get(1).y() - texts.get(0).y())
        .isCloseTo(mosaic.top(1) - mosaic.top(0), offset(1e-9));
    assertThat(texts.get(2).y()).isLessThan(picture.y());
    double middle = (mosaic.left(1) + mosaic.left(2) + mosaic.tileWidth()) / 2.0;
    assertThat(texts.get(3).x() - picture.x()).isCloseTo(middle, offset(1e-9));
  }

  @Test
  void rowsOfASampleSetAreShownInTheOrderAskedFor() {
    byte[] pixels = {0, (byte) 255, 51};
    Samples samples = StoredSamples.ofBytes("three", new ImageShape(1, 1, 1), pixels);
    BufferedImage image = Mosaic.of(samples, new int[] {2, 1}, TWO).image();
    assertThat(rgb(image, 2, 2)).isEqualTo(0x333333);
    assertThat(rgb(image, 5, 2)).isEqualTo(0xffffff);
  }

  @Test
  void theFileHoldsThePixelsAndIsTheSameEachTime(@TempDir Path folder) throws IOException {
    Mosaic mosaic = Mosaic.of(GREY, List.of(Tile.of(new float[] {0, .1f, .2f, .3f, .4f, 1})), TWO);
    Path file = folder.resolve("new/grid.png");
    mosaic.writePng(file);
    byte[] first = Files.readAllBytes(file);
    mosaic.writePng(file);
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
    assertThat(folder.resolve("new").toFile().list()).containsExactly("grid.png");
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(first));
    assertThat(read.getWidth()).isEqualTo(12);
    assertThat(rgb(read, 4, 2)).isEqualTo(0x333333);
    assertThat(rgb(read, 0, 0)).isEqualTo(Mosaic.BACKGROUND);
  }

  @Test
  void wrongShapesAndOversizedPicturesAreRefused() {
    Tile wrong = Tile.of(new float[5]);
    assertThatThrownBy(() -> Mosaic.of(GREY, List.of(wrong), TWO))
        .hasMessage("image 0 is not of shape 3x2");
    Tile masked = Tile.of(new float[6]).hiding(new boolean[5]);
    assertThatThrownBy(() -> Mosaic.of(GREY, List.of(masked), TWO))
        .hasMessage("image 0 is not of shape 3x2");
    assertThatThrownBy(() -> Mosaic.of(GREY, List.of(), TWO)).hasMessageContaining("at least one");
    ImageShape large = new ImageShape(1, 1000, 1000);
    assertThatThrownBy(() -> Mosaic.of(large, Collections.nCopies(300, Tile.EMPTY), TWO))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("show fewer");
    assertThatThrownBy(() -> TWO.withScale(0)).hasMessage("scale must be at least 1, got 0");
  }

  private static int rgb(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xffffff;
  }
}
