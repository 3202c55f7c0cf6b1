package org.mixel.data.format;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import org.jspecify.annotations.Nullable;

/**
 * The stored values of a picture as 8-bit planes.
 *
 * <p>Values are taken from the raster, since {@link BufferedImage#getRGB} would brighten grey ones:
 * to it they are linear light.
 */
final class PixelPlanes {
  private PixelPlanes() {}

  /**
   * Takes the values of a picture.
   *
   * @return one plane of a grey picture, three of others, in CHW order; null when its colours are
   *     neither grey nor RGB
   */
  static byte @Nullable [] of(BufferedImage image) {
    ColorModel colors = image.getColorModel();
    if (colors instanceof IndexColorModel palette) {
      return fromPalette(image.getRaster(), palette);
    }
    int bands = image.getRaster().getNumBands();
    int kind = colors.getColorSpace().getType();
    boolean alpha = colors.hasAlpha();
    if (kind == ColorSpace.TYPE_GRAY && bands == (alpha ? 2 : 1)) {
      return fromBands(image.getRaster(), colors, 1);
    }
    if (kind == ColorSpace.TYPE_RGB && bands == (alpha ? 4 : 3)) {
      return fromBands(image.getRaster(), colors, 3);
    }
    return null;
  }

  private static byte[] fromBands(Raster raster, ColorModel colors, int channels) {
    int width = raster.getWidth();
    int plane = width * raster.getHeight();
    int bands = raster.getNumBands();
    int[] largest = new int[bands];
    for (int b = 0; b < bands; b++) {
      largest[b] = (1 << colors.getComponentSize(b)) - 1;
    }
    boolean overBlack = colors.hasAlpha() && !colors.isAlphaPremultiplied();
    byte[] values = new byte[channels * plane];
    int[] line = new int[width * bands];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, line);
      for (int c = 0; c < channels; c++) {
        int at = c * plane + y * width;
        for (int x = 0; x < width; x++) {
          int value = scaled(line[x * bands + c], largest[c]);
          if (overBlack) {
            value = over(value, scaled(line[x * bands + channels], largest[channels]));
          }
          values[at + x] = (byte) value;
        }
      }
    }
    return values;
  }

  private static byte[] fromPalette(Raster raster, IndexColorModel palette) {
    int width = raster.getWidth();
    int plane = width * raster.getHeight();
    int[] colors = new int[palette.getMapSize()];
    palette.getRGBs(colors);
    byte[] values = new byte[3 * plane];
    int[] line = new int[width];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, line);
      for (int x = 0; x < width; x++) {
        int color = line[x] < colors.length ? colors[line[x]] : 0;
        int alpha = color >>> 24;
        int at = y * width + x;
        values[at] = (byte) over((color >> 16) & 0xff, alpha);
        values[plane + at] = (byte) over((color >> 8) & 0xff, alpha);
        values[2 * plane + at] = (byte) over(color & 0xff, alpha);
      }
    }
    return values;
  }

  /** A value of 0 to {@code largest} as one of 0 to 255. */
  private static int scaled(int value, int largest) {
    return largest == 255 ? value : (int) ((value * 255L + largest / 2) / largest);
  }

  private static int over(int value, int alpha) {
    return alpha == 255 ? value : (value * alpha + 127) / 255;
  }
}
