package org.mixel.spark.command;

import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** Where a command computes. */
final class Cluster {
  @Option(
      names = "--master",
      paramLabel = "URL",
      defaultValue = "local[*]",
      description = "Spark's master (default: ${DEFAULT-VALUE}, all cores of this machine).")
  private String master = "local[*]";

  SparkSession session() {
    return SparkSession.builder()
        .master(master)
        .appName("mixel")
        .config("spark.ui.enabled", false)
        .config("spark.log.level", "ERROR")
        .config("spark.task.maxDirectResultSize", "64m")
        .config("spark.driver.maxResultSize", "0")
        .getOrCreate();
  }
}
