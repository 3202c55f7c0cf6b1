package org.mixel.figure;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;
import org.mixel.InputException;

/** A picture that was written as a PNG file before. */
public final class StoredPicture implements Figure {
  private final byte[] bytes;
  private final BufferedImage image;
  private final double scale;

  private StoredPicture(byte[] bytes, BufferedImage image, double scale) {
    this.bytes = bytes;
    this.image = image;
    this.scale = scale;
  }

  /**
   * Reads a file that {@link Figure#writePng} wrote.
   *
   * @param width of the figure that was written, in CSS pixels
   * @throws InputException if it cannot be read
   */
  public static StoredPicture read(Path file, double width) {
    return read(file, image -> width / image.getWidth());
  }

  /**
   * Reads a mosaic, which is as wide as its image.
   *
   * @throws InputException if it cannot be read
   */
  public static StoredPicture readMosaic(Path file) {
    return read(file, image -> 1);
  }

  private static StoredPicture read(Path file, ToDoubleFunction<BufferedImage> scale) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
      if (image == null) {
        throw new InputException(file + ": not a PNG file; delete it to make it anew");
      }
      return new StoredPicture(bytes, image, scale.applyAsDouble(image));
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public double width() {
    return scale * image.getWidth();
  }

  @Override
  public double height() {
    return scale * image.getHeight();
  }

  @Override
  public BufferedImage image() {
    BufferedImage copy =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    copy.getGraphics().drawImage(image, 0, 0, null);
    return copy;
  }

  @Override
  public byte[] png() {
    return bytes.clone();
  }

  @Override
  public String html(String alt) {
    return "<img width=\"%d\" height=\"%d\" alt=\"%s\" src=\"data:image/png;base64,%s\">"
        .formatted(
            Math.round(width()),
            Math.round(height()),
            Markup.escape(alt),
            Base64.getEncoder().encodeToString(bytes));
  }
}
