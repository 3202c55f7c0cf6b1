package org.mixel.data.format;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.mixel.OutputPlace;
import org.mixel.WholeFile;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;

/** Writes a folder of PNG pictures: {@code 00000.png}, {@code 00001.png}, ... */
final class PngFolderWriter implements RowWriter {
  private static final int DIGITS = 5;

  private final Path place;
  private final WholeFile.Part part;
  private final ImageShape shape;
  private final int digits;
  private int next;

  private PngFolderWriter(Path place, WholeFile.Part part, ImageShape shape, int digits) {
    this.place = place;
    this.part = part;
    this.shape = shape;
    this.digits = digits;
  }

  /** Begins a folder beside its place. */
  static PngFolderWriter create(Path place, int rows, ImageShape shape) {
    OutputPlace.requireEmptyFolder(place);
    WholeFile.Part part = WholeFile.begin(place);
    try {
      Files.createDirectory(part.path());
    } catch (IOException e) {
      part.close();
      throw WholeFile.failure(place, e);
    }
    int digits = Math.max(DIGITS, Integer.toString(rows - 1).length());
    return new PngFolderWriter(place, part, shape, digits);
  }

  @Override
  public void write(byte[] row, ElementType type) {
    String name = Integer.toString(next++);
    Path file = part.path().resolve("0".repeat(digits - name.length()) + name + ".png");
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try (OutputStream out = Files.newOutputStream(file);
        MemoryCacheImageOutputStream image = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(image);
      writer.write(picture(row, type));
    } catch (IOException e) {
      throw WholeFile.failure(place, e);
    } finally {
      writer.dispose();
    }
  }

  private BufferedImage picture(byte[] row, ElementType type) {
    ByteBuffer stored = ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer pixels = ByteBuffer.allocate(shape.dims());
    int plane = shape.height() * shape.width();
    for (int i = 0; i < plane; i++) {
      for (int c = 0; c < shape.channels(); c++) {
        ElementType.UINT8.put(pixels, type.get(stored, c * plane + i));
      }
    }
    int[] values = new int[shape.dims()];
    for (int j = 0; j < values.length; j++) {
      values[j] = pixels.get(j) & 0xff;
    }
    BufferedImage picture =
        new BufferedImage(
            shape.width(),
            shape.height(),
            shape.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    // Into the raster, not by setRGB, which would darken grey values.
    picture.getRaster().setPixels(0, 0, shape.width(), shape.height(), values);
    return picture;
  }

  @Override
  public void commit() {
    part.commit();
  }

  @Override
  public void close() {
    part.close();
  }
}
