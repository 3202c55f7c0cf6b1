package org.mixel.evaluation;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;

/**
 * The whole evaluation of candidates against a reference, by every figure that applies.
 *
 * <pre>{@code
 * EvaluationReport report = Evaluation.run(reference, candidate);
 * System.out.println(report.results().get(0).verdict());
 * }</pre>
 */
public final class Evaluation {
  /** The steps that find the figures, each run once for all candidates. Add a new figure here. */
  private static final List<Step> STEPS =
      List.of(
          // First, so that an unusable file is refused before the work.
          new Step(EnumSet.of(Measure.CLASSIFIER_SCORE), RowFigures::findClassifierScore),
          new Step(EnumSet.of(Measure.NDB, Measure.JS_EXCESS), BinFigures::find),
          new Step(
              EnumSet.of(
                  Measure.C2ST,
                  Measure.MMD,
                  Measure.PRECISION,
                  Measure.RECALL,
                  Measure.DENSITY,
                  Measure.COVERAGE),
              PairFigures::findOfAllPairs),
          new Step(EnumSet.of(Measure.PQMASS), PairFigures::findPqMass),
          new Step(EnumSet.of(Measure.FRECHET), PairFigures::findFrechet),
          new Step(EnumSet.of(Measure.COPIES), RowFigures::findCopies),
          new Step(EnumSet.of(Measure.SHARPNESS), RowFigures::findSharpness));

  private Evaluation() {}

  /**
   * The figures to compute, and their settings.
   *
   * @param measures the figures; all that apply if it is empty
   * @param bins numbers of NDB's bins; the excess is that of the first
   * @param neighbours which neighbour the balls of precision, recall, density and coverage reach to
   * @param equalRows whether as many rows of both sets are compared, a random part of the larger
   * @param classifier a TorchScript network whose logits give the Inception Score; null for none
   * @param seed places bins, deals rows out and chooses rows
   */
  public record Options(
      Set<Measure> measures,
      List<Integer> bins,
      int neighbours,
      boolean equalRows,
      @Nullable Path classifier,
      long seed) {
    /**
     * @throws InputException if a number is out of its range, or no number of bins is given
     */
    public Options {
      measures = measures.isEmpty() ? EnumSet.noneOf(Measure.class) : EnumSet.copyOf(measures);
      bins = List.copyOf(bins);
      require(neighbours >= 1, "neighbours must be at least 1, got " + neighbours);
      BinFigures.options(bins, equalRows, seed);
    }

    /** All figures that apply, 100 bins, balls to the 5th neighbour, all rows, seed 0. */
    public static Options defaults() {
      return new Options(Set.of(), List.of(100), 5, false, null, 0);
    }

    /** The same with these figures alone; figures that do not apply are then refused. */
    public Options withMeasures(Set<Measure> chosen) {
      return new Options(chosen, bins, neighbours, equalRows, classifier, seed);
    }

    /** The same with other numbers of bins. */
    public Options withBins(List<Integer> numbers) {
      return new Options(measures, numbers, neighbours, equalRows, classifier, seed);
    }

    /** The same with balls to another neighbour. */
    public Options withNeighbours(int number) {
      return new Options(measures, bins, number, equalRows, classifier, seed);
    }

    /** The same with or without as many rows of both sets. */
    public Options withEqualRows(boolean equal) {
      return new Options(measures, bins, neighbours, equal, classifier, seed);
    }

    /** The same with the Inception Score by a TorchScript network, or without it. */
    public Options withClassifier(@Nullable Path network) {
      return new Options(measures, bins, neighbours, equalRows, network, seed);
    }

    /** The same with another seed. */
    public Options withSeed(long number) {
      return new Options(measures, bins, neighbours, equalRows, classifier, number);
    }
  }

  /**
   * Figures that are found together.
   *
   * @param measures which
   * @param work finds those of them that are wanted
   */
  private record Step(Set<Measure> measures, Consumer<Run> work) {}

  /** Compares one candidate on the CPU with the default options. */
  public static EvaluationReport run(Samples reference, Samples candidate) {
    return run(
        ComparedSets.of(reference, List.of(candidate)),
        Options.defaults(),
        ComputeDevice.CPU,
        Progress.SILENT);
  }

  /**
   * Compares all candidates.
   *
   * @throws InputException if a figure that was asked for does not apply to the sets, a set has no
   *     more rows than neighbours, or there are more bins than rows
   */
  public static EvaluationReport run(
      ComparedSets sets, Options options, ComputeDevice device, Progress progress) {
    Run run = new Run(sets, options, device, progress);
    for (Step step : STEPS) {
      if (step.measures().stream().anyMatch(run::wants)) {
        step.work().accept(run);
      }
    }
    return run.report();
  }

  /**
   * Compares all candidates, and the rows of each class.
   *
   * @param labels the class of every row
   * @throws InputException as without labels; or if a set has another number of labels than rows
   */
  public static EvaluationReport run(
      ComparedSets sets,
      SetLabels labels,
      Options options,
      ComputeDevice device,
      Progress progress) {
    labels.requireFit(sets);
    EvaluationReport report = run(sets, options, device, progress);
    return ClassFigures.addTo(report, sets, labels, options, device, progress);
  }
}
