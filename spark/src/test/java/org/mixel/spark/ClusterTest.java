package org.mixel.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Executors in processes of their own, which begin without unpacked libraries and may die. */
@Tag("slow")
class ClusterTest {
  private static final float[][] PICTURES = Sessions.pictures(400, 8, 1);

  @TempDir private static Path folder;

  private static SparkSession session;

  @BeforeAll
  static void start() throws Exception {
    session = Sessions.cluster();
  }

  @AfterAll
  static void end() {
    Sessions.stop(session);
  }

  private static Dataset<Row> pictures() {
    List<Row> rows =
        Arrays.stream(PICTURES)
            .map(row -> RowFactory.create((Object) Sessions.boxed(row)))
            .toList();
    // Nothing is shuffled: rows that are read again come in the same order.
    return session.createDataFrame(
        JavaSparkContext.fromSparkContext(session.sparkContext()).parallelize(rows, 4),
        new StructType().add("features", Sessions.FLOATS));
  }

  private static MixtureOfFactorAnalyzers estimator() {
    return new MixtureOfFactorAnalyzers()
        .setK(3)
        .setFactors(2)
        .setImageShape("1x8x8")
        .setRefit(false)
        .setMaxIter(3);
  }

  @ParameterizedTest
  @CsvSource({"em, 4", "truncated-em, 6"})
  void anExecutorThatDiesInAPassChangesNothing(String trainer, int readings) {
    Dataset<Row> rows = pictures().cache();
    MixtureOfFactorAnalyzers estimator = estimator().setTrainer(trainer).setTasks(4);
    List<Double> whole = estimator.fit(rows).trainLogLikelihood();
    Path marker = folder.resolve("died" + trainer);
    Dataset<Row> deadly =
        rows.mapPartitions(deathAfter(readings, marker), Encoders.row(rows.schema()));
    MixtureModel model = estimator.setPersistRows(false).fit(deadly);
    assertThat(marker).exists();
    assertThat(model.trainLogLikelihood()).isEqualTo(whole);
    assertThat(model.transform(rows).count()).isEqualTo(PICTURES.length);
  }

  /** Kills the process at a given reading of the first partition, once. */
  private static MapPartitionsFunction<Row, Row> deathAfter(int readings, Path marker) {
    String died = marker.toString();
    return own -> {
      if (TaskContext.getPartitionId() == 0
          && !Files.exists(Path.of(died))
          && Files.exists(Path.of(died + readings))) {
        Files.createFile(Path.of(died));
        Runtime.getRuntime().halt(1);
      }
      for (int i = 1; TaskContext.getPartitionId() == 0 && i <= readings; i++) {
        if (!Files.exists(Path.of(died + i))) {
          Files.createFile(Path.of(died + i));
          break;
        }
      }
      return own;
    };
  }
}
