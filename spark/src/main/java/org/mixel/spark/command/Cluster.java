package org.mixel.spark.command;

import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command computes. */
final class Cluster {
  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Spark's master (default: that of spark-submit, or local[*], all cores of this machine).")
  private @Nullable String master;

  SparkSession session() {
    return SparkSession.builder()
        .master(master == null ? System.getProperty("spark.master", "local[*]") : master)
        .appName("mixel")
        .config("spark.ui.enabled", false)
        .config("spark.log.level", "ERROR")
        .config("spark.task.maxDirectResultSize", "64m")
        .config("spark.driver.maxResultSize", "0")
        .getOrCreate();
  }
}
