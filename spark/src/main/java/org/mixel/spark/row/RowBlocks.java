package org.mixel.spark.row;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;

/**
 * A column of rows as blocks of numbers: {@code binary} bytes, arrays of floats or doubles, or
 * MLlib's vectors, dense or sparse. Decoded once, without an object for each number.
 */
public final class RowBlocks {
  /** Values of a block. */
  private static final int BLOCK_VALUES = 1 << 20;

  private static final int MOST_ROWS = 8192;

  private RowBlocks() {}

  /** The kinds of columns. */
  public enum Kind {
    BYTES,
    FLOATS,
    DOUBLES,
    VECTORS;

    /** An array of zeros that holds so many values of such a column. */
    public Object array(int length) {
      return switch (this) {
        case BYTES -> new byte[length];
        case FLOATS -> new float[length];
        case DOUBLES, VECTORS -> new double[length];
      };
    }

    public static Kind of(String column, DataType type) {
      if (type.equals(DataTypes.BinaryType)) {
        return BYTES;
      }
      if (type instanceof ArrayType array && array.elementType().equals(DataTypes.FloatType)) {
        return FLOATS;
      }
      if (type instanceof ArrayType array && array.elementType().equals(DataTypes.DoubleType)) {
        return DOUBLES;
      }
      if (type.equals(SQLDataTypes.VectorType())) {
        return VECTORS;
      }
      throw new InputException(
          "column %s is of type %s; it must hold vectors, arrays of floats or doubles, or binary"
              .formatted(column, type.simpleString()));
    }
  }

  /**
   * The blocks of a data set.
   *
   * @param features the column of rows
   * @param weights the column of their weights; null for none
   * @return as many partitions as the data set has
   * @throws InputException if a column is missing or of another type
   */
  public static JavaRDD<RowBlock> of(Dataset<?> data, String features, @Nullable String weights) {
    requireColumn(data, features);
    Kind kind = Kind.of(features, data.schema().apply(features).dataType());
    var column = data.col(quoted(features));
    var selected =
        weights == null
            ? data.select(column)
            : data.select(column, weight(data, weights).cast(DataTypes.DoubleType));
    Decoder decoder = new Decoder(features, weights, kind);
    return selected
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .mapPartitions(rows -> new Blocks(rows, decoder));
  }

  private static org.apache.spark.sql.Column weight(Dataset<?> data, String weights) {
    requireColumn(data, weights);
    return data.col(quoted(weights));
  }

  private static String quoted(String column) {
    return "`" + column.replace("`", "``") + "`";
  }

  public static void requireColumn(Dataset<?> data, String column) {
    if (!Arrays.asList(data.columns()).contains(column)) {
      throw new InputException(
          "there is no column %s; there are %s"
              .formatted(column, String.join(", ", data.columns())));
    }
  }

  /** Rows one by one as numbers. */
  private record Decoder(String features, @Nullable String weights, Kind kind)
      implements Serializable {
    /** How many values a row has. */
    int dims(InternalRow row, long number) {
      if (row.isNullAt(0)) {
        throw refused(number, "is null");
      }
      return switch (kind) {
        case BYTES -> row.getBinary(0).length;
        case FLOATS, DOUBLES -> row.getArray(0).numElements();
        case VECTORS -> {
          InternalRow vector = row.getStruct(0, 4);
          yield vector.getByte(0) == 0 ? vector.getInt(1) : vector.getArray(3).numElements();
        }
      };
    }

    double weight(InternalRow row, long number) {
      if (weights == null) {
        return 1;
      }
      double weight = row.isNullAt(1) ? Double.NaN : row.getDouble(1);
      if (!(weight >= 0) || Double.isInfinite(weight)) {
        throw new InputException(
            "column %s, row %d of its partition: a weight must be at least 0, got %s"
                .formatted(weights, number, row.isNullAt(1) ? "null" : weight));
      }
      return weight;
    }

    void copy(InternalRow row, long number, int dims, Object block, int at) {
      switch (kind) {
        case BYTES -> System.arraycopy(row.getBinary(0), 0, block, at, dims);
        case FLOATS -> {
          float[] values = whole(row.getArray(0), number).toFloatArray();
          for (int i = 0; i < dims; i++) {
            requireFinite(values[i], number, i);
          }
          System.arraycopy(values, 0, block, at, dims);
        }
        case DOUBLES ->
            copy(whole(row.getArray(0), number).toDoubleArray(), number, (double[]) block, at);
        case VECTORS -> {
          InternalRow vector = row.getStruct(0, 4);
          double[] values = vector.getArray(3).toDoubleArray();
          if (vector.getByte(0) == 0) {
            double[] dense = new double[dims];
            int[] indices = vector.getArray(2).toIntArray();
            for (int i = 0; i < indices.length; i++) {
              dense[indices[i]] = values[i];
            }
            values = dense;
          }
          copy(values, number, (double[]) block, at);
        }
      }
    }

    private void copy(double[] values, long number, double[] block, int at) {
      for (int i = 0; i < values.length; i++) {
        requireFinite(values[i], number, i);
      }
      System.arraycopy(values, 0, block, at, values.length);
    }

    private ArrayData whole(ArrayData values, long number) {
      for (int i = 0; i < values.numElements(); i++) {
        if (values.isNullAt(i)) {
          throw refused(number, "has a null at " + i + "; a missing value is NaN");
        }
      }
      return values;
    }

    private void requireFinite(double value, long number, int at) {
      if (Double.isInfinite(value)) {
        throw refused(number, "has the value %s at %d".formatted(value, at));
      }
    }

    InputException refused(long number, String what) {
      return new InputException(
          "column %s, row %d of its partition %s".formatted(features, number, what));
    }
  }

  /** The blocks of a partition. */
  private static final class Blocks implements Iterator<RowBlock> {
    private final Iterator<InternalRow> rows;
    private final Decoder decoder;
    private @Nullable InternalRow waiting;
    private long number = -1;
    private double weight;

    Blocks(Iterator<InternalRow> rows, Decoder decoder) {
      this.rows = rows;
      this.decoder = decoder;
      advance();
    }

    /** Goes on to the next row that counts. */
    private void advance() {
      waiting = null;
      while (waiting == null && rows.hasNext()) {
        InternalRow row = rows.next();
        number++;
        weight = decoder.weight(row, number);
        waiting = weight > 0 ? row : null;
      }
    }

    @Override
    public boolean hasNext() {
      return waiting != null;
    }

    @Override
    public RowBlock next() {
      if (waiting == null) {
        throw new NoSuchElementException();
      }
      int dims = decoder.dims(waiting, number);
      if (dims == 0) {
        throw decoder.refused(number, "has no values");
      }
      int most = Math.max(1, Math.min(MOST_ROWS, BLOCK_VALUES / dims));
      Object values = decoder.kind().array(most * dims);
      double[] weights = new double[most];
      int count = 0;
      while (waiting != null && count < most) {
        int own = decoder.dims(waiting, number);
        if (own != dims) {
          throw decoder.refused(number, "has %d values, others have %d".formatted(own, dims));
        }
        decoder.copy(waiting, number, dims, values, count * dims);
        weights[count++] = weight;
        advance();
      }
      RowBlock block = new RowBlock(most, dims, values, decoder.weights() == null ? null : weights);
      return count == most ? block : block.range(0, count);
    }
  }
}
