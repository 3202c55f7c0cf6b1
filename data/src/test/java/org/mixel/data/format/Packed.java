package org.mixel.data.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs bytes so that their checksums are right, whatever the bytes: else a reader would refuse
 * nearly all of them at the door.
 */
final class Packed {
  private static final int BLOCK = 512;
  private static final int MAT_HEADER = 128;
  private static final int PNG_SIGNATURE = 8;

  private Packed() {}

  /** Writes bytes into a stream that packs them. */
  private interface Packing {
    OutputStream around(OutputStream target) throws IOException;
  }

  private static byte[] packed(byte[] bytes, Packing packing) {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    try (OutputStream out = packing.around(target)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return target.toByteArray();
  }

  static byte[] gzip(byte[] bytes) {
    return packed(bytes, GZIPOutputStream::new);
  }

  private static byte[] deflated(byte[] bytes) {
    return packed(bytes, DeflaterOutputStream::new);
  }

  /** An archive of one member. */
  static byte[] zip(String name, byte[] bytes) {
    return packed(
        bytes,
        target -> {
          ZipOutputStream zip = new ZipOutputStream(target);
          zip.putNextEntry(new ZipEntry(name));
          return zip;
        });
  }

  /**
   * An archive of members that stand one after the other: the length of the name in a byte, the
   * name, the length of the content in two bytes, the content.
   */
  static byte[] zip(byte[] members) {
    ByteBuffer in = ByteBuffer.wrap(members);
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(target, StandardCharsets.ISO_8859_1)) {
      while (in.remaining() >= 3) {
        String name = new String(part(in, in.get() & 0xff), StandardCharsets.ISO_8859_1);
        byte[] content = in.remaining() < 2 ? new byte[0] : part(in, in.getShort() & 0xffff);
        try {
          zip.putNextEntry(new ZipEntry(name));
          zip.write(content);
        } catch (IOException e) {
          // A name that stands twice.
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return target.toByteArray();
  }

  private static byte[] part(ByteBuffer in, int length) {
    byte[] part = new byte[Math.min(length, in.remaining())];
    in.get(part);
    return part;
  }

  /** A tar archive with right checksums of the headers, which are found by the sizes they claim. */
  static byte[] tar(byte[] archive) {
    byte[] right = archive.clone();
    for (long at = 0; at + BLOCK <= right.length; ) {
      int header = (int) at;
      long size = octal(right, header + 124, 12);
      Arrays.fill(right, header + 148, header + 156, (byte) ' ');
      int sum = 0;
      for (int i = 0; i < BLOCK; i++) {
        sum += right[header + i] & 0xff;
      }
      if (sum == 8 * ' ') {
        Arrays.fill(right, header + 148, header + 156, (byte) 0);
      } else {
        byte[] text = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(text, 0, right, header + 148, text.length);
      }
      at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
    }
    return right;
  }

  private static long octal(byte[] bytes, int from, int length) {
    long value = 0;
    for (int i = from; i < from + length && bytes[i] >= '0' && bytes[i] <= '7'; i++) {
      value = 8 * value + bytes[i] - '0';
    }
    return value;
  }

  /** A MATLAB file whose elements are packed into one. */
  static byte[] mat(byte[] plain) {
    if (plain.length < MAT_HEADER) {
      return plain;
    }
    byte[] content = deflated(Arrays.copyOfRange(plain, MAT_HEADER, plain.length));
    return ByteBuffer.allocate(MAT_HEADER + 8 + content.length)
        .order(plain[MAT_HEADER - 2] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
        .put(plain, 0, MAT_HEADER)
        .putInt(15)
        .putInt(content.length)
        .put(content)
        .array();
  }

  /** A PNG file whose chunks get right checksums; {@code IDAT}, which was plain, is packed. */
  static byte[] png(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer in = ByteBuffer.wrap(plain);
    out.writeBytes(part(in, PNG_SIGNATURE));
    while (in.remaining() >= 8) {
      int length = in.getInt();
      byte[] type = part(in, 4);
      byte[] content = part(in, length < 0 ? Integer.MAX_VALUE : length);
      if (new String(type, StandardCharsets.ISO_8859_1).equals("IDAT")) {
        content = deflated(content);
      }
      in.position(Math.min(in.limit(), in.position() + 4));
      CRC32 crc = new CRC32();
      crc.update(type);
      crc.update(content);
      out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
      out.writeBytes(type);
      out.writeBytes(content);
      out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
    return out.toByteArray();
  }
}
