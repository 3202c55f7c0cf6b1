package org.mixel.data.format;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.mixel.InputException;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.Png;

/** Writes a folder of PNG pictures: {@code 00000.png}, {@code 00001.png}, ... */
public final class PngFolderOutput implements RowOutput {
  private static final int DIGITS = 5;

  private final Path target;
  private final Path part;
  private final ImageShape shape;
  private final int digits;
  private int next;
  private boolean committed;

  private PngFolderOutput(Path target, Path part, ImageShape shape, int digits) {
    this.target = target;
    this.part = part;
    this.shape = shape;
    this.digits = digits;
  }

  /**
   * Begins a folder beside its place.
   *
   * @throws InputException if something lies there already
   */
  public static PngFolderOutput create(Path target, int rows, ImageShape shape) {
    return FileErrors.writing(
        target,
        () -> {
          if (Files.exists(target) && !isEmptyFolder(target)) {
            throw new InputException(
                target + ": is there already; choose a new folder (or .npy, .npz) for the samples");
          }
          Path part = FileErrors.beside(target);
          Files.createDirectory(part);
          int digits = Math.max(DIGITS, Integer.toString(rows - 1).length());
          return new PngFolderOutput(target, part, shape, digits);
        });
  }

  private static boolean isEmptyFolder(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> content = Files.list(path)) {
      return content.findAny().isEmpty();
    }
  }

  @Override
  public void write(byte[] row, ElementType type) {
    byte[] png = Png.encode(type == ElementType.UINT8 ? Png.picture(row, shape) : picture(row));
    String name = Integer.toString(next++);
    Path file = part.resolve("0".repeat(digits - name.length()) + name + ".png");
    FileErrors.writing(target, () -> Files.write(file, png));
  }

  private BufferedImage picture(byte[] row) {
    float[] values = new float[shape.dims()];
    ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return Png.picture(values, shape);
  }

  @Override
  public void commit() {
    FileErrors.writing(
        target,
        () -> {
          Files.deleteIfExists(target);
          Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
          committed = true;
          return target;
        });
  }

  @Override
  public void close() {
    if (committed) {
      return;
    }
    FileErrors.writing(
        target,
        () -> {
          try (Stream<Path> files = Files.list(part)) {
            for (Path file : files.toList()) {
              Files.delete(file);
            }
          }
          return Files.deleteIfExists(part);
        });
  }
}
