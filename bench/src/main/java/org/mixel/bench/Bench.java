package org.mixel.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.bench.BenchCase.Timing;
import org.mixel.bench.BenchCase.Trial;

/** All cases, and how they are run. */
public final class Bench {
  private static final List<BenchCase> CASES =
      Stream.<List<? extends BenchCase>>of(
              List.of(
                  new KMeansMnist(),
                  new Assignment(),
                  new CelebaBins(),
                  EmIteration.mnist(),
                  EmIteration.celeba(),
                  new TruncatedScaling(),
                  TruncatedAgainstExact.quality(),
                  TruncatedAgainstExact.speed(),
                  new LogProb(),
                  new Sampling(),
                  new Completion(),
                  new NearestDigits(),
                  PeakMemory.ofTraining(),
                  PeakMemory.ofBinning(),
                  new Tables()),
              TrainingStep.all(),
              List.of(new SteadyTraining()))
          .<BenchCase>flatMap(List::stream)
          .toList();
  static final int REPETITIONS = 3;

  private Bench() {}

  /** Every case, in the order of the table. */
  public static List<BenchCase> cases() {
    return CASES;
  }

  /**
   * The cases of these names, in the order given; all if there are none.
   *
   * @throws InputException if there is no such case
   */
  public static List<BenchCase> named(List<String> names) {
    return names.isEmpty() ? CASES : names.stream().map(Bench::named).toList();
  }

  private static BenchCase named(String name) {
    return CASES.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "no case is called "
                        + name
                        + "; there are "
                        + CASES.stream().map(BenchCase::name).collect(Collectors.joining(", "))));
  }

  /**
   * Times a case several times.
   *
   * @param seed fixes every random choice
   * @return medians; no figures if its data cannot be had
   */
  public static BenchResult run(BenchCase what, long seed, Progress progress) {
    Trial prepared;
    try {
      prepared = what.prepare(seed, progress);
    } catch (InputException e) {
      return BenchResult.leftOut(what.name(), String.valueOf(e.getMessage()));
    }
    try (Trial trial = prepared;
        Progress.Stage stage = progress.begin(what.name(), REPETITIONS)) {
      List<Timing> timings = new ArrayList<>();
      for (int i = 0; i < REPETITIONS; i++) {
        timings.add(trial.time());
        stage.advance(1);
      }
      return BenchResult.of(what.name(), timings, trial.note());
    }
  }
}
