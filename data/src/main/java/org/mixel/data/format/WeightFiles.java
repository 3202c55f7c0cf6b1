package org.mixel.data.format;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.mixel.InputException;

/** Files with the weight of every row: {@code .npy} of the shape {@code (n,)} or {@code (n, 1)}. */
public final class WeightFiles {
  private WeightFiles() {}

  /**
   * Reads the weights of a set. Memory is taken for {@code rows} of them, and only once the file
   * claims to hold so many.
   *
   * @param data the name of the set, for messages
   * @param rows its number of rows
   * @return {@code rows} numbers
   * @throws InputException if the file is damaged, of another form or another length
   */
  public static double[] read(Path file, String data, int rows) {
    return FileErrors.naming(
        file,
        () ->
            NpyFormat.column(
                file,
                NpyFormat.Use.WEIGHTS,
                data,
                rows,
                double[]::new,
                (weights, row, element, number) -> weights[row] = value(element, number)));
  }

  private static double value(ArrayHeader.Element element, ByteBuffer number) {
    return switch (element) {
      case UINT8 -> number.get(0) & 0xff;
      case INT32 -> number.getInt(0);
      case INT64 -> number.getLong(0);
      case FLOAT32 -> number.getFloat(0);
      case FLOAT64 -> number.getDouble(0);
      case INT8, UINT16, INT16, UINT32, UINT64, FLOAT16 ->
          throw new IllegalStateException("no type of weights");
    };
  }
}
