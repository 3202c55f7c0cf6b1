package org.mixel.mfa;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.ElementType;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;

/** Rows of a file of float64 numbers as plain arrays. */
final class Doubles {
  private Doubles() {}

  static double[][] of(Path file) {
    Samples samples = DataSource.open(file.toString(), DataOptions.defaults(), Progress.SILENT);
    if (samples.type() != ElementType.FLOAT64) {
      throw new AssertionError("float64 is expected, got " + samples.type());
    }
    double[][] rows = new double[samples.rows()][samples.dims()];
    ByteBuffer raw = ByteBuffer.allocate(samples.rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows.length; i++) {
      samples.read(i, 1, raw.clear());
      raw.flip().asDoubleBuffer().get(rows[i]);
    }
    return rows;
  }
}
