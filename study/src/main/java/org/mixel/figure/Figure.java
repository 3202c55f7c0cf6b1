package org.mixel.figure;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.mixel.WholeFile;

/** A picture that can be saved as a PNG file or set into a page. */
public sealed interface Figure permits Mosaic, Drawing, Chart, StoredPicture {
  /** Width in CSS pixels. */
  double width();

  /** Height in CSS pixels. */
  double height();

  /** The picture as pixels; a new image that the caller may change. */
  BufferedImage image();

  /**
   * The picture as an element of an HTML page that asks for nothing outside itself.
   *
   * @param alt the picture in words, for readers who do not see it; any text
   */
  String html(String alt);

  /** The bytes of a PNG file. */
  default byte[] png() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image(), "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Writes a PNG file, whole or not at all.
   *
   * @param file replaced if it exists; missing folders are made
   * @throws UncheckedIOException if it cannot be written
   */
  default void writePng(Path file) {
    WholeFile.write(file, part -> Files.write(part, png()));
  }
}
