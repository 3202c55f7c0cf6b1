package org.mixel.ndb;

import org.junit.jupiter.api.Assumptions;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.Samples;
import org.mixel.data.named.NamedSets;
import org.mixel.io.DataSource;

/** MNIST for the slow tests of this package, which are skipped, with the reason, without it. */
final class Digits {
  private Digits() {}

  static Samples images(String set) {
    try {
      return DataSource.open(set, DataOptions.defaults(), Progress.SILENT);
    } catch (InputException e) {
      Assumptions.abort("MNIST cannot be had here: " + e.getMessage());
      throw e;
    }
  }

  /** The digit of each image; the images have been opened before. */
  static int[] labels(String set) {
    return NamedSets.labels(set, Progress.SILENT);
  }
}
