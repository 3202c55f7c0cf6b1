package org.mixel.cli;

import static org.mixel.InputException.require;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.Maximization;
import org.mixel.mfa.training.NoiseModel;
import org.mixel.mfa.training.Refit;
import org.mixel.mfa.training.TrainingOptions;
import picocli.CommandLine.Option;

/** The options of {@code fit} that say how a mixture is trained. */
final class TrainingChoice {
  private static final TrainingOptions DEFAULTS = TrainingOptions.defaults(100, 6);

  @Option(
      names = "--components",
      paramLabel = "K[,K...]",
      description =
          "Components (default: 100, or those of the model to begin with). Several numbers: all are"
              + " tried, the best on the validation rows is kept.")
  private @Nullable String components;

  @Option(
      names = "--factors",
      paramLabel = "L",
      description = "Factors of each (default: 6, or those of the model to begin with).")
  private @Nullable Integer factors;

  @Option(
      names = "--trainer",
      paramLabel = "em|truncated-em|stepwise-em|sgd",
      description =
          "Expectation-maximization: exact, with few components per row, or in small steps; or"
              + " Adam on the likelihood (default: em; on the CPU truncated-em from 200 components).")
  private @Nullable String trainer;

  @Option(
      names = "--candidates",
      paramLabel = "C",
      description = "truncated-em: components that share a row (default: 3; vectors 10).")
  private @Nullable Integer candidates;

  @Option(
      names = "--neighbours",
      paramLabel = "G",
      description = "truncated-em: near components looked at for each (default: 15).")
  private @Nullable Integer neighbours;

  @Option(
      names = "--batch",
      paramLabel = "B",
      description = "Rows of a step (default: sgd 256, stepwise-em 4096).")
  private @Nullable Integer batch;

  @Option(
      names = "--learning-rate",
      paramLabel = "R",
      description = "sgd: step size of Adam (default: 1e-4; vectors 1e-3).")
  private @Nullable Double learningRate;

  @Option(
      names = "--noise",
      paramLabel = "diagonal|isotropic",
      defaultValue = "diagonal",
      description = "One noise variance per pixel, or one per component (default: diagonal).")
  private String noise;

  @Option(
      names = "--noise-floor",
      paramLabel = "V",
      description =
          "Least noise variance of a pixel, or of a vector's value relative to its column's variance"
              + " (default: of 0.01 to 0.00001 what the validation rows prefer; vectors, sgd and"
              + " --no-refit 0.01).")
  private @Nullable Double noiseFloor;

  @Option(
      names = "--noise-prior",
      paramLabel = "ROWS",
      description =
          "Weight of the prior on the noise, in rows per component; 0 is maximum likelihood"
              + " (default: of 1 to 100 what the validation rows prefer; vectors 0, sgd and"
              + " --no-refit 30).")
  private @Nullable Double noisePrior;

  @Option(
      names = "--training-noise",
      paramLabel = "V",
      description =
          "Images: least noise variance while components are found (default: a part of the variance"
              + " that the factors leave out).")
  private @Nullable Double trainingNoise;

