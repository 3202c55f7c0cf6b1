package org.mixel.spark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.mixel.data.ElementType;
import org.mixel.data.Samples;
import org.mixel.spark.row.RowBlock;

/** Rows of any format that Mixel reads, as a data set of Spark. */
public final class SampleRows {
  private static final int BLOCK_VALUES = 1 << 20;

  private SampleRows() {}

  /**
   * The rows in one column: bytes as {@code binary}, floats as arrays, doubles as arrays. They pass
   * through the driver: meant for data that one machine holds.
   *
   * @param column its name
   * @param partitions of the data set
   */
  public static Dataset<Row> of(
      SparkSession session, Samples samples, String column, int partitions) {
    List<RowBlock> blocks = new ArrayList<>();
    int step = Math.max(1, BLOCK_VALUES / samples.dims());
    for (int from = 0; from < samples.rows(); from += step) {
      blocks.add(block(samples, from, Math.min(step, samples.rows() - from)));
    }
    JavaRDD<Row> rows =
        JavaSparkContext.fromSparkContext(session.sparkContext())
            .parallelize(blocks, Math.min(partitions, blocks.size()))
            .flatMap(SampleRows::rows);
    return session.createDataFrame(rows, new StructType().add(column, type(samples), false));
  }

  private static DataType type(Samples samples) {
    return samples.type() == ElementType.UINT8
        ? DataTypes.BinaryType
        : DataTypes.createArrayType(
            samples.type() == ElementType.FLOAT64 ? DataTypes.DoubleType : DataTypes.FloatType,
            false);
  }

  private static RowBlock block(Samples samples, int from, int count) {
    int length = count * samples.dims();
    ByteBuffer raw =
        ByteBuffer.allocate(length * samples.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    samples.read(from, count, raw);
    raw.clear();
    Object values =
        switch (samples.type()) {
          case UINT8 -> raw.array();
          case FLOAT32 -> {
            float[] floats = new float[length];
            raw.asFloatBuffer().get(floats);
            yield floats;
          }
          case FLOAT64 -> {
            double[] doubles = new double[length];
            raw.asDoubleBuffer().get(doubles);
            yield doubles;
          }
        };
    return new RowBlock(count, samples.dims(), values, null);
  }

  private static Iterator<Row> rows(RowBlock block) {
    return IntStream.range(0, block.rows())
        .mapToObj(i -> RowFactory.create(value(block.select(new int[] {i}).values())))
        .iterator();
  }

  private static Object value(Object values) {
    if (values instanceof float[] floats) {
      return Scores.boxed(floats);
    }
    return values instanceof double[] doubles
        ? Arrays.stream(doubles).boxed().toArray(Double[]::new)
        : values;
  }
}
