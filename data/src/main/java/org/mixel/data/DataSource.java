package org.mixel.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.format.DataFormats;
import org.mixel.data.format.ReadRequest;
import org.mixel.data.named.NamedSets;

/**
 * The one way in for data of every form.
 *
 * <p>Pixels are kept as bytes and floats as float32, images in CHW order. Large files that lie so
 * already are mapped; what must be converted is kept on the heap up to an eighth of it, and beyond
 * in a temporary file in the cache folder. Images are grey when all pixels of all of them are.
 */
public final class DataSource {
  private DataSource() {}

  /**
   * Opens data.
   *
   * @param data the name of a set ({@code mnist}, {@code mnist:test}), or a path; behind {@code #}
   *     the part of a file ({@code file.npz#key}). A name wins over a file of that name in the
   *     working folder, which is then to be written {@code ./mnist}
   * @param options how to understand it
   * @param progress where the readers report
   * @throws InputException if it cannot be found, understood or read; the message is one line that
   *     says what to do
   */
  public static Samples open(String data, DataOptions options, Progress progress) {
    ReadRequest request = new ReadRequest(data, options, progress);
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
