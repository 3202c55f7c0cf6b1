package org.mixel.data.format;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mixel.OutputPlace;
import org.mixel.WholeFile;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.Png;

/** Writes a folder of PNG pictures: {@code 00000.png}, {@code 00001.png}, ... */
public final class PngFolderOutput implements RowOutput {
  private static final int DIGITS = 5;

  private final Path place;
  private final WholeFile.Part part;
  private final ImageShape shape;
  private final int digits;
  private int next;

  private PngFolderOutput(Path place, WholeFile.Part part, ImageShape shape, int digits) {
    this.place = place;
    this.part = part;
    this.shape = shape;
    this.digits = digits;
  }

  /**
   * Begins a folder beside its place.
   *
   * @throws org.mixel.InputException if something lies there already, or nothing can be written
   *     there
   */
  public static PngFolderOutput create(Path place, int rows, ImageShape shape) {
    OutputPlace.requireEmptyFolder(place);
    WholeFile.Part part = WholeFile.begin(place);
    try {
      Files.createDirectory(part.path());
    } catch (IOException e) {
      part.close();
      throw WholeFile.failure(place, e);
    }
    int digits = Math.max(DIGITS, Integer.toString(rows - 1).length());
    return new PngFolderOutput(place, part, shape, digits);
  }

  @Override
  public void write(byte[] row, ElementType type) {
    byte[] png = Png.encode(type == ElementType.UINT8 ? Png.picture(row, shape) : picture(row));
    String name = Integer.toString(next++);
    try {
      Files.write(part.path().resolve("0".repeat(digits - name.length()) + name + ".png"), png);
    } catch (IOException e) {
      throw WholeFile.failure(place, e);
    }
  }

  private BufferedImage picture(byte[] row) {
    float[] values = new float[shape.dims()];
    ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return Png.picture(values, shape);
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
