package org.mixel.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A session of two threads, and rows for tests. */
final class Sessions {
  static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, true);
  static final DataType DOUBLES = DataTypes.createArrayType(DataTypes.DoubleType, true);
  static final DataType VECTORS = new VectorUDT();

  private Sessions() {}

  static SparkSession local() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("tests")
        .config("spark.ui.enabled", false)
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.log.level", "ERROR")
        .getOrCreate();
  }

  /** A session of two executors in processes of their own; others are stopped. */
  static SparkSession cluster() throws IOException {
    SparkSession.getActiveSession().foreach(Sessions::stop);
    Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return SparkSession.builder()
        .master("local-cluster[2,1,1024]")
        .appName("cluster")
        .config("spark.ui.enabled", false)
        .config("spark.log.level", "ERROR")
        .config("spark.executor.extraClassPath", classes)
        .config("spark.sql.shuffle.partitions", 2)
        .getOrCreate();
  }

  static SparkSession stop(SparkSession session) {
    session.stop();
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
    return session;
  }

  /** Rows of one column. */
  static Dataset<Row> of(DataType type, List<?> values, int partitions) {
    List<Row> rows = new ArrayList<>();
    values.forEach(each -> rows.add(RowFactory.create(each)));
    StructType schema = new StructType().add("features", type);
    SparkSession session = local();
    return session.createDataFrame(
        org.apache.spark.api.java.JavaSparkContext.fromSparkContext(session.sparkContext())
            .parallelize(rows, partitions),
        schema);
  }

  /**
   * Small pictures of three kinds: a bright bar whose place and brightness vary, on noise.
   *
   * @return pixels in [0, 1], {@code rows x side^2}
   */
  static float[][] pictures(int rows, int side, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] all = new float[rows][side * side];
    for (float[] row : all) {
      int kind = random.nextInt(3);
      double light = 0.4 + 0.5 * random.nextDouble();
      for (int i = 0; i < row.length; i++) {
        int line = kind == 0 ? i / side : kind == 1 ? i % side : (i / side + i % side) / 2;
        double value = Math.abs(line - side / 2) <= 1 ? light : 0.1;
        row[i] = (float) Math.min(1, Math.max(0, value + 0.05 * random.nextGaussian()));
      }
    }
    return all;
  }

  static Float[] boxed(float[] row) {
    Float[] boxed = new Float[row.length];
    for (int i = 0; i < row.length; i++) {
      boxed[i] = row[i];
    }
    return boxed;
  }

  static float[] joined(float[][] rows) {
    float[] all = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * rows[0].length, rows[0].length);
    }
    return all;
  }
}
