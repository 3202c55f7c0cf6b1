package org.mixel.data.format;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;

/** A file or folder of rows that is being written beside its place. */
public sealed interface RowWriter extends AutoCloseable permits NpyWriter, PngFolderWriter {
  /**
   * Begins a file or folder; missing folders above it are made.
   *
   * @param target {@code *.npy}, {@code *.npz}, or a folder that is empty or missing
   * @param shape the shape of a row, or null when rows are not images
   * @throws InputException if the target is a directory that holds something, or rows that are not
   *     images would become pictures
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  static RowWriter create(
      Path target, int rows, int dims, @Nullable ImageShape shape, ElementType type) {
    String name = target.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".npy") || name.endsWith(".npz")) {
      if (Files.isDirectory(target)) {
        throw new InputException(target + ": is a directory; name a file to write");
      }
      return NpyWriter.create(target, rows, dims, shape, type);
    }
    if (shape == null) {
      throw new InputException(
          target + ": rows of numbers are not pictures; write them to a .npy or .npz file");
    }
    return PngFolderWriter.create(target, rows, shape);
  }

  /**
   * Writes one row.
   *
   * @param row its stored form, images in CHW order; not changed
   * @param type how its values are stored
   */
  void write(byte[] row, ElementType type);

  /** Puts the whole into its place at once. */
  void commit();

  /** Removes what was not committed. */
  @Override
  void close();
}
