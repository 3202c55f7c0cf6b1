package org.mixel.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.io.Labels;
import org.mixel.neural.AdversarialMfa;
import org.mixel.neural.Began;
import org.mixel.neural.Likelihood;
import org.mixel.neural.NetworkOptions;
import org.mixel.neural.Recipe;
import org.mixel.neural.Vae;
import org.mixel.neural.VaeDfc;
import org.mixel.neural.Wgan;
import picocli.CommandLine.Option;

/** The options of {@code train} that say how networks are built and trained. */
final class NetworkChoice {
  /** The features, or the classifier, that are learned from labels. */
  static final String LABELS = "labels";

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of the generator or auto-encoder (default: 10000).")
  private @Nullable Integer steps;

  @Option(
      names = "--batch",
      paramLabel = "B",
      description = "Rows of a step (default: that of the model's authors).")
  private @Nullable Integer batch;

  @Option(
      names = "--learning-rate",
      paramLabel = "R",
      description = "Step size of the optimisers (default: that of the model's authors).")
  private @Nullable Double learningRate;

  @Option(
      names = "--width",
      paramLabel = "C",
      description =
          "Channels of the first level, by which all others scale (default: 64; vae, vae-dfc 32);"
              + " of rows that are not images, values of a hidden layer (default: 256).")
  private @Nullable Integer width;

  @Option(
      names = "--latent",
      paramLabel = "L",
      description = "Values that a row is drawn from (default: that of the model's authors).")
  private @Nullable Integer latent;

  @Option(
      names = "--critic-steps",
      paramLabel = "N",
      description =
          "Steps of the critic for each of the generator (default: 5 for wgan, wgan-gp and"
              + " adversarial-mfa, else 1).")
  private @Nullable Integer criticSteps;

  @Option(
      names = "--gamma",
      paramLabel = "G",
      description = "began: the diversity ratio, in (0, 1] (default: 0.5).")
  private @Nullable Double gamma;

  @Option(
      names = "--lambda-k",
      paramLabel = "L",
      description =
          "began: the part of the imbalance that its balance moves by in a step, in (0, 1]"
              + " (default: 0.001, for which it takes thousands of steps).")
  private @Nullable Double lambdaK;

  @Option(
      names = "--stall",
      paramLabel = "N",
      description =
          "began: halves the rates whenever the mean convergence of N steps is no lower than"
              + " before; 0 is never (default).")
  private @Nullable Integer stall;

  @Option(
      names = "--critic-bursts",
      description =
          "wgan: 100 critic steps in each of the first 25 steps and in every 500th, as in its"
              + " authors' code.")
  private boolean criticBursts;

  @Option(
      names = "--free-scales",
      description =
          "wgan: clips the weights of the critic, but not biases nor the scales of normalised"
              + " channels, which its authors' code clips, too.")
  private boolean freeScales;

  @Option(
      names = "--average",
      paramLabel = "A",
      description =
          "Draws samples with averages of the generator's weights, of which the part A is kept at"
              + " a step, such as 0.999; 0 draws with the last weights (default).")
  private @Nullable Double average;

  @Option(
      names = "--decay",
      description = "Lets the learning rate fall to zero over the last half of the steps.")
  private boolean decay;

  @Option(
      names = "--fix-weights",
      description =
          "adversarial-mfa: keeps the weights of the mixture's components instead of learning them.")
  private boolean fixWeights;

  @Option(
      names = "--likelihood",
      paramLabel = "NAME",
      description =
          "vae: the distribution of pixels: continuous-bernoulli (default), gaussian with a variance"
              + " that is learned, or bernoulli, as in earlier versions.")
  private @Nullable String likelihood;

  @Option(
      names = "--features",
      paramLabel = "NET.pt|labels|random",
      description =
          "vae-dfc: what is compared instead of pixels: features of a TorchScript network (a"
              + " program, so take only what you trust), of a classifier that is trained on the"
              + " labels first, or of random weights (default).")
  private @Nullable String features;

