package org.mixel.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.bench.BenchCase.Timing;
import org.mixel.bench.BenchCase.Trial;

/** The cases of the table, and their run. */
public final class Bench {
  static final int REPETITIONS = 3;

  private static final List<BenchCase> CASES =
      Stream.of(
              Stream.of(
                  KMeansMnist.CASE,
                  Assignment.CASE,
                  CelebaBins.CASE,
                  EmIteration.MNIST,
                  EmIteration.CELEBA,
                  BareProcess.CASE,
                  TruncatedScaling.CASE,
                  TruncatedAgainstExact.QUALITY,
                  TruncatedAgainstExact.SPEED,
                  LogProb.CASE,
                  Sampling.CASE,
                  Completion.CASE,
                  NearestDigits.CASE,
                  TwoSets.PAIRS,
                  TwoSets.CELLS,
                  PeakMemory.OF_TRAINING,
                  PeakMemory.OF_BINNING,
                  Tables.CASE,
                  ExplorerStart.CASE),
              ExplorerAnswers.cases().stream(),
              TrainingStep.cases().stream(),
              Stream.of(SteadyTraining.CASE))
          .flatMap(cases -> cases)
          .toList();

  private Bench() {}

  /** Every case, in the order of the table. */
  public static List<BenchCase> cases() {
    return CASES;
  }

  /**
   * The cases of these names, in the order given; all if there are none.
   *
   * @param names of cases, or the first words of several: {@code explore} for {@code explore-start}
   *     and all others that begin with {@code explore-}
   * @throws InputException if there is no such case
   */
  public static List<BenchCase> named(List<String> names) {
    return names.isEmpty() ? CASES : names.stream().flatMap(name -> named(name).stream()).toList();
  }

  private static List<BenchCase> named(String name) {
    List<BenchCase> exact = CASES.stream().filter(each -> each.name().equals(name)).toList();
    List<BenchCase> group =
        CASES.stream().filter(each -> each.name().startsWith(name + "-")).toList();
    List<BenchCase> found = exact.isEmpty() ? group : exact;
    InputException.require(
        !found.isEmpty(),
        "no case is called "
            + name
            + "; there are "
            + CASES.stream().map(BenchCase::name).collect(Collectors.joining(", ")));
    return found;
  }

  /**
   * Times a case several times.
   *
   * @param seed fixes every random choice
   * @return medians; no figures if its data cannot be had
   */
  public static BenchResult run(BenchCase benchCase, long seed, Progress progress) {
    Trial prepared;
    try {
      prepared = benchCase.preparation().prepare(seed, progress);
    } catch (InputException e) {
      return BenchResult.leftOut(benchCase.name(), String.valueOf(e.getMessage()));
    }
    try (Trial trial = prepared;
        Progress.Stage stage = progress.begin(benchCase.name(), REPETITIONS)) {
      List<Timing> timings = new ArrayList<>();
      for (int i = 0; i < REPETITIONS; i++) {
        timings.add(trial.time());
        stage.advance(1);
      }
      return BenchResult.of(benchCase.name(), timings, trial.note());
    }
  }
}
