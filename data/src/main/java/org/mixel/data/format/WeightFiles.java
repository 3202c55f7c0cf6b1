package org.mixel.data.format;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
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
    return FileErrors.naming(file, () -> readNpy(file, data, rows));
  }

  private static double[] readNpy(Path file, String data, int rows) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      NpyFormat.CountedHeader counted =
          NpyFormat.header(in, file.toString(), NpyFormat.Use.WEIGHTS);
      ArrayHeader header = counted.header();
      long[] shape = header.shape();
      if (!(shape.length == 1 || (shape.length == 2 && shape[1] == 1))) {
        throw new InputException(
            "%s: has the shape %s; weights are one number for each row: save them as (n,) or (n, 1)"
                .formatted(file, header.shapeText()));
      }
      if (shape[0] != rows) {
        throw new InputException(
            "%s: holds %d weights, but %s has %d rows; give the weight of every row"
                .formatted(file, shape[0], data, rows));
      }
      header.check(Files.size(file) - counted.bytes());
      double[] weights = new double[rows];
      byte[] number = new byte[header.element().bytes()];
      ByteBuffer buffer = ByteBuffer.wrap(number).order(header.order());
      for (int row = 0; row < rows; row++) {
        in.readFully(number);
        weights[row] = value(header.element(), buffer);
      }
      return weights;
    }
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
