package org.mixel.metric;

import static org.mixel.InputException.require;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * The Inception Score for any classifier (Salimans, Goodfellow, Zaremba, Cheung, Radford and Chen,
 * 2016, <i>Improved techniques for training GANs</i>, section 4): {@code exp(E_x KL(p(y|x) ||
 * p(y)))}, where {@code p(y)} is the mean of {@code p(y|x)}. It lies between 1 and the number of
 * classes: high when the classifier is sure of every image and finds all classes equally often.
 *
 * <p>As in the authors' program, the images are divided into parts of nearly the same size, each
 * has its score with its own {@code p(y)}, and the result is the mean and standard deviation over
 * the parts. Images are dealt to parts at random here, so that sets ordered by class are not scored
 * as if they lacked classes.
 *
 * <p>Small parts score too low: their own {@code p(y)} is too near to each {@code p(y|x)}. Scores
 * of different classifiers, numbers of images or numbers of parts cannot be compared.
 *
 * <p>Immutable. Scoring is safe in several threads if each has its own classifier.
 *
 * @param data name of the set
 * @param images number of images that were scored
 * @param classes of the classifier
 * @param score mean over the parts, from 1 to {@code classes}
 * @param deviation standard deviation over the parts, the squares divided by their number; NaN of a
 *     single part
 * @param classifier name of the classifier
 */
