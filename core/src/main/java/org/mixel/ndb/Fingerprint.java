package org.mixel.ndb;

import static org.mixel.InputException.require;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.DataHash;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;

/**
 * The identity of a data set: its size and the hash of its stored rows. {@link BinsFile} keeps it
 * as JSON.
 *
 * @param name name of the set; says nothing about its rows
 * @param sha256 {@link DataHash} of the set
 * @param shape null for rows that are not images
 */
record Fingerprint(String name, String sha256, int rows, int dims, @Nullable ImageShape shape) {
  Fingerprint {
    boolean fits = rows >= 2 && dims >= 1 && (shape == null || shape.dims() == dims);
    require(fits, "the size of the reference is impossible");
  }

  static Fingerprint of(Samples samples, Progress progress) {
    try (Progress.Stage stage = progress.begin("hash " + samples.name(), 1)) {
      Fingerprint fingerprint =
          new Fingerprint(
              samples.name(),
              DataHash.sha256(samples),
              samples.rows(),
              samples.dims(),
              samples.shape().orElse(null));
      stage.advance(1);
      return fingerprint;
    }
  }

  /** {@code 60000 rows of 784 dims}. */
  String size() {
    return "%d rows of %d dims".formatted(rows, dims);
  }

  /** Whether the other set has the same rows, whatever its name. */
  boolean sameRows(Fingerprint other) {
    return sha256.equals(other.sha256)
        && rows == other.rows
        && dims == other.dims
        && Objects.equals(shape, other.shape);
  }
}