  @Option(
      names = "--no-refit",
      description =
          "Images: train under --noise-floor and --noise-prior from the beginning, and refit neither"
              + " loadings nor noise at the end.")
  private boolean noRefit;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      description = "At most (default: 30; vectors 100).")
  private @Nullable Integer iterations;

  @Option(
      names = "--tolerance",
      paramLabel = "NATS",
      description = "Stop when an iteration gains less per row (default: 0.01; vectors 0.001).")
  private @Nullable Double tolerance;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description = "Iterations without gain on the validation rows (default: 3).")
  private int patience = DEFAULTS.stopping().patience();

  /** The numbers of components asked for, at least one. */
  List<Integer> components() {
    if (components == null) {
      return List.of(DEFAULTS.components());
    }
    try {
      return Arrays.stream(components.split(",", -1)).map(Integer::valueOf).toList();
    } catch (NumberFormatException e) {
      throw new InputException(
          "--components must be a number, or numbers between commas, got " + components, e);
    }
  }

  /**
   * Takes the size of a model to begin with.
   *
   * @throws InputException if another one is asked for
   */
  void takeSize(FirstModelChoice.Given given) {
    int its = given.model().components();
    require(
        components == null || components().equals(List.of(its)),
        "--components %s: %s has %d; leave the option out"
            .formatted(components, given.option(), its));
    int own = given.model().factors();
    require(
        factors == null || factors == own,
        "--factors %d: %s has %d; leave the option out".formatted(factors, given.option(), own));
    components = Integer.toString(its);
    factors = own;
  }

  /**
   * Everything else but where the first model comes from.
   *
   * @param largest the largest number of components
   * @param vectors whether the rows are vectors and not images
   * @param device where the training computes
   * @throws InputException if an option is out of its range, or of another trainer
   */
  TrainingOptions options(int largest, boolean vectors, DeviceChoice device, long seed) {
    int each = factors == null ? DEFAULTS.factors() : factors;
    TrainingOptions defaults =
        vectors
            ? TrainingOptions.forVectors(largest, each)
            : TrainingOptions.defaults(largest, each);
    Algorithm algorithm = algorithm(largest, vectors, device);
    return defaults
        .withAlgorithm(algorithm)
        .withMaximization(maximization(defaults.maximization()))
        .withRefit(refit(defaults.refit(), algorithm))
        .withIterations(iterations == null ? defaults.stopping().iterations() : iterations)
        .withTolerance(tolerance == null ? defaults.stopping().tolerance() : tolerance)
        .withPatience(patience)
        .withSeed(seed);
  }

  private Maximization maximization(Maximization defaults) {
    return new Maximization(
        NoiseModel.of(noise),
        noiseFloor == null ? defaults.noiseFloor() : noiseFloor,
        noisePrior == null ? defaults.priorRows() : noisePrior);
  }

  private Refit refit(Refit defaults, Algorithm algorithm) {
    boolean none = noRefit || !defaults.takesPlace() || algorithm.climbsDensity();
    require(
        trainingNoise == null || !none,
        "--training-noise is the noise before a refit, which images get unless by sgd or --no-refit");
    if (none) {
      return Refit.NONE;
    }
    Refit refit = trainingNoise == null ? defaults : defaults.withTrainingNoise(trainingNoise);
    refit = noiseFloor == null ? refit : refit.withFloor(noiseFloor);
    return noisePrior == null ? refit : refit.withPrior(noisePrior);
  }

  private Algorithm algorithm(int largest, boolean vectors, DeviceChoice device) {
    Algorithm named =
        trainer == null
            ? Algorithm.bestFor(largest, device.isAccelerator())
            : Algorithm.of(trainer);
    Algorithm chosen = vectors ? named.forVectors() : named;
    boolean truncated = chosen instanceof Algorithm.TruncatedEm;
    boolean stepwise = chosen instanceof Algorithm.StepwiseEm;
    boolean gradient = chosen instanceof Algorithm.StochasticGradient;
    requireOnlyFor("--candidates", candidates, truncated, "truncated-em");
    requireOnlyFor("--neighbours", neighbours, truncated, "truncated-em");
    requireOnlyFor("--batch", batch, stepwise || gradient, "sgd or stepwise-em");
    requireOnlyFor("--learning-rate", learningRate, gradient, "sgd");
    if (chosen instanceof Algorithm.TruncatedEm defaults) {
      return new Algorithm.TruncatedEm(
          candidates == null ? defaults.candidates() : candidates,
          neighbours == null ? defaults.neighbours() : neighbours);
    }
    if (chosen instanceof Algorithm.StepwiseEm defaults && batch != null) {
      return new Algorithm.StepwiseEm(batch, defaults.decay());
    }
    if (chosen instanceof Algorithm.StochasticGradient defaults) {
      return new Algorithm.StochasticGradient(
          batch == null ? defaults.batch() : batch,
          learningRate == null ? defaults.learningRate() : learningRate);
    }
    return chosen;
  }

  private static void requireOnlyFor(
      String option, @Nullable Object value, boolean applies, String trainers) {
    require(value == null || applies, option + " is an option of --trainer " + trainers);
  }
}
