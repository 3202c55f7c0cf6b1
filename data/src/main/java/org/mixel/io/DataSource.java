package org.mixel.io;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.Samples;
import org.mixel.data.format.DataFormats;
import org.mixel.data.format.ReadRequest;
import org.mixel.data.named.NamedSets;

/**
 * Opens data of every form.
 *
 * <p>Pixels are kept as bytes and floats as float32, images in CHW order. Large files in this
 * layout are mapped. Everything else is converted on the heap up to an eighth of it, and beyond
 * that in a temporary file in the cache folder. Images are grey when all pixels of all of them are.
 */
public final class DataSource {
  private DataSource() {}

  /**
   * Opens data with default options and no reports.
   *
   * @param data the name of a set or a path, as below
   * @throws InputException if it cannot be read
   */
  public static Samples open(String data) {
    return open(data, DataOptions.defaults(), Progress.SILENT);
  }

  /**
   * Opens data.
   *
   * @param data the name of a set ({@code mnist}, {@code mnist:test}), or a path; after {@code #}
   *     the part of a file ({@code file.npz#key}). A name wins over a file of that name in the
   *     working folder, which must be written {@code ./mnist}
   * @param options layout, size and crop
   * @param progress where the readers report
   * @throws InputException if it cannot be found or read; the message is one line that says what to
   *     do
   */
  public static Samples open(String data, DataOptions options, Progress progress) {
    ReadRequest request = new ReadRequest(data, options, progress);
    InputException.require(!data.isBlank(), "the name of the data is empty");
    if (NamedSets.isName(data)) {
      return NamedSets.open(data, request);
    }
    Path whole = path(data);
    if (Files.exists(whole)) {
      return DataFormats.read(whole, null, request);
    }
    int mark = data.lastIndexOf('#');
    if (mark > 0 && Files.exists(path(data.substring(0, mark)))) {
      return DataFormats.read(path(data.substring(0, mark)), data.substring(mark + 1), request);
    }
    throw new InputException(
        data + ": no such file or folder, nor a data set's name (" + NamedSets.names() + ")");
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new InputException("'" + text + "' is not a path: " + e.getReason(), e);
    }
  }
}
