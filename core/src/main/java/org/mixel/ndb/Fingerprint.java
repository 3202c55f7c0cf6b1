package org.mixel.ndb;

import java.util.Optional;
import org.mixel.Progress;
import org.mixel.data.DataHash;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;

/**
 * The identity of a data set: its size and the hash of its stored rows.
 *
 * @param name name of the set; says nothing about its rows
 * @param sha256 {@link DataHash} of the set
 */
record Fingerprint(String name, String sha256, int rows, int dims, Optional<ImageShape> shape) {
  static Fingerprint of(Samples samples, Progress progress) {
    try (Progress.Stage stage = progress.begin("hash " + samples.name(), 1)) {
      Fingerprint fingerprint =
          new Fingerprint(
              samples.name(),
              DataHash.sha256(samples),
              samples.rows(),
              samples.dims(),
              samples.shape());
      stage.advance(1);
      return fingerprint;
    }
  }

  /** Whether the other set has the same rows, whatever its name. */
  boolean sameRows(Fingerprint other) {
    return sha256.equals(other.sha256)
        && rows == other.rows
        && dims == other.dims
        && shape.equals(other.shape);
  }
}
