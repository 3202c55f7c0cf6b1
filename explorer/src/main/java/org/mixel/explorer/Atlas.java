package org.mixel.explorer;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;

/**
 * The means of all components in one picture, tile beside tile: tile {@code k} lies in column
 * {@code k % columns} and row {@code k / columns}. Values outside [0, 1] are clipped. Images of
 * more than {@value #MOST_SIDE} pixels a side are averaged down.
 */
final class Atlas {
  static final int MOST_SIDE = 64;

  private Atlas() {}

  /**
   * Where tiles lie.
   *
   * @param columns of tiles
   * @param width of a tile in pixels
   * @param height of a tile in pixels
   */
  record Layout(int columns, int width, int height) {
    static Layout of(int tiles, ImageShape shape) {
      double scale = Math.min(1, (double) MOST_SIDE / Math.max(shape.width(), shape.height()));
      return new Layout(
          (int) Math.ceil(Math.sqrt(tiles)),
          (int) Math.max(1, Math.round(scale * shape.width())),
          (int) Math.max(1, Math.round(scale * shape.height())));
    }
  }

  /**
   * The picture as a file.
   *
   * @param means rows that are images
   */
  static byte[] png(Samples means) {
    ImageShape shape = means.shape().orElseThrow();
    Layout layout = Layout.of(means.rows(), shape);
    int lines = (means.rows() + layout.columns() - 1) / layout.columns();
    boolean grey = shape.channels() == 1;
    BufferedImage image =
        new BufferedImage(
            layout.columns() * layout.width(),
            lines * layout.height(),
            grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    for (int k = 0; k < means.rows(); k++) {
      // Into the raster, not by setRGB, which would darken grey values.
      image
          .getRaster()
          .setPixels(
              k % layout.columns() * layout.width(),
              k / layout.columns() * layout.height(),
              layout.width(),
              layout.height(),
              tile(means.row(k), shape, layout));
    }
    return png(image);
  }

  /** Pixels from 0 to 255, channel by channel within each. */
  private static int[] tile(float[] mean, ImageShape shape, Layout layout) {
    int channels = shape.channels();
    int[] pixels = new int[layout.width() * layout.height() * channels];
    for (int y = 0; y < layout.height(); y++) {
      int top = y * shape.height() / layout.height();
      int bottom = Math.max(top + 1, (y + 1) * shape.height() / layout.height());
      for (int x = 0; x < layout.width(); x++) {
        int left = x * shape.width() / layout.width();
        int right = Math.max(left + 1, (x + 1) * shape.width() / layout.width());
        for (int c = 0; c < channels; c++) {
          double sum = 0;
          for (int row = top; row < bottom; row++) {
            for (int column = left; column < right; column++) {
              sum += mean[(c * shape.height() + row) * shape.width() + column];
            }
          }
          double value = sum / ((bottom - top) * (right - left));
          pixels[(y * layout.width() + x) * channels + c] =
              (int) Math.round(255 * Math.max(0, Math.min(1, value)));
        }
      }
    }
    return pixels;
  }

  private static byte[] png(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
