package org.mixel.figure;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A picture made of lines, text and mosaics.
 *
 * @param width in CSS pixels
 * @param height in CSS pixels
 * @param marks the parts of the drawing, the first at the bottom
 */
public record Drawing(double width, double height, List<Mark> marks) implements Figure {
  /** Pixels of an image file per CSS pixel. */
  private static final int IMAGE_SCALE = 2;

  public Drawing {
    marks = List.copyOf(marks);
  }

  /** Drawn for light pages with a narrow white margin, two pixels for each CSS pixel. */
  @Override
  public BufferedImage image() {
    return image(IMAGE_SCALE);
  }

  /**
   * Drawn for light pages with a narrow white margin. Where the machine has no fonts, text is left
   * out and a warning logged.
   *
   * @param scale pixels for each CSS pixel
   */
  public BufferedImage image(double scale) {
    return Raster.draw(this, scale);
  }

  @Override
  public String html(String alt) {
    return Svg.inline(this, alt);
  }
}
