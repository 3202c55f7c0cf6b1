package org.mixel.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Rows as pictures. Safe for use by several threads. */
public final class Png {
  private Png() {}

  /**
   * A row of bytes as a picture.
   *
   * @param pixels CHW bytes; not changed
   */
  public static BufferedImage picture(byte[] pixels, ImageShape shape) {
    boolean grey = shape.channels() == 1;
    BufferedImage picture =
        new BufferedImage(
            shape.width(),
            shape.height(),
            grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    int plane = shape.height() * shape.width();
    int[] values = new int[shape.dims()];
    for (int c = 0; c < shape.channels(); c++) {
      for (int i = 0; i < plane; i++) {
        values[i * shape.channels() + c] = pixels[c * plane + i] & 0xff;
      }
    }
    // Into the raster, not by setRGB, which would darken grey values.
    picture.getRaster().setPixels(0, 0, shape.width(), shape.height(), values);
    return picture;
  }

  /**
   * A row of floats as a picture.
   *
   * @param values CHW values; what lies outside [0, 1] is clamped, NaN is 0; not changed
   */
  public static BufferedImage picture(float[] values, ImageShape shape) {
    return picture(bytes(values), shape);
  }

  /** Floats of [0, 1] as bytes of 0 to 255, clamped; NaN becomes 0. */
  static byte[] bytes(float[] values) {
    byte[] bytes = new byte[values.length];
    for (int j = 0; j < bytes.length; j++) {
      bytes[j] = (byte) Math.max(0, Math.min(255, Math.round(values[j] * 255f)));
    }
    return bytes;
  }

  /** The bytes of a PNG file. */
  public static byte[] encode(BufferedImage picture) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      encode(picture, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void encode(BufferedImage picture, OutputStream target) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(target)) {
      writer.setOutput(out);
      writer.write(picture);
    } finally {
      writer.dispose();
    }
  }
}
