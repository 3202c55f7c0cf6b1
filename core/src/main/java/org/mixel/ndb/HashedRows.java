package org.mixel.ndb;

import org.mixel.Progress;
import org.mixel.data.Samples;

/** A data set and its identity, which takes a pass over the rows. */
record HashedRows(Samples samples, Fingerprint fingerprint) {
  static HashedRows of(Samples samples, Progress progress) {
    return new HashedRows(samples, Fingerprint.of(samples, progress));
  }
}
