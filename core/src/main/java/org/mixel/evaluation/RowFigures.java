package org.mixel.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.memorization.CellCopies;
import org.mixel.memorization.Memorization;
import org.mixel.metric.ClassifierScore;
import org.mixel.metric.Estimate;
import org.mixel.metric.FeatureNetwork;
import org.mixel.metric.Sharpness;
import org.mixel.ndb.NdbReport;
import org.mixel.stat.Interval;

/**
 * Figures of the candidate's rows, each looked at alone: copies of known rows, sharpness, the score
 * of a classifier.
 */
final class RowFigures {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** Errors to the end of a 95% interval with two ends, and with one. */
  private static final double TWO_SIDED = 1.959964;

  private static final double ONE_SIDED = 1.644854;

  private RowFigures() {}

  /** The share of rows that follow rows of the reference. */
  static void findCopies(Run run) {
    ComparedSets sets = run.sets();
    List<Memorization> memorized =
        Memorization.of(
            sets.candidates(),
            sets.reference(),
            sets.fresh().orElseThrow(),
            null,
            partition(run),
            Memorization.Options.defaults().withSeed(run.options().seed()),
            run.device(),
            run.progress());
    run.keep(memorized);
    for (int i = 0; i < memorized.size(); i++) {
      Memorization each = memorized.get(i);
      Interval fresh = new Interval(0, Math.min(1, ONE_SIDED * each.copiedError()));
      Estimate copied = new Estimate(each.copied(), each.copiedError(), fresh, each.copiedP());
      run.findings(i)
          .put(
              Measure.COPIES,
              Finding.of(copied)
                  .with("too_near", each.tooNear())
                  .with("too_near_p", each.tooNearP())
                  .with("exact_copies", (double) each.exactCopies())
                  .with("exact_copies_p", each.exactCopiesP())
                  .with("ct", each.byCell() == null ? null : each.byCell().ct())
                  .with("ct_p", each.byCell() == null ? null : each.byCell().p()));
    }
  }

  /** The first number of NDB's bins, where bins were asked for. */
  private static CellCopies.@Nullable Partition partition(Run run) {
    NdbReport ndb = run.ndb();
    return ndb == null
        ? null
        : rows -> ndb.bins().get(0).assign(rows, run.device(), run.progress());
  }

  /** The mean sharpness, beside that of the reference. */
  static void findSharpness(Run run) {
    List<Samples> images = run.sets().images();
    Sharpness known = sharpness(images.get(0), run);
    if (known == null) {
      return;
    }
    for (int i = 1; i < images.size(); i++) {
      Sharpness its = sharpness(images.get(i), run);
      if (its != null) {
        run.findings(i - 1)
            .put(
                Measure.SHARPNESS,
                Finding.of(beside(known, its)).with("reference", known.sharpness()));
      }
    }
  }

  private static @Nullable Sharpness sharpness(Samples images, Run run) {
    try {
      return Sharpness.of(
          images,
          Sharpness.Options.defaults().withSeed(run.options().seed()),
          run.device(),
          run.progress());
    } catch (InputException e) {
      run.note("sharpness: " + e.getMessage());
      return null;
    }
  }

  /**
   * The Inception Score beside that of as many images of the reference. The error is that of a mean
   * over ten parts, each of which has its score.
   */
  static void findClassifierScore(Run run) {
    Path file = Objects.requireNonNull(run.options().classifier());
    List<Samples> images = run.sets().images();
    int most = images.stream().mapToInt(Samples::rows).min().orElseThrow();
    ClassifierScore.Options options =
        ClassifierScore.Options.defaults().withSeed(run.options().seed());
    options = options.withImages(Math.min(options.images(), most));
    try (FeatureNetwork network = FeatureNetwork.load(file, run.device())) {
      List<ClassifierScore> scores = new ArrayList<>();
      for (Samples each : images) {
        scores.add(ClassifierScore.of(each, network, options, run.progress()));
      }
      for (int i = 1; i < scores.size(); i++) {
        Estimate found =
            beside(
                scores.get(0).score(),
                error(scores.get(0), options),
                scores.get(i).score(),
                error(scores.get(i), options));
        run.findings(i - 1)
            .put(
                Measure.CLASSIFIER_SCORE,
                Finding.of(found)
                    .with("reference", scores.get(0).score())
                    .with("images", (double) options.images()));
      }
    }
  }

  private static double error(ClassifierScore score, ClassifierScore.Options options) {
    return score.deviation() / Math.sqrt(options.splits() - 1.0);
  }

  private static Estimate beside(Sharpness known, Sharpness its) {
    return beside(known.sharpness(), known.standardError(), its.sharpness(), its.standardError());
  }

  /** Equal sets differ by the errors of both means. */
  private static Estimate beside(double known, double knownError, double value, double error) {
    double both = Math.hypot(knownError, error);
    if (!(both > 0)) {
      return new Estimate(value, Double.isNaN(error) ? null : error, null, null);
    }
    double reach = TWO_SIDED * both;
    double z = Math.abs(value - known) / both;
    double p = Math.min(1, 2 * NORMAL.survivalProbability(z));
    return new Estimate(value, error, new Interval(known - reach, known + reach), p);
  }
}
