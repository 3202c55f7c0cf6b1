package org.mixel.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.training.Initialization;
import org.mixel.mfa.training.NoiseModel;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mixel fit}: trains a mixture. */
@Command(
    name = "fit",
    header = "Fit a mixture of factor analyzers to images or other vectors.",
    sortOptions = false)
final class FitCommand extends Subcommand {
  private static final TrainingOptions DEFAULTS = TrainingOptions.defaults(100, 6);

  @Parameters(paramLabel = "DATA", description = "Training rows: a file, a folder or a set's name.")
  private String data;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "M.mfa",
      description = "Where the model goes.")
  private Path output;

  @Option(names = "--components", paramLabel = "K", description = "Components (default: 100).")
  private int components = DEFAULTS.components();

  @Option(names = "--factors", paramLabel = "L", description = "Factors of each (default: 6).")
  private int factors = DEFAULTS.factors();

  @Option(
      names = "--trainer",
      paramLabel = "em",
      defaultValue = "em",
      description = "em: exact expectation-maximization (default).")
  private String trainer;

  @Option(
      names = "--init",
      paramLabel = "kmeans|random|subspaces",
      defaultValue = "kmeans",
      description =
          "First model: factor analysis of clusters (default), subspaces through random rows, or"
              + " factor analysis of k-subspaces.")
  private String init;

  @Option(
      names = "--noise",
      paramLabel = "diagonal|isotropic",
      defaultValue = "diagonal",
      description = "One noise variance per pixel, or one per component (default: diagonal).")
  private String noise;

  @Option(
      names = "--noise-floor",
      paramLabel = "V",
      description = "Least noise variance of a pixel (default: 0.01).")
  private double noiseFloor = DEFAULTS.maximization().noiseFloor();

  @Option(
      names = "--noise-prior",
      paramLabel = "ROWS",
      description =
          "Weight of the prior on the noise, in rows per component; 0 is maximum likelihood"
              + " (default: 30).")
  private double noisePrior = DEFAULTS.maximization().priorRows();

  @Option(names = "--iterations", paramLabel = "N", description = "At most (default: 30).")
  private int iterations = DEFAULTS.iterations();

  @Option(
      names = "--tolerance",
      paramLabel = "NATS",
      description = "Stop when an iteration gains less per row (default: 0.01).")
  private double tolerance = DEFAULTS.tolerance();

  @Option(
      names = "--validation",
      paramLabel = "DATA",
      description = "Rows to stop on; the model that is best on them is kept.")
  private @Nullable String validation;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description = "Iterations without gain on the validation rows (default: 3).")
  private int patience = DEFAULTS.patience();

  @Option(
      names = "--resume",
      description = "Go on from M.mfa.checkpoint, which every iteration writes.")
  private boolean resume;

  @Mixin private MaskChoice mask = new MaskChoice();
  @Mixin private DataReading reading = new DataReading();
  @Mixin private DeviceChoice device = new DeviceChoice();

  private record Fitted(
      int components,
      int factors,
      int rows,
      int dims,
      String trainer,
      long seed,
      List<Double> trainLogLikelihood,
      List<Double> validationLogLikelihood,
      boolean converged,
      double seconds,
      String model) {}

  @Override
  Answer run(Session session) {
    require(trainer.equals("em"), "--trainer must be em, got " + trainer);
    TrainingOptions options =
        TrainingOptions.defaults(components, factors)
            .withInitialization(Initialization.of(init))
            .withNoise(NoiseModel.of(noise))
            .withNoiseLimits(noiseFloor, noisePrior)
            .withIterations(iterations)
            .withTolerance(tolerance)
            .withPatience(patience)
            .withSeed(session.seed());
    Path checkpoint = output.resolveSibling(output.getFileName() + ".checkpoint");
    Samples samples = mask.apply(reading.open(data, session));
    Trainer training = Trainer.of(options, device.device()).checkpointedIn(checkpoint, resume);
    if (validation != null) {
      training.validatedBy(reading.open(validation, session));
    }
    TrainingResult result = training.fit(samples, session.progress());
    try (MixtureOfFactorAnalyzers model = result.model()) {
      model.save(output);
    }
    training.deleteCheckpoint();
    Fitted fitted =
        new Fitted(
            components,
            factors,
            samples.rows(),
            samples.dims(),
            trainer,
            session.seed(),
            result.trainLogLikelihood(),
            result.validationLogLikelihood(),
            result.converged(),
            result.seconds(),
            output.toString());
    return Answer.of(fitted, describe(fitted));
  }

  private static String describe(Fitted fitted) {
    List<Double> train = fitted.trainLogLikelihood();
    String text =
        String.format(
            Locale.ROOT,
            "%s: %d components x %d factors, %,d rows of %d values%n"
                + "%d iterations in %.1f s, %s; train %.2f nats per row",
            fitted.model(),
            fitted.components(),
            fitted.factors(),
            fitted.rows(),
            fitted.dims(),
            train.size(),
            fitted.seconds(),
            fitted.converged() ? "converged" : "stopped at the limit of iterations",
            train.get(train.size() - 1));
    if (!fitted.validationLogLikelihood().isEmpty()) {
      double best =
          fitted.validationLogLikelihood().stream().mapToDouble(v -> v).max().orElseThrow();
      text += String.format(Locale.ROOT, ", validation %.2f (kept)", best);
    }
    return text;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new InputException(otherwise);
    }
  }
}
