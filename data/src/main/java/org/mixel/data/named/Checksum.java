package org.mixel.data.named;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The hash that the bytes of a file must have.
 *
 * @param algorithm as Java names it: {@code SHA-256}, or {@code MD5} where the authors of a set
 *     published no better
 * @param hex the hash, lower case
 */
public record Checksum(String algorithm, String hex) {
  static Checksum sha256(String hex) {
    return new Checksum("SHA-256", hex);
  }

  static Checksum md5(String hex) {
    return new Checksum("MD5", hex);
  }

  MessageDigest digest() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  boolean matches(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest()).equals(hex);
  }

  boolean matches(Path file) throws IOException {
    try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), digest())) {
      in.transferTo(OutputStream.nullOutputStream());
      return matches(in.getMessageDigest());
    }
  }
}
