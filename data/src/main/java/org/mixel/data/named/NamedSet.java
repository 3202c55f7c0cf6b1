package org.mixel.data.named;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.mixel.data.Samples;
import org.mixel.data.format.DataFormats;
import org.mixel.data.format.LabelFiles;
import org.mixel.data.format.ReadRequest;

/**
 * A data set that has a name.
 *
 * @param name its name on the command line
 * @param description one line
 * @param licence the terms of use and their source
 * @param homepage where to get it by hand
 * @param train the files of the training part: the rows in the first, the labels in the last
 * @param test the files of the test part
 * @param content reads them
 */
public record NamedSet(
    String name,
    String description,
    String licence,
    String homepage,
    List<SetFile> train,
    List<SetFile> test,
    Content content) {
  /** The parts of every set; the bare name means the first. */
  public static final List<String> PARTS = List.of("train", "test");

  /** Reads the rows and labels of a part. */
  interface Content {
    /**
     * @param files the files of the part
     */
    Samples read(List<Path> files, String part, ReadRequest request);

    /**
     * The class of every row.
     *
     * @param files the files of the part
     * @throws org.mixel.InputException if the set has none
     */
    default int[] labels(List<Path> files, String part) {
      return LabelFiles.readOriginal(files.get(files.size() - 1), part);
    }
  }

  /** Each part in a file of its own. */
  static final Content FILES =
      (files, part, request) -> DataFormats.read(files.get(0), null, request);

  /** Both parts in one archive. */
  static final Content ARCHIVE =
      (files, part, request) -> DataFormats.read(files.get(0), part, request);

  /** All its files. */
  public List<SetFile> files() {
    return Stream.concat(train.stream(), test.stream()).distinct().toList();
  }

  /**
   * The files of a part.
   *
   * @param part one of {@link #PARTS}
   */
  public List<SetFile> files(String part) {
    return part.equals("test") ? test : train;
  }

  Samples read(Path folder, String part, ReadRequest request) {
    return content.read(paths(folder, part), part, request);
  }

  int[] labels(Path folder, String part) {
    return content.labels(paths(folder, part), part);
  }

  private List<Path> paths(Path folder, String part) {
    return files(part).stream().map(file -> folder.resolve(file.name())).toList();
  }
}
