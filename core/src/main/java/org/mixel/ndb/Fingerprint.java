package org.mixel.ndb;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;

/**
 * What tells one data set from another: its size and the SHA-256 of its stored rows.
 *
 * @param name what the user called the set; says nothing about its rows
 * @param sha256 of the stored values, row after row, in lower-case hexadecimal
 */
record Fingerprint(String name, String sha256, int rows, int dims, Optional<ImageShape> shape) {
  private static final int BYTES = 1 << 22;

  static Fingerprint of(Samples samples, Progress progress) {
    MessageDigest digest = newDigest();
    int batch = Math.max(1, BYTES / samples.rowBytes());
    ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(batch, samples.rowBytes()));
    try (Progress.Stage stage = progress.begin("hash " + samples.name(), samples.rows())) {
      for (int from = 0; from < samples.rows(); from += batch) {
        int count = Math.min(batch, samples.rows() - from);
        samples.read(from, count, buffer.clear());
        digest.update(buffer.flip());
        stage.advance(count);
      }
    }
    return new Fingerprint(
        samples.name(),
        HexFormat.of().formatHex(digest.digest()),
        samples.rows(),
        samples.dims(),
        samples.shape());
  }

  /** Whether the other set has the same rows, whatever its name. */
  boolean sameRows(Fingerprint other) {
    return sha256.equals(other.sha256)
        && rows == other.rows
        && dims == other.dims
        && shape.equals(other.shape);
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