  @Option(
      names = "--feature-weight",
      paramLabel = "W",
      description =
          "vae-dfc: the weight of features beside the divergence of the latent values (default: 0.1).")
  private @Nullable Double featureWeight;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "The class of every row, for --features labels and --classifier labels: an IDX file or a"
              + " .npy array (default: those of a named set).")
  private @Nullable Path labels;

  /** Says what will be read. */
  void addTo(Places places) {
    places.reads(features).reads(labels);
  }

  @Nullable Integer width() {
    return width;
  }

  @Nullable Integer latent() {
    return latent;
  }

  /**
   * The kind of model with the settings that are its own.
   *
   * @param kind the name of the model
   * @param data as the user called it
   * @throws InputException if there is no such kind, or an option is out of its range or of another
   *     model
   */
  Recipe recipe(Recipe kind, String data, Samples rows, Session session) {
    require(criticSteps == null || kind.hasCritic(), "--critic-steps", kind, "there is no critic");
    require(
        criticSteps == null || criticSteps > 0, "--critic-steps", kind, "it must be at least 1");
    require(gamma == null || kind instanceof Began, "--gamma", kind, "it is an option of began");
    require(
        lambdaK == null || kind instanceof Began, "--lambda-k", kind, "it is an option of began");
    require(stall == null || kind instanceof Began, "--stall", kind, "it is an option of began");
    require(
        !criticBursts || kind instanceof Wgan, "--critic-bursts", kind, "it is an option of wgan");
    require(!freeScales || kind instanceof Wgan, "--free-scales", kind, "it is an option of wgan");
    require(
        !fixWeights || kind instanceof AdversarialMfa,
        "--fix-weights",
        kind,
        "it is an option of adversarial-mfa");
    require(
        likelihood == null || kind instanceof Vae, "--likelihood", kind, "it is an option of vae");
    require(
        features == null || kind instanceof VaeDfc,
        "--features",
        kind,
        "it is an option of vae-dfc");
    require(
        featureWeight == null || kind instanceof VaeDfc,
        "--feature-weight",
        kind,
        "it is an option of vae-dfc");
    require(
        latent == null || !kind.needsMixture(),
        "--latent",
        kind,
        "rows are drawn from the mixture");
    if (kind instanceof Began began) {
      return new Began(
          gamma == null ? began.gamma() : gamma,
          lambdaK == null ? began.lambdaK() : lambdaK,
          stall == null ? began.stall() : stall);
    }
    if (kind instanceof Wgan) {
      return new Wgan(criticBursts, freeScales);
    }
    if (kind instanceof AdversarialMfa) {
      return new AdversarialMfa(!fixWeights);
    }
    if (kind instanceof VaeDfc dfc) {
      VaeDfc weighted = featureWeight == null ? dfc : dfc.withFeatureWeight(featureWeight);
      return features == null
          ? weighted
          : weighted.withFeatures(features(features, data, rows, session));
    }
    return likelihood == null ? kind : new Vae(Likelihood.of(likelihood));
  }

  /**
   * The options of its training.
   *
   * @throws InputException if one is out of its range
   */
  NetworkOptions options(Recipe recipe, Session session) {
    NetworkOptions options = NetworkOptions.defaults(recipe).withSeed(session.seed());
    options = steps == null ? options : options.withSteps(steps);
    options = batch == null ? options : options.withBatch(batch);
    options = learningRate == null ? options : options.withLearningRate(learningRate);
    options = average == null ? options : options.withAverage(average);
    options = options.withDecay(decay);
    return criticSteps == null ? options : options.withCriticSteps(criticSteps);
  }

  private VaeDfc.Features features(String text, String data, Samples rows, Session session) {
    return switch (text) {
      case "random" -> new VaeDfc.Features.Random();
      case LABELS -> new VaeDfc.Features.Labels(labels(data, rows, session));
      default -> new VaeDfc.Features.Network(Path.of(text));
    };
  }

  /**
   * Refuses labels that nothing asks for.
   *
   * @param classified whether samples are scored by a classifier of them
   */
  void requireLabelsUsed(boolean classified) {
    InputException.require(
        labels == null || classified || LABELS.equals(features),
        "--labels are for --features labels and --classifier labels; give one of these, too");
  }

  /** The class of every row. */
  int[] labels(String data, Samples rows, Session session) {
    return Labels.of(data, labels, rows.rows(), session.progress());
  }

  private static void require(boolean holds, String option, Recipe kind, String why) {
    InputException.require(holds, "%s does not go with %s: %s".formatted(option, kind.kind(), why));
  }
}
