package org.mixel.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mixel.data.ImageShape;
import org.mixel.figure.ComponentFigure.Component;

/** A component's picture shows mu, D, mu + A, 0.5 + A and mu - A where the paper's figure does. */
class ComponentFigureTest {
  private static final ImageShape SHAPE = new ImageShape(1, 1, 1);
  private static final Component COMPONENT =
      new Component(
          "component 3", new float[] {0.4f}, new float[][] {{0.2f}, {-0.4f}}, new float[] {0.01f});

  @Test
  void showsMeanNoiseAndTheThreeImagesOfEachFactor() {
    Drawing drawing = ComponentFigure.of(List.of(COMPONENT), SHAPE, 5, 2, 1);
    List<Mark.Picture> pictures = Marks.of(drawing, Mark.Picture.class);
    assertThat(pictures).hasSize(2);
    BufferedImage above = pictures.get(0).mosaic().image();
    assertThat(grey(above, 0, 0)).isEqualTo(102);
    assertThat(grey(above, 1, 0)).as("the largest variance is white").isEqualTo(255);
    BufferedImage factors = pictures.get(1).mosaic().image();
    int[][] expected = {{153, 179, 51}, {0, 26, 204}};
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < 3; column++) {
        assertThat(grey(factors, column, row)).isCloseTo(expected[row][column], within(1));
      }
    }
    assertThat(Marks.words(drawing))
        .contains("component 3", "D ≤ 0.010", "μ + A", "½ + A", "μ − A", "1", "2");
  }

  @Test
  void componentsStandSideBySideThenBelow() {
    Drawing drawing = ComponentFigure.of(Collections.nCopies(3, COMPONENT), SHAPE, 5, 2, 60);
    List<Mark.Picture> means =
        Marks.of(drawing, Mark.Picture.class).stream()
            .filter(picture -> picture.mosaic().options().columns() == 2)
            .toList();
    assertThat(means).hasSize(3);
    assertThat(means.get(1).y()).isEqualTo(means.get(0).y());
    assertThat(means.get(1).x()).isGreaterThan(means.get(0).x() + means.get(0).mosaic().width());
    assertThat(means.get(2).x()).isEqualTo(means.get(0).x());
    assertThat(means.get(2).y()).isGreaterThan(means.get(0).y());
    List<Mark.Text> texts = Marks.texts(drawing);
    for (int i = 0; i < texts.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertThat(Marks.overlap(texts.get(i), texts.get(j)))
            .as("%s over %s", texts.get(i), texts.get(j))
            .isFalse();
      }
    }
  }

  @Test
  void aComponentWithoutNoiseOrFactorsCanBeShown() {
    Component bare = new Component("bare", new float[] {1}, new float[0][], new float[] {0});
    Drawing drawing = ComponentFigure.of(List.of(bare), SHAPE, 5, 2, 1);
    Mark.Picture above = Marks.of(drawing, Mark.Picture.class).get(0);
    assertThat(grey(above.mosaic().image(), 1, 0)).isZero();
    assertThatThrownBy(() -> ComponentFigure.of(List.of(), SHAPE, 5, 2, 1))
        .hasMessage("no component to show");
  }

  @Test
  void twoFactorsVaryAcrossAndDownAroundTheMean() {
    ImageShape pair = new ImageShape(1, 1, 2);
    float[] mean = {0.5f, 0.5f};
    float[] across = {0.2f, 0};
    float[] down = {0, 0.1f};
    BufferedImage image = ComponentFigure.grid(mean, across, down, pair, 5, 2, 1).image();
    for (int row = 0; row < 5; row++) {
      for (int column = 0; column < 5; column++) {
        int x = 2 + column * 4;
        int y = 2 + row * 3;
        int first = Math.round(255 * (0.1f + 0.2f * column));
        int second = Math.round(255 * (0.3f + 0.1f * row));
        assertThat(image.getRGB(x, y) & 255).isCloseTo(first, within(1));
        assertThat(image.getRGB(x + 1, y) & 255).isCloseTo(second, within(1));
      }
    }
    assertThat(image.getRGB(2 + 2 * 4 - 1, 2 + 2 * 3) & 0xffffff).isEqualTo(Tile.RED);
    assertThatThrownBy(() -> ComponentFigure.grid(mean, across, down, pair, 4, 2, 1))
        .hasMessageContaining("odd number");
  }

  /** The value of the one pixel of an image in an unscaled mosaic. */
  private static int grey(BufferedImage image, int column, int row) {
    return image.getRGB(2 + 3 * column, 2 + 3 * row) & 255;
  }
}
