package org.mixel.data.format;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.data.format.ArrayHeader.Element;

/**
 * NumPy's {@code .npy} files, versions 1 to 3 of the format (NumPy Enhancement Proposal 1): magic,
 * version, length of the header, the header as a Python dictionary, the numbers.
 */
final class NpyFormat {
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  private static final int MAX_HEADER = 1 << 20;
  private static final Pattern DICTIONARY =
      Pattern.compile("[ \\t]*\\{(.*)\\}\\s*", Pattern.DOTALL);

  /** One entry, with the comma that all but the last must have. */
  private static final Pattern ENTRY =
      Pattern.compile(
          "\\s*'(descr|fortran_order|shape)'\\s*:"
              + "\\s*('[^']*'|True|False|\\([^()]*\\)|\\[.*\\])\\s*(?:,\\s*|$)",
          Pattern.DOTALL);

  private static final Pattern TYPE = Pattern.compile("'([<>|=]?)([a-zA-Z]\\d{1,6})'");
  private static final Pattern LONG = Pattern.compile("([0-9])L");
  private static final Pattern LENGTH = Pattern.compile("\\s*(0|[1-9][0-9]*)\\s*");

  private NpyFormat() {}

  /**
   * Reads or maps a file.
   *
   * @throws InputException if it is damaged or not an array of rows of bytes or floats
   */
  static Samples read(Path file, ReadRequest request) {
    return FileErrors.naming(
        file,
        () -> {
          ArrayHeader header;
          long offset;
          try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            CountedHeader counted = header(in, file.toString(), Use.ROWS);
            header = counted.header();
            offset = counted.bytes();
          }
          header.check(Files.size(file) - offset);
          return new ArrayRows(header, request).readFile(file, offset);
        });
  }

  /**
   * A header and the bytes it took.
   *
   * @param header the claims
   * @param bytes where the numbers start
   */
  record CountedHeader(ArrayHeader header, long bytes) {}

  /** The types that an array may have, by its use. */
  enum Use {
    ROWS("it as uint8 (pixels 0 to 255) or float32", "u1", "f2", "f4", "f8"),
    MASK("the mask as bool or uint8", "b1", "i1", "u1", "f2", "f4", "f8"),
    LABELS("labels as integers, such as int64", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8"),
    WEIGHTS("weights as float64", "u1", "i4", "i8", "f4", "f8");

    private final String remedy;
    private final Set<String> codes;

    Use(String remedy, String... codes) {
      this.remedy = remedy;
      this.codes = Set.of(codes);
    }

    private Element element(String code, String file) {
      if (!codes.contains(code)) {
        throw new InputException("%s: holds %s; save %s".formatted(file, typeName(code), remedy));
      }
      // Of a mask only matters which bytes are zero.
      boolean bytes = this == MASK && code.endsWith("1");
      return bytes ? Element.UINT8 : Element.valueOf(typeName(code).toUpperCase(Locale.ROOT));
    }
  }

  /** Reads a header and leaves the stream behind it. */
  static CountedHeader header(InputStream in, String file, Use use) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (start.length < MAGIC.length + 2 || !Arrays.equals(start, 0, 6, MAGIC, 0, 6)) {
      throw new InputException(file + ": is not a .npy file: it does not begin as NumPy writes it");
    }
    int version = start[6];
    if (version < 1 || version > 3 || start[7] != 0) {
      throw new InputException(
          "%s: .npy version %d.%d is not known; save it anew"
              .formatted(file, version & 0xff, start[7] & 0xff));
    }
    int lengthBytes = version == 1 ? 2 : 4;
    byte[] length = Arrays.copyOf(exactly(in, lengthBytes), 4);
    int headerBytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (headerBytes < 0 || headerBytes > MAX_HEADER) {
      throw new InputException(
          file + ": is damaged: its header claims " + (headerBytes & 0xffffffffL) + " bytes");
    }
    String text = new String(exactly(in, headerBytes), StandardCharsets.ISO_8859_1);
    return new CountedHeader(
        parse(text, version, file, use), start.length + lengthBytes + headerBytes);
  }

  /**
   * Keeps the number of a row.
   *
   * @param <T> all numbers
   */
  @FunctionalInterface
  interface Keeper<T> {
    /**
     * @param number its bytes from 0 on, in the order of the file
     */
    void keep(T all, int row, Element element, ByteBuffer number);
  }

  /**
   * Reads a file of one number for each row, of the shape {@code (n,)} or {@code (n, 1)}.
   *
   * @param use labels or weights
   * @param data the name of the set, for messages
   * @param rows its number of rows
   * @param make makes what holds so many numbers, once the file claims to hold them
   * @param keeper keeps each number in turn
   * @throws InputException if the file has another shape or not one number for each row, or ends
   *     early
   */
  static <T> T column(
      Path file, Use use, String data, int rows, IntFunction<T> make, Keeper<T> keeper)
      throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      CountedHeader counted = header(in, file.toString(), use);
      ArrayHeader header = counted.header();
      String noun = use.name().toLowerCase(Locale.ROOT);
      long[] shape = header.shape();
      if (!(shape.length == 1 || (shape.length == 2 && shape[1] == 1))) {
        throw new InputException(
            "%s: has the shape %s; %s are one number for each row: save them as (n,) or (n, 1)"
                .formatted(file, header.shapeText(), noun));
      }
      header.requireRows(rows, data, noun);
      header.check(Files.size(file) - counted.bytes());
      T all = make.apply(rows);
      byte[] number = new byte[header.element().bytes()];
      ByteBuffer buffer = ByteBuffer.wrap(number).order(header.order());
      for (int row = 0; row < rows; row++) {
        in.readFully(number);
        keeper.keep(all, row, header.element(), buffer);
      }
      return all;
    }
  }

  private static byte[] exactly(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("within its header");
    }
    return bytes;
  }

  private static ArrayHeader parse(String text, int version, String file, Use use) {
    Map<String, String> entries = entries(text);
    String columnMajor = entries.getOrDefault("fortran_order", "");
    String shape = entries.getOrDefault("shape", "");
    String described = entries.getOrDefault("descr", "");
    // Python 2, which wrote long numbers so, has no third version.
    long[] axes = axes(version < 3 ? LONG.matcher(shape).replaceAll("$1") : shape);
    if (axes == null || !columnMajor.matches("True|False")) {
      throw new InputException(file + ": is damaged: its header is not one that NumPy writes");
    }
    Matcher type = TYPE.matcher(described);
    if (!type.matches()) {
      throw new InputException(
          file + ": is not an array of plain numbers; save it as uint8 or float32");
    }
    ByteOrder order = type.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return new ArrayHeader(
        file, use.element(type.group(2), file), order, columnMajor.equals("True"), axes);
  }

  /** The entries of a dictionary; none if it is not made of them alone. */
  private static Map<String, String> entries(String text) {
    Matcher dictionary = DICTIONARY.matcher(text);
    if (!dictionary.matches()) {
      return Map.of();
    }
    String content = dictionary.group(1);
    Map<String, String> entries = new HashMap<>();
    Matcher entry = ENTRY.matcher(content);
    int end = 0;
    while (entry.region(end, content.length()).lookingAt()) {
      // Python takes the last of two entries of a name, and NumPy that one.
      entries.put(entry.group(1), entry.group(2));
      end = entry.end();
      if (end == content.length()) {
        return entries;
      }
    }
    return Map.of();
  }

  private static String typeName(String code) {
    String bits = Integer.toString(8 * Integer.parseInt(code.substring(1), 10));
    return switch (code.charAt(0)) {
      case 'b' -> "bool";
      case 'i' -> "int" + bits;
      case 'u' -> "uint" + bits;
      case 'f' -> "float" + bits;
      case 'c' -> "complex" + bits;
      case 'O' -> "Python objects";
      default -> "values of type '%s'".formatted(code);
    };
  }

  /** The lengths of a tuple as Python writes it; null if it is none. */
  private static long @Nullable [] axes(String tuple) {
    if (!tuple.startsWith("(")) {
      return null;
    }
    String[] parts = tuple.substring(1, tuple.length() - 1).split(",", -1);
    int axes = parts[parts.length - 1].isBlank() ? parts.length - 1 : parts.length;
    // (3) is a number, and (,) nothing.
    if (axes == 1 && parts.length == 1) {
      return null;
    }
    long[] lengths = new long[axes];
    for (int i = 0; i < axes; i++) {
      Matcher length = LENGTH.matcher(parts[i]);
      if (!length.matches()) {
        return null;
      }
      try {
        lengths[i] = Long.parseLong(length.group(1));
      } catch (NumberFormatException e) {
        return null;
      }
    }
    return lengths;
  }
}
