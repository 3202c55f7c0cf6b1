package org.mixel.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mixel.data.ImageShape;
import org.mixel.figure.BinFigure.Bin;

/** A bin is shown by its framed centre, then its reference and candidate images. */
class BinFigureTest {
  private static final ImageShape SHAPE = new ImageShape(1, 1, 1);
  private static final float[] BLACK = {0};
  private static final float[] WHITE = {1};

  @Test
  void centreThenReferenceThenCandidate() {
    Bin over = new Bin(4, 0.01, 0.03, 9.04, BLACK, List.of(WHITE, WHITE, BLACK), List.of(WHITE));
    Bin under = new Bin(7, 0.02, 0.001, -8, BLACK, List.of(WHITE), List.of());
    Drawing drawing = BinFigure.compare(List.of(over, under), "real", "model", SHAPE, 2, 100);

    List<Mark.Picture> rows = Marks.of(drawing, Mark.Picture.class);
    assertThat(rows).hasSize(2);
    Mosaic mosaic = rows.get(0).mosaic();
    BufferedImage image = mosaic.image();
    assertThat(rgb(image, mosaic, 0)).isZero();
    assertThat(image.getRGB(mosaic.left(0) - 1, 2) & 0xffffff).isEqualTo(Tile.RED);
    assertThat(rgb(image, mosaic, 1)).isEqualTo(0xffffff);
    assertThat(rgb(image, mosaic, 2)).isEqualTo(0xffffff);
    assertThat(rgb(image, mosaic, 3)).isEqualTo(0xffffff);
    assertThat(rgb(image, mosaic, 4)).as("no more members").isEqualTo(Mosaic.NOTHING);
    assertThat(Marks.words(drawing))
        .containsExactly(
            "real",
            "model",
            "bin 4: 1.00 % of real, 3.00 % of model, z = +9.0",
            "bin 7: 2.00 % of real, 0.10 % of model, z = −8.0");
    assertThat(Marks.triangles(drawing, Ink.OVER, true)).isEqualTo(1);
    assertThat(Marks.triangles(drawing, Ink.UNDER, false)).isEqualTo(1);
  }

  @Test
  void longNamesAreCutSoThatTheyFit() {
    Bin bin = new Bin(4, 0.01, 0.03, 9.04, BLACK, List.of(), List.of());
    String path = "/a/rather/long/path/to/a/folder/of/samples/";
    Drawing drawing = BinFigure.compare(List.of(bin), path + "real", path + "model", SHAPE, 2, 100);
    assertThat(Marks.words(drawing)).element(0).asString().startsWith("…").endsWith("/real");
    assertThat(Marks.words(drawing)).element(2).asString().contains("real, 3.00 % of", "model, z");
    for (Mark.Text text : Marks.texts(drawing)) {
      assertThat(text.x() + Mark.Text.widthOf(text.text(), text.size()))
          .isLessThanOrEqualTo(drawing.width());
      assertThat(Marks.texts(drawing)).noneMatch(o -> o != text && Marks.overlap(o, text));
    }
  }

  @Test
  void membersAloneStandInOneGrid() {
    Bin first = Bin.of(0, 0.5, BLACK, List.of(WHITE, WHITE));
    Bin second = Bin.of(9, 0.25, WHITE, List.of(BLACK));
    Drawing drawing = BinFigure.members(List.of(first, second), SHAPE, 2, 100);
    Mosaic mosaic = Marks.of(drawing, Mark.Picture.class).get(0).mosaic();
    assertThat(mosaic.rows()).isEqualTo(2);
    assertThat(mosaic.image().getRGB(mosaic.left(0), mosaic.top(1)) & 0xffffff).isEqualTo(0xffffff);
    assertThat(Marks.words(drawing)).containsExactly("0: 50.00 %", "9: 25.00 %");
  }

  private static int rgb(BufferedImage image, Mosaic mosaic, int column) {
    return image.getRGB(mosaic.left(column), mosaic.top(0)) & 0xffffff;
  }
}
