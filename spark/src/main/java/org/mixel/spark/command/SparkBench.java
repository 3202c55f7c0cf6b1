package org.mixel.spark.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.Refit;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.spark.MixtureColumns;
import org.mixel.spark.MixtureModel;
import org.mixel.spark.MixtureOfFactorAnalyzers;
import org.mixel.spark.SampleRows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An EM pass on Spark beside one of the local trainer, in turns, and how its time splits. */
@Command(
    name = "bench",
    description = "Time an EM pass on Spark beside one of the local trainer on the same cores.",
    mixinStandardHelpOptions = true)
final class SparkBench implements Callable<Integer> {
  private static final int VALUES = 3072;

  @Mixin private Cluster cluster = new Cluster();

  @Option(
      names = "--data",
      paramLabel = "DATA",
      defaultValue = "mnist",
      description = "(${DEFAULT-VALUE})")
  private String data = "mnist";

  @Option(
      names = "--components",
      paramLabel = "K",
      defaultValue = "256",
      description = "(${DEFAULT-VALUE})")
  private int components;

  @Option(
      names = "--factors",
      paramLabel = "L",
      defaultValue = "4",
      description = "(${DEFAULT-VALUE})")
  private int factors;

  @Option(
      names = "--passes",
      paramLabel = "N",
      defaultValue = "4",
      description = "Passes of a turn (${DEFAULT-VALUE}).")
  private int passes;

  @Option(
      names = "--turns",
      paramLabel = "N",
      defaultValue = "3",
      description = "(${DEFAULT-VALUE})")
  private int turns;

  @Option(
      names = "--made",
      paramLabel = "ROWS",
      defaultValue = "0",
      description =
          "Time a pass over so many rows of 3,072 values that are made in the pass and kept nowhere,"
              + " instead.")
  private int made;

  @Override
  public Integer call() throws Exception {
    if (made > 0) {
      return timeMade();
    }
    Samples samples = DataSource.open(data);
    try (SparkSession session = cluster.session()) {
      TaskTimes times = new TaskTimes();
      session.sparkContext().addSparkListener(times);
      Dataset<Row> rows =
          SampleRows.of(
              session, samples, "features", 4 * session.sparkContext().defaultParallelism());
      for (int turn = 0; turn < turns; turn++) {
        double local = median(local(samples));
        times.reset();
        MixtureModel model = estimator(samples).fit(rows);
        double distributed = median(model.iterationSeconds());
        System.out.printf(
            Locale.ROOT,
            "spark-em: %.3f s a pass, local %.3f s, ratio %.2f; driver alone %.3f s; %s; memory %s%n",
            distributed,
            local,
            distributed / local,
            times.ofDriver(model.iterationSeconds()),
            times.perPass(passes),
            memory());
      }
    }
    return 0;
  }

  private int timeMade() throws IOException {
    try (SparkSession session = cluster.session()) {
      MapFunction<Long, Row> make = number -> RowFactory.create(Vectors.dense(row(number)));
      StructType schema = new StructType().add("features", SQLDataTypes.VectorType(), false);
      Dataset<Row> rows = session.range(made).map(make, Encoders.row(schema));
      MixtureModel model =
          new MixtureOfFactorAnalyzers()
              .setK(components)
              .setFactors(factors)
              .setImageShape("3x32x32")
              .setRefit(false)
              .setPersistRows(false)
              .setInitRows(4 * components)
              .setMaxIter(1)
              .fit(rows);
      System.out.printf(
          Locale.ROOT,
          "spark-made: %.1f s for %,d rows of %d values, which are %.1f GB as float32; most memory %s%n",
          model.iterationSeconds().get(0),
          made,
          VALUES,
          4e-9 * made * VALUES,
          memory());
    }
    return 0;
  }

  /** Blurred noise: neighbouring values are alike. */
  private static double[] row(long number) {
    SplittableRandom random = new SplittableRandom(number);
    double[] values = new double[VALUES];
    double last = 0.5;
    for (int i = 0; i < VALUES; i++) {
      last = Math.min(1, Math.max(0, last + 0.1 * (random.nextDouble() - 0.5)));
      values[i] = last;
    }
    return values;
  }

  /** The most that this process has held, where the system tells. */
  private static String memory() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.isReadable(status)
        ? Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .map(line -> line.substring("VmHWM:".length()).trim())
            .findFirst()
            .orElse("unknown")
        : "unknown";
  }

  private List<Double> local(Samples samples) {
    TrainingOptions options =
        TrainingOptions.forRows(samples, components, factors)
            .withAlgorithm(new Algorithm.ExactEm())
            .withRefit(Refit.NONE)
            .withIterations(passes)
            .withTolerance(0);
    try (TrainingResult result = Trainer.of(options).fit(samples)) {
      return result.iterationSeconds();
    }
  }

  private MixtureOfFactorAnalyzers estimator(Samples samples) {
    return new MixtureOfFactorAnalyzers()
        .setK(components)
        .setFactors(factors)
        .setImageShape(MixtureColumns.shapeOf(samples))
        .setRefit(false)
        .setMaxIter(passes)
        .setTol(0);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
