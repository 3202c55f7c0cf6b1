package org.mixel.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What tells one data set from another, whatever its name or file. */
public final class DataHash {
  private static final int BUFFER_BYTES = 8 << 20;

  private DataHash() {}

  /**
   * SHA-256 over the type, the shape and the stored values, row after row.
   *
   * @return lower-case hexadecimal
   */
  public static String sha256(Samples samples) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String header =
          samples.type() + " " + samples.rows() + "x" + samples.dims() + " " + samples.shape();
      digest.update(header.getBytes(StandardCharsets.UTF_8));
      int step = Math.max(1, BUFFER_BYTES / samples.rowBytes());
      ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(step, samples.rowBytes()));
      for (int from = 0; from < samples.rows(); from += step) {
        samples.read(from, Math.min(step, samples.rows() - from), buffer.clear());
        digest.update(buffer.flip());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
