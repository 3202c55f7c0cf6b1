package org.mixel.io;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.format.LabelFiles;
import org.mixel.data.named.NamedSets;

/** The class of every row of a set, from a file or from a named set. */
public final class Labels {
  private Labels() {}

  /**
   * The labels of a set, in the order of its rows. A file wins over the labels that a named set
   * has.
   *
   * @param data the user's name for the set: the name of one ({@code mnist:test}), or a path
   * @param labelsFile IDX (plain or packed with gzip) or {@code .npy} of integers; null for the
   *     labels that the named set has
   * @param rows its number of rows
   * @param progress where fetching a named set reports
   * @return {@code rows} numbers from 0 to {@link LabelFiles#HIGHEST}, of which at least two differ
   * @throws InputException if no file is given and the set has no labels of its own, or if the
   *     labels cannot be read, are not as many as the rows, out of this range or all the same
   */
  public static int[] of(String data, @Nullable Path labelsFile, int rows, Progress progress) {
    if (labelsFile != null) {
      return requireTwo(labelsFile, LabelFiles.read(labelsFile, data, rows));
    }
    if (!NamedSets.isName(data)) {
      throw new InputException(
          data
              + ": the classes of its rows are not known; give `labels` FILE, an IDX file or a .npy"
              + " of integers");
    }
    return requireTwo(data, requireCount(data, NamedSets.labels(data, progress), rows));
  }

  static int[] requireCount(String set, int[] labels, int rows) {
    if (labels.length != rows) {
      throw new InputException(
          "%s: has %d labels for %d rows; give those of every row with `labels` FILE"
              .formatted(set, labels.length, rows));
    }
    return labels;
  }

  private static int[] requireTwo(Object source, int[] labels) {
    for (int label : labels) {
      if (label != labels[0]) {
        return labels;
      }
    }
    throw new InputException(
        source + ": the label of every row is " + labels[0] + "; give rows of two or more classes");
  }
}
