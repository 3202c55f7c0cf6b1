package org.mixel.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Two executors of one machine unpack the native libraries at the same time, every time anew:
 * {@code -Dmixel.starts=20} starts them so often.
 */
@EnabledIfSystemProperty(named = "mixel.starts", matches = "[0-9]+")
class StartsTest {
  @Test
  void executorsThatStartTogetherDoNotMeet() throws Exception {
    float[][] pictures = Sessions.pictures(200, 8, 1);
    List<Row> rows = new ArrayList<>();
    for (float[] picture : pictures) {
      rows.add(RowFactory.create((Object) Sessions.boxed(picture)));
    }
    List<Double> first = List.of();
    int failures = 0;
    int starts = Integer.getInteger("mixel.starts");
    for (int start : IntStream.range(0, starts).toArray()) {
      SparkSession session = Sessions.cluster();
      try {
        Dataset<Row> data =
            session.createDataFrame(
                JavaSparkContext.fromSparkContext(session.sparkContext()).parallelize(rows, 2),
                new StructType().add("features", Sessions.FLOATS));
        List<Double> fitted =
            new MixtureOfFactorAnalyzers()
                .setK(3)
                .setFactors(2)
                .setImageShape("1x8x8")
                .setMaxIter(1)
                .setRefit(false)
                .fit(data)
                .trainLogLikelihood();
        first = start == 0 ? fitted : first;
        assertThat(fitted).isEqualTo(first);
      } catch (RuntimeException | AssertionError e) {
        failures++;
        System.err.println("start " + start + ": " + e);
      } finally {
        Sessions.stop(session);
      }
    }
    System.err.printf("%d starts of two executors, %d failures%n", starts, failures);
    assertThat(failures).isZero();
  }
}
