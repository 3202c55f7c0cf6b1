package org.mixel.spark.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.mixel.OutputPlace;
import org.mixel.mfa.training.Trainer;
import org.mixel.spark.MixtureModel;
import org.mixel.spark.MixtureOfFactorAnalyzers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fits a mixture to data of any form. */
@Command(
    name = "fit",
    description = "Fit a mixture of factor analyzers to data of any form, and write its .mfa file.",
    mixinStandardHelpOptions = true)
final class SparkFit implements Callable<Integer> {
  @Mixin private Cluster cluster = new Cluster();

  @Parameters(
      paramLabel = "DATA",
      description = "A file, a folder of images, Parquet or a set's name.")
  private String data = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "M.mfa",
      required = true,
      description = "The model's file.")
  private Path output = Path.of("model.mfa");

  @Option(
      names = "--components",
      paramLabel = "K",
      defaultValue = "16",
      description = "(${DEFAULT-VALUE})")
  private int components;

  @Option(
      names = "--factors",
      paramLabel = "L",
      defaultValue = "4",
      description = "(${DEFAULT-VALUE})")
  private int factors;

  @Option(
      names = "--trainer",
      paramLabel = "em|truncated-em",
      defaultValue = "em",
      description =
          "Exact EM, or one that looks at few components for each row (${DEFAULT-VALUE}).")
  private String trainer = "em";

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "0",
      description = "Most passes.")
  private int iterations;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "Fixes all choices.")
  private long seed;

  @Option(
      names = "--validation-fraction",
      paramLabel = "F",
      defaultValue = "0",
      description = "Share of the rows that tells when to stop.")
  private double validationFraction;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      defaultValue = "",
      description = "Save every pass, and go on from it.")
  private String checkpoint = "";

  @Mixin private DataChoice choice = new DataChoice();

  @Option(names = "--json", description = "Write one JSON document.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    OutputPlace.requireFile(output);
    try (SparkSession session = cluster.session()) {
      DataChoice.Opened opened = choice.open(session, data);
      MixtureOfFactorAnalyzers estimator =
          new MixtureOfFactorAnalyzers()
              .setFeaturesCol(opened.column())
              .setK(components)
              .setFactors(factors)
              .setTrainer(trainer)
              .setImageShape(opened.shape())
              .setMaxIter(iterations)
              .setSeed(seed)
              .setValidationFraction(validationFraction)
              .setCheckpoint(checkpoint);
      long began = System.nanoTime();
      MixtureModel model = estimator.fit(opened.rows());
      double seconds = (System.nanoTime() - began) / 1e9;
      model.saveMfa(output.toAbsolutePath().toString());
      try (org.mixel.mfa.MixtureOfFactorAnalyzers mixture = model.toMixture()) {
        tell((long) Trainer.learnedRows(mixture, output), mixture.dims(), model, seconds);
      }
    }
    return 0;
  }

  private void tell(long rows, int dims, MixtureModel model, double seconds) throws Exception {
    int passes = model.trainLogLikelihood().size();
    if (json) {
      ObjectMapper mapper = new ObjectMapper();
      ObjectNode root =
          mapper
              .createObjectNode()
              .put("components", components)
              .put("factors", factors)
              .put("rows", rows)
              .put("dims", dims)
              .put("trainer", trainer)
              .put("seed", seed);
      model.trainLogLikelihood().forEach(root.putArray("train_log_likelihood")::add);
      model.validationLogLikelihood().forEach(root.putArray("validation_log_likelihood")::add);
      root.put("seconds", seconds).put("model", output.toString());
      System.out.println(mapper.writeValueAsString(root));
    } else {
      System.out.printf(
          Locale.ROOT,
          "%s: %d components, %d factors, %,d rows, %d passes, %.1f s; train %.2f nats before the last pass%n",
          output,
          components,
          factors,
          rows,
          passes,
          seconds,
          model.trainLogLikelihood().get(passes - 1));
    }
  }
}
