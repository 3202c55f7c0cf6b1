package org.mixel.data.format;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.mixel.InputException;

/**
 * Files with the class of every row: IDX of one axis of bytes, plain or packed with gzip, or {@code
 * .npy} of integers of any width, of the shape {@code (n,)} or {@code (n, 1)}.
 */
public final class LabelFiles {
  /** The highest number that a class may have; the lowest is 0. */
  public static final int HIGHEST = 999;

  private LabelFiles() {}

  /**
   * Reads the labels of a named set from one of its own files: IDX, SVHN's {@code .mat} or
   * CIFAR-10's archive.
   *
   * @param part {@code train} or {@code test}, where the file holds both
   * @throws InputException if the file is damaged
   */
  public static int[] readOriginal(Path file, String part) {
    String name = file.toString();
    if (name.endsWith(".mat")) {
      return MatFormat.readLabels(file);
    }
    return name.endsWith(".gz")
        ? CifarFormat.readLabels(file, part)
        : IdxFormat.readLabels(file, header -> {});
  }

  /**
   * Reads the labels of a set. Memory is taken for {@code rows} of them, and only once the file
   * claims to hold so many.
   *
   * @param data the name of the set, for messages
   * @param rows its number of rows
   * @return {@code rows} numbers from 0 to {@link #HIGHEST}
   * @throws InputException if the file is damaged, of another form or another length, or a label is
   *     out of this range
   */
  public static int[] read(Path file, String data, int rows) {
    return FileErrors.naming(
        file,
        () -> {
          byte[] start;
          try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(NpyFormat.MAGIC.length);
          }
          if (start.length == 0) {
            throw new InputException(file + ": is empty");
          }
          if (Arrays.equals(start, NpyFormat.MAGIC)) {
            return NpyFormat.column(
                file,
                NpyFormat.Use.LABELS,
                data,
                rows,
                int[]::new,
                (labels, row, element, number) ->
                    labels[row] = label(file, row, element, value(element, number)));
          }
          if (IdxFormat.begins(start) || IdxFormat.isGzip(file)) {
            return IdxFormat.readLabels(file, header -> header.requireRows(rows, data, "labels"));
          }
          throw new InputException(
              file
                  + ": is neither an IDX file nor .npy; save the labels in NumPy with"
                  + " numpy.save(file, labels)");
        });
  }

  private static int label(Path file, int row, ArrayHeader.Element element, long value) {
    if (value < 0 || value > HIGHEST) {
      boolean unsigned = element == ArrayHeader.Element.UINT64;
      throw new InputException(
          "%s: the label of row %d (counted from 0) is %s; number the classes from 0 to %d"
              .formatted(
                  file,
                  row,
                  unsigned ? Long.toUnsignedString(value) : Long.toString(value),
                  HIGHEST));
    }
    return (int) value;
  }

  /** One integer; of {@code uint64}, those from 2^63 come out below 0. */
  private static long value(ArrayHeader.Element element, ByteBuffer number) {
    return switch (element) {
      case UINT8 -> number.get(0) & 0xff;
      case INT8 -> number.get(0);
      case UINT16 -> number.getShort(0) & 0xffff;
      case INT16 -> number.getShort(0);
      case UINT32 -> number.getInt(0) & 0xffffffffL;
      case INT32 -> number.getInt(0);
      case UINT64, INT64 -> number.getLong(0);
      case FLOAT16, FLOAT32, FLOAT64 -> throw new IllegalStateException("labels are integers");
    };
  }
}
