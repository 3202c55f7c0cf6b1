package org.mixel.cli;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.metric.ClassifierScore;
import org.mixel.metric.FeatureNetwork;
import org.mixel.neural.Evaluation;
import org.mixel.neural.LabelClassifier;
import org.mixel.tensor.ComputeDevice;
import picocli.CommandLine.Option;

/** The figures that {@code train} reports during training. */
final class EvaluationChoice {
  @Option(
      names = "--evaluate-every",
      paramLabel = "N",
      description =
          "Every N steps, draw samples and report NDB/K against DATA and their sharpness (default:"
              + " never).")
  private @Nullable Integer every;

  @Option(
      names = "--evaluate-rows",
      paramLabel = "N",
      description = "How many samples (default: 10000).")
  private @Nullable Integer rows;

  @Option(
      names = "--evaluate-bins",
      split = ",",
      paramLabel = "K",
      description = "Numbers of bins (default: 100).")
  private @Nullable List<Integer> bins;

  @Option(
      names = "--classifier",
      paramLabel = "NET.pt|labels",
      description =
          "Report a classifier score, too: the Inception Score by a TorchScript network that gives"
              + " logits (a program, so take only what you trust), or by a classifier that is trained"
              + " on the labels first.")
  private @Nullable String classifier;

  /** Says what will be read. */
  void addTo(Places places) {
    places.reads(classifier);
  }

  /** Whether samples are scored by a classifier of the labels. */
  boolean ofLabels() {
    return NetworkChoice.LABELS.equals(classifier);
  }

  /** Every how many steps; 0 is never. */
  int every() {
    return every == null ? 0 : every;
  }

  /**
   * The evaluation, to be closed by the caller; null if nothing is to be measured.
   *
   * @param labels the class of every row, asked for when it is needed
   * @throws InputException if an option is out of its range, or there is nothing to classify
   */
  @Nullable Evaluation of(
      Samples data, Supplier<int[]> labels, ComputeDevice device, Session session) {
    if (every() == 0) {
      require(
          rows == null && bins == null && classifier == null,
          "--evaluate-rows, --evaluate-bins and --classifier need --evaluate-every N");
      return null;
    }
    Evaluation.Options options = Evaluation.Options.defaults();
    options = rows == null ? options : options.withRows(rows);
    options = bins == null ? options : options.withBins(bins);
    return new Evaluation(data, options, device, scorer(data, labels, device, session));
  }

  private Evaluation.@Nullable Scorer scorer(
      Samples data, Supplier<int[]> labels, ComputeDevice device, Session session) {
    if (classifier == null) {
      return null;
    }
    ClassifierScore.Options options = ClassifierScore.Options.defaults().withSeed(session.seed());
    if (!ofLabels()) {
      return Evaluation.Scorer.of(FeatureNetwork.load(Path.of(classifier), device), options);
    }
    return LabelClassifier.scorer(data, labels.get(), session.seed(), device);
  }
}
