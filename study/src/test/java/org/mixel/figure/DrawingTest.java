package org.mixel.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.mixel.data.ImageShape;
import org.mixel.figure.Mark.Anchor;
import org.mixel.figure.Mark.Point;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** A drawing is the same picture as SVG and as pixels, and any text survives in both. */
class DrawingTest {
  private static final String NASTY = "</text><script>\"a\" & 'b'\u0000\ud800";

  private static final Drawing DRAWING =
      new Drawing(
          40,
          30,
          List.of(
              new Mark.Rect(0, 0, 10, 10, Ink.OVER),
              Mark.Path.area(
                  List.of(new Point(20, 0), new Point(40, 0), new Point(40, 20)), Ink.UNDER),
              Mark.Path.line(0, 25, 40, 25, Ink.TEXT, 2),
              new Mark.Disc(5, 18, 3, Ink.THIRD),
              new Mark.Dots(List.of(new Point(24, 18), new Point(26, 18)), 3, Ink.THIRD, 0.5),
              new Mark.Picture(
                  12,
                  12,
                  Mosaic.of(
                      new ImageShape(1, 1, 1),
                      List.of(Tile.of(new float[] {1})),
                      Mosaic.Options.defaults().withColumns(1))),
              Mark.Text.of(20, 28, NASTY, 8, Anchor.MIDDLE, Ink.TEXT),
              new Mark.Hint(0, 0, 10, 10, NASTY, 40, 10)));

  @Test
  void pixelsShowTheMarks() {
    BufferedImage image = DRAWING.image(1);
    int m = Raster.MARGIN;
    assertThat(image.getWidth()).isEqualTo(40 + 2 * m);
    assertThat(rgb(image, 0, 0)).isEqualTo(0xffffff);
    assertThat(rgb(image, m + 5, m + 5)).isEqualTo(Ink.OVER.light());
    assertThat(rgb(image, m + 35, m + 5)).isEqualTo(Ink.UNDER.light());
    assertThat(rgb(image, m + 5, m + 18)).isEqualTo(Ink.THIRD.light());
    assertThat(rgb(image, m + 22, m + 18))
        .as("a dot that half covers, and where it meets another")
        .isNotIn(0xffffff, Ink.THIRD.light())
        .isEqualTo(rgb(image, m + 25, m + 18));
    assertThat(rgb(image, m + 12, m + 12)).isEqualTo(Mosaic.BACKGROUND);
    assertThat(rgb(image, m + 14, m + 14)).isEqualTo(0xffffff);
    assertThat(rgb(image, m + 1, m + 25)).isEqualTo(Ink.TEXT.light());
    assertThat(DRAWING.image().getWidth()).isEqualTo(2 * image.getWidth());
  }

  @Test
  void theSvgIsWellFormedAndKeepsText() throws Exception {
    Document svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(DRAWING.html(NASTY))));
    String shown = "</text><script>\"a\" & 'b'\ufffd\ufffd";
    assertThat(svg.getDocumentElement().getAttribute("aria-label")).isEqualTo(shown);
    assertThat(svg.getElementsByTagName("script").getLength()).isZero();
    assertThat(svg.getElementsByTagName("text").item(0).getTextContent()).isEqualTo(shown);
    assertThat(svg.getElementsByTagName("image").getLength()).isEqualTo(1);
  }

  @Test
  void theInlineFormNamesNoAddressAndIsTheSameEachTime() throws IOException {
    String html = DRAWING.html("a drawing");
    assertThat(html).startsWith("<svg ").endsWith("</svg>").doesNotContain("http");
    assertThat(html).isEqualTo(DRAWING.html("a drawing"));
    assertThat(DRAWING.png()).isEqualTo(DRAWING.png());
  }

  @Test
  void labelsAreEdgedWithThePagesColour() {
    Drawing drawing =
        new Drawing(
            40,
            30,
            List.of(
                new Mark.Rect(0, 0, 40, 30, Ink.FIRST),
                new Mark.Label(20, 15, "<8>", 12, Ink.TEXT)));
    assertThat(drawing.html("a label"))
        .contains("paint-order=\"stroke\"", "class=\"f-text s-paper\">&lt;8&gt;</text>");
    assertThat(rgb(drawing.image(1), Raster.MARGIN + 2, Raster.MARGIN + 2))
        .isEqualTo(Ink.FIRST.light());
  }

  @Test
  void lengthsAreShort() {
    assertThat(Markup.length(3)).isEqualTo("3");
    assertThat(Markup.length(-0.001)).isEqualTo("0");
    assertThat(Markup.length(2.5)).isEqualTo("2.5");
    assertThat(Markup.length(1 / 3.0)).isEqualTo("0.33");
  }

  private static int rgb(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xffffff;
  }
}
