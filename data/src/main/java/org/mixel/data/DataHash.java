package org.mixel.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.IntStream;

/** Identifies a data set, whatever file it came from. */
public final class DataHash {
  private static final int BRIEF_DIGITS = 16;

  private DataHash() {}

  /**
   * The SHA-256 of weights of rows, as little-endian float64.
   *
   * @return 64 hexadecimal digits
   */
  public static String sha256(double[] weights) {
    return ofNumbers().add(weights).sha256();
  }

  /**
   * The SHA-256 of labels of rows, as little-endian float64.
   *
   * @return 64 hexadecimal digits
   */
  public static String sha256(int[] labels) {
    return sha256(IntStream.of(labels).asDoubleStream().toArray());
  }

  /**
   * The beginning of the SHA-256 of labels, enough to tell them apart in a text.
   *
   * @return 16 hexadecimal digits
   */
  public static String brief(int[] labels) {
    return sha256(labels).substring(0, BRIEF_DIGITS);
  }

  /** The SHA-256 of numbers that come in parts, as little-endian float64. */
  public static OfNumbers ofNumbers() {
    return new OfNumbers();
  }

  /** Numbers so far. */
  public static final class OfNumbers {
    private final MessageDigest digest = digest();

    private OfNumbers() {}

    /** Adds numbers. */
    public OfNumbers add(double[] numbers) {
      ByteBuffer bytes =
          ByteBuffer.allocate(numbers.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asDoubleBuffer().put(numbers);
      digest.update(bytes);
      return this;
    }

    /** 64 hexadecimal digits; to be asked once. */
    public String sha256() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  /**
   * The SHA-256 of a line with element type, rows and shape, and all rows in their stored form.
   *
   * @param samples any set; read once, in small batches
   * @return 64 hexadecimal digits
   */
  public static String sha256(Samples samples) {
    MessageDigest digest = digest();
    String shape =
        samples
            .shape()
            .map(image -> image.channels() + " " + image.height() + " " + image.width())
            .orElse(Integer.toString(samples.dims()));
    String head = "%s %d x %s\n".formatted(samples.type(), samples.rows(), shape);
    digest.update(head.getBytes(StandardCharsets.US_ASCII));
    samples.forEachBatch(digest::update);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** A new SHA-256 of nothing yet, for one thread. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
