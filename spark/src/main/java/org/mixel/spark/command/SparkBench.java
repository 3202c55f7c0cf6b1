package org.mixel.spark.command;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.Refit;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
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

  @Override
  public Integer call() throws Exception {
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
            "spark-em: %.3f s a pass, local %.3f s, ratio %.2f; %s%n",
            distributed,
            local,
            distributed / local,
            times.perPass(passes));
      }
    }
    return 0;
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
    String shape =
        samples
            .shape()
            .map(s -> "%dx%dx%d".formatted(s.channels(), s.height(), s.width()))
            .orElse("");
    return new MixtureOfFactorAnalyzers()
        .setK(components)
        .setFactors(factors)
        .setImageShape(shape)
        .setRefit(false)
        .setMaxIter(passes)
        .setTol(0);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
