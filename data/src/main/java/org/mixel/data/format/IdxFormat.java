package org.mixel.data.format;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.data.format.ArrayHeader.Element;

/**
 * IDX, the form of MNIST: two zero bytes, a type, the number of axes, their lengths, the numbers,
 * all big-endian; plain or compressed with gzip.
 */
final class IdxFormat {
  private IdxFormat() {}

  /** Whether a file that begins so may be IDX. */
  static boolean begins(byte[] start) {
    return start.length >= 4
        && start[0] == 0
        && start[1] == 0
        && start[2] >= 0x08
        && start[2] <= 0x0e
        && start[3] >= 1
        && start[3] <= 8;
  }

  /**
   * Reads or maps a file of rows or images.
   *
   * @throws InputException if it is damaged or not an array of rows of bytes or floats
   */
  static Samples read(Path file, ReadRequest request) {
    return FileErrors.naming(
        file,
        () -> {
          if (isGzip(file)) {
            try (InputStream in = open(file)) {
              return new ArrayRows(header(in, file.toString()), request).readStream(in);
            }
          }
          ArrayHeader header;
          try (InputStream in = open(file)) {
            header = header(in, file.toString());
          }
          long offset = 4 + 4L * header.shape().length;
          header.check(Files.size(file) - offset);
          return new ArrayRows(header, request).readFile(file, offset);
        });
  }

  /**
   * Reads a file of labels: one axis of bytes.
   *
   * @param claims refuses a header; nothing has been read then
   * @throws InputException if it is damaged or holds something else
   */
  static int[] readLabels(Path file, Consumer<ArrayHeader> claims) {
    return FileErrors.naming(
        file,
        () -> {
          try (InputStream in = open(file)) {
            ArrayHeader header = header(in, file.toString());
            if (header.shape().length != 1 || header.element() != Element.UINT8) {
              throw new InputException(file + ": holds " + header.shapeText() + ", not labels");
            }
            claims.accept(header);
            byte[] labels =
                in.readNBytes((int) Math.min(header.shape()[0] + 1, Integer.MAX_VALUE - 8));
            header.check(labels.length);
            int[] values = new int[labels.length];
            for (int i = 0; i < values.length; i++) {
              values[i] = labels[i] & 0xff;
            }
            return values;
          }
        });
  }

  static boolean isGzip(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.read() == 0x1f && in.read() == 0x8b;
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    return isGzip(file) ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16) : in;
  }

  private static ArrayHeader header(InputStream in, String file) throws IOException {
    byte[] start = in.readNBytes(4);
    if (!begins(start)) {
      throw new InputException(file + ": is not an IDX file");
    }
    Element element =
        switch (start[2]) {
          case 0x08 -> Element.UINT8;
          case 0x0d -> Element.FLOAT32;
          case 0x0e -> Element.FLOAT64;
          default ->
              throw new InputException(
                  file + ": holds integers; save it as unsigned bytes (pixels 0 to 255) or floats");
        };
    byte[] lengths = in.readNBytes(4 * start[3]);
    if (lengths.length < 4 * start[3]) {
      throw new EOFException("within its header");
    }
    ByteBuffer axes = ByteBuffer.wrap(lengths);
    long[] shape = new long[start[3]];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = axes.getInt() & 0xffffffffL;
    }
    return new ArrayHeader(file, element, ByteOrder.BIG_ENDIAN, false, shape);
  }
}
