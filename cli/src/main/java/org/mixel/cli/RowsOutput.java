package org.mixel.cli;

import static org.mixel.InputException.require;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.mixel.InputException;
import org.mixel.OutputPlace;
import org.mixel.data.ElementType;
import org.mixel.io.SampleWriter;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/**
 * OUT of a command that writes rows: its ending says in which form.
 *
 * @param path where they go
 * @param form as arrays, a mosaic, or a folder of pictures
 */
record RowsOutput(Path path, Form form) {
  /** Forms of rows. */
  enum Form {
    /** A {@code .npy} file. */
    ARRAY,
    /** A {@code .npz} file, which is smaller than its values. */
    PACKED_ARRAY,
    /** One {@code .png} file. */
    MOSAIC,
    /** A folder of PNG files. */
    FOLDER
  }

  /**
   * @param text as the user wrote it: a slash at its end is a folder's
   * @throws InputException if no form has such an ending
   */
  static RowsOutput of(String text) {
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw new InputException("'" + text + "' is not a path: " + e.getReason(), e);
    }
    String ending = Places.ending(path);
    if (text.endsWith("/") || text.endsWith(path.getFileSystem().getSeparator())) {
      require(
          !ending.equals(".npy") && !ending.equals(".npz"),
          text + ": a folder named like an array; name another");
      return new RowsOutput(path, Form.FOLDER);
    }
    return switch (ending) {
      case ".npy" -> new RowsOutput(path, Form.ARRAY);
      case ".npz" -> new RowsOutput(path, Form.PACKED_ARRAY);
      case ".png" -> new RowsOutput(path, Form.MOSAIC);
      default -> {
        if (ending.isEmpty() || Files.isDirectory(path)) {
          yield new RowsOutput(path, Form.FOLDER);
        }
        throw new InputException(
            "%s: rows go into .npy, .npz, .png (a mosaic) or a folder of pictures, not %s; name one of these, or a folder as %s/"
                .formatted(text, ending, text));
      }
    };
  }

  boolean mosaic() {
    return form == Form.MOSAIC;
  }

  /** Says that it is written. */
  Places addTo(Places places) {
    return form == Form.FOLDER ? places.writesNew(path) : places.writes(path);
  }

  /**
   * Checks the room, where it is known.
   *
   * @throws InputException if there is not enough
   */
  void requireSpace(long rows, int dims, ElementType type) {
    if (form == Form.ARRAY) {
      OutputPlace.requireSpace(path, rows * dims * type.bytes());
    }
  }

  /**
   * Begins arrays or a folder of rows of a mixture's size. Vectors are written in float64, for
   * their columns may lie far from zero.
   *
   * @throws InputException if there is not enough room
   */
  SampleWriter create(int rows, MixtureOfFactorAnalyzers mixture) {
    ElementType type = mixture.shape().isPresent() ? ElementType.FLOAT32 : ElementType.FLOAT64;
    requireSpace(rows, mixture.dims(), type);
    return SampleWriter.create(path, rows, mixture.dims(), mixture.shape().orElse(null), type);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
