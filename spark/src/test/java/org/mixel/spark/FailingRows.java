package org.mixel.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** Rows that can be read only so often. */
final class FailingRows {
  private FailingRows() {}

  /**
   * The same rows, until partition 0 was read so often.
   *
   * @param folder keeps count of the readings
   */
  static Dataset<Row> after(Dataset<Row> rows, Path folder, int readings) {
    String counter = folder.resolve("readings").toString();
    MapPartitionsFunction<Row, Row> counted =
        own -> {
          if (org.apache.spark.TaskContext.getPartitionId() == 0
              && count(Path.of(counter)) > readings) {
            throw new IOException("the disk is gone");
          }
          return own;
        };
    return rows.mapPartitions(counted, Encoders.row(rows.schema()));
  }

  private static int count(Path counter) throws IOException {
    int before = Files.exists(counter) ? Integer.parseInt(Files.readString(counter)) : 0;
    Files.writeString(counter, Integer.toString(before + 1));
    return before + 1;
  }
}