public record ClassifierScore(
    String data, int images, int classes, double score, double deviation, String classifier) {
  /** The most rows that a classifier is given at a time. */
  private static final int BATCH = 256;

  /** How far the probabilities of a row may be from a sum of 1. */
  private static final double SUM_ERROR = 1e-3;

  /** Takes the place of log 0; its probability is 0 in float64. */
  private static final Scalar LEAST_LOG = NativeScope.own(new Scalar(-1e4));

  /** A classifier of rows. */
  @FunctionalInterface
  public interface Classifier {
    /**
     * Classifies some rows. No gradients are kept.
     *
     * @param rows float32 {@code [n, d]} on the device that was asked for, pixels in [0, 1], at
     *     most 256 at a time
     * @return logits {@code [n, classes]} of any type of float, owned by the current scope: {@code
     *     log p(y|x)} up to a number for each row, minus infinity for a class that cannot be
     */
    Tensor logits(Tensor rows);
  }

  /**
   * The images that are scored, and their parts.
   *
   * @param images most images that are scored, random ones if there are more
   * @param splits number of parts
   * @param seed chooses the images and divides them
   */
  public record Options(int images, int splits, long seed) {
    /**
     * @throws InputException if there is no image to look at, or no part
     */
    public Options {
      require(images >= 1, "images must be at least 1, got " + images);
      require(splits >= 1, "splits must be at least 1, got " + splits);
    }

    /** 20,000 images, 10 parts as in the authors' program, seed 0. */
    public static Options defaults() {
      return new Options(20_000, 10, 0);
    }

    /** The same with another number of images. */
    public Options withImages(int count) {
      return new Options(count, splits, seed);
    }

    /** The same with another number of parts. */
    public Options withSplits(int count) {
      return new Options(images, count, seed);
    }

    /** The same with another seed. */
    public Options withSeed(long number) {
      return new Options(images, splits, number);
    }
  }

  /** Scores a set by a network from a file with the default options. */
  public static ClassifierScore of(Samples samples, FeatureNetwork network) {
    return of(samples, network, Options.defaults(), Progress.SILENT);
  }

  /**
   * Scores a set by a network from a file, on the device of the network. Its outputs are taken as
   * logits, unless for every image they are 0 or more and sum to 1 within 0.001: then as
   * probabilities.
   *
   * @param samples images of a size that the network takes
   * @param network gives {@code [n, classes]}; not closed
   * @throws InputException if rows are not images or not of a kind that the network takes, there
   *     are fewer than parts, or the network gives fewer than two classes, or NaN
   */
  public static ClassifierScore of(
      Samples samples, FeatureNetwork network, Options options, Progress progress) {
    Samples chosen = chosen(samples, options);
    Samples outputs = network.of(chosen, progress);
    Classifier logits =
        areProbabilities(outputs) ? rows -> rows.to(ScalarType.Double).log() : rows -> rows;
    return measure(
        chosen, outputs, network.file().toString(), logits, options, ComputeDevice.CPU, progress);
  }

  /**
   * Scores a set by any classifier.
   *
   * @param samples the rows that the classifier takes
   * @param name name of the classifier
   * @param device where the rows go
   * @throws InputException if there are fewer rows than parts, or the classifier gives fewer than
   *     two classes, or NaN
   */
  public static ClassifierScore of(
      Samples samples,
      String name,
      Classifier classifier,
      Options options,
      ComputeDevice device,
      Progress progress) {
    Samples chosen = chosen(samples, options);
    return measure(chosen, chosen, name, classifier, options, device, progress);
  }

  private static Samples chosen(Samples samples, Options options) {
    int count = Math.min(options.images(), samples.rows());
    require(
        count >= options.splits(),
        "%s: %d images cannot be divided into %d splits; take more images, or fewer splits"
            .formatted(samples.name(), count, options.splits()));
    try (RandomStream random = RandomStream.of(options.seed())) {
      return samples.select(random.chooseRising(count, samples.rows()));
    }
  }

  private static boolean areProbabilities(Samples outputs) {
    for (int i = 0; i < outputs.rows(); i++) {
      double sum = 0;
      for (float value : outputs.row(i)) {
        if (!(value >= 0)) {
          return false;
        }
        sum += value;
      }
      if (!(Math.abs(sum - 1) <= SUM_ERROR)) {
        return false;
      }
    }
    return true;
  }

  /** Scores the classifier's outputs for the inputs, which belong to the chosen images in order. */
  private static ClassifierScore measure(
      Samples chosen,
      Samples inputs,
      String name,
      Classifier classifier,
      Options options,
      ComputeDevice device,
      Progress progress) {
    MeanDivergence[] parts = new MeanDivergence[options.splits()];
    Arrays.setAll(parts, i -> new MeanDivergence());
    int[] partOf = divide(inputs.rows(), options);
    try (NativeScope scope = new NativeScope();
        RowReader rows = RowReader.of(inputs, device);
        Progress.Stage stage = progress.begin("classifier score", inputs.rows())) {
      rows.forEach(
          Math.min(BATCH, RowReader.rowsFor(inputs.dims())),
          stage,
          batch -> {
            Predictions predictions = predict(batch, name, classifier);
            for (int i = 0; i < batch.count(); i++) {
              int row = batch.from() + i;
              if (!Double.isFinite(predictions.certainty[i])) {
                throw new InputException(
                    "%s: row %d (counted from 0): %s gives NaN or infinity; remove or repair the row, or take another classifier"
                        .formatted(chosen.name(), chosen.rowNumber(row), name));
              }
              parts[partOf[row]].add(
                  predictions.probabilities, i, predictions.classes, predictions.certainty[i]);
            }
          });
    }
    return summary(chosen, parts, name);
  }

  /** The part that each image is in. */
  private static int[] divide(int images, Options options) {
    int[] partOf = new int[images];
    try (RandomStream random = RandomStream.of(options.seed());
        RandomStream division = random.split(1)) {
      int[] order = division.choose(images, images);
      for (int i = 0; i < images; i++) {
        partOf[order[i]] = (int) ((long) i * options.splits() / images);
      }
    }
    return partOf;
  }

  /** {@code p(y|x)} of some images, in float64. */
  private static Predictions predict(RowReader.Batch batch, String name, Classifier classifier) {
    try (NoGradGuard inference = new NoGradGuard()) {
      Tensor logits = classifier.logits(batch.rows());
      if (logits.dim() != 2 || logits.size(0) != batch.count()) {
        throw new IllegalArgumentException(
            "a classifier must give [n, classes] for [n, d]: " + name);
      }
      require(
          logits.size(1) >= 2,
          "%s: tells %d class, and a score needs at least 2; take a classifier that gives [n, classes]"
              .formatted(name, logits.size(1)));
      Tensor log = logits.to(ScalarType.Double).log_softmax(1);
      Tensor probabilities = log.exp();
      Tensor certainty = log.clamp_min(LEAST_LOG).mul(probabilities).sum(1);
      return new Predictions(
          (int) logits.size(1), Tensors.doubles(probabilities), Tensors.doubles(certainty));
    }
  }

  private static ClassifierScore summary(Samples chosen, MeanDivergence[] parts, String name) {
    double[] scores = Arrays.stream(parts).mapToDouble(part -> Math.exp(part.nats())).toArray();
    double mean = DoubleStream.of(scores).average().orElseThrow();
    double squares = DoubleStream.of(scores).map(x -> (x - mean) * (x - mean)).sum();
    double deviation = parts.length == 1 ? Double.NaN : Math.sqrt(squares / parts.length);
    return new ClassifierScore(
        chosen.name(), chosen.rows(), parts[0].classes(), mean, deviation, name);
  }

  /**
   * @param probabilities {@code [n, classes]}
   * @param certainty {@code [n]}, the sums of {@code p log p} in nats
   */
  private record Predictions(int classes, double[] probabilities, double[] certainty) {}
}
