package org.mixel.ndb;

import static org.mixel.InputException.require;

import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;

/** A data set and its identity, which takes a pass over the rows. */
record HashedRows(Samples samples, Fingerprint fingerprint) {
  static HashedRows of(Samples samples, Progress progress) {
    return new HashedRows(samples, Fingerprint.of(samples, progress));
  }

  /**
   * Rows that are counted in place of the reference's.
   *
   * @throws InputException if they are the rows of the reference
   */
  static HashedRows unseen(Samples counted, HashedRows known, Progress progress) {
    HashedRows unseen = of(counted, progress);
    require(
        !unseen.fingerprint().sameRows(known.fingerprint()),
        "counted set %s holds the rows of reference %s; give rows that no model was trained on"
            .formatted(counted.name(), known.samples().name()));
    return unseen;
  }
}
