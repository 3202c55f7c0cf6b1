package org.mixel.data.format;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.mixel.InputException;

/**
 * The claims of the header of an array file, checked for sense but not yet against the file.
 *
 * @param file the file (and entry), as errors call it
 * @param element how one number is stored
 * @param order the order of the bytes of one number
 * @param columnMajor whether the first axis, not the last, is the one that varies fastest
 * @param shape the lengths of the axes, the first that of the rows
 */
record ArrayHeader(
    String file, Element element, ByteOrder order, boolean columnMajor, long[] shape) {
  /** How one number is stored. */
  enum Element {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    UINT64(8),
    INT64(8),
    FLOAT16(2),
    FLOAT32(4),
    FLOAT64(8);

    private final int bytes;

    Element(int bytes) {
      this.bytes = bytes;
    }

    int bytes() {
      return bytes;
    }
  }

  /**
   * @throws InputException if the array is empty or has more than 2^63 bytes
   */
  ArrayHeader {
    long bytes = element.bytes();
    for (long length : shape) {
      if (length == 0) {
        throw new InputException(
            "%s: holds no %s: its shape is %s"
                .formatted(file, shape[0] == 0 ? "rows" : "values", text(shape)));
      }
      if (length < 0 || Math.multiplyHigh(bytes, length) != 0 || bytes * length < 0) {
        throw new InputException(file + ": is damaged: its header claims the shape " + text(shape));
      }
      bytes *= length;
    }
  }

  /** How many bytes of numbers follow the header. */
  long dataBytes() {
    return Arrays.stream(shape).reduce(element.bytes(), (a, b) -> a * b);
  }

  /** The shape as NumPy writes it: {@code (60000, 28, 28)}. */
  String shapeText() {
    return text(shape);
  }

  /**
   * Compares the first axis with the rows of a set.
   *
   * @param data the name of the set
   * @param noun what each row has one of, in the plural: {@code labels}
   * @throws InputException if there is not one for each row
   */
  void requireRows(int rows, String data, String noun) {
    if (shape[0] != rows) {
      throw new InputException(
          "%s: holds %d %s, but %s has %d rows; give the %s of every row"
              .formatted(file, shape[0], noun, data, rows, noun.substring(0, noun.length() - 1)));
    }
  }

  /**
   * Compares the claim with what is there.
   *
   * @param available bytes that follow the header
   * @throws InputException if they differ
   */
  void check(long available) {
    long claimed = dataBytes();
    if (available < claimed) {
      throw new InputException(
          "%s: its header claims %s, %d bytes, but only %d follow; it is cut off, so get it again"
              .formatted(file, shapeText(), claimed, available));
    }
    if (available > claimed) {
      throw new InputException(
          "%s: %d bytes follow its header, but the shape %s needs %d; it is damaged, so get it again"
              .formatted(file, available, shapeText(), claimed));
    }
  }

  /** A shape as NumPy writes it. */
  static String text(long[] shape) {
    return Arrays.stream(shape)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(", ", "(", shape.length == 1 ? ",)" : ")"));
  }
}
