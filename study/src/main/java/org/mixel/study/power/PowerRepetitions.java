package org.mixel.study.power;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.evaluation.CandidateReport;
import org.mixel.evaluation.ComparedSets;
import org.mixel.evaluation.Evaluation;
import org.mixel.evaluation.Finding;
import org.mixel.evaluation.Measure;
import org.mixel.study.stage.StudyInterrupted;
import org.mixel.tensor.ComputeDevice;

/**
 * The repetitions of a {@link PowerStudy} of one source and size.
 *
 * @param rows of the reference and of candidates
 * @param measures that apply to the source
 * @param seed of the study
 */
record PowerRepetitions(
    PowerSource source,
    int rows,
    List<Fault> faults,
    Set<Measure> measures,
    long seed,
    ComputeDevice device,
    Interruption interruption) {
  /** The p of all figures together, which a verdict goes by; where all were computed at once. */
  static final String VERDICT = "verdict";

  /** Further p-values of figures, and what tables call them. */
  static final Map<String, String> FURTHER =
      Map.of(Finding.NETWORK_P, "c2st-net", "aggregated_p", "mmdagg", "ct_p", "ct");

  /** Candidates that are evaluated at once, in bins that are placed once. */
  private static final int TOGETHER = 8;

  /**
   * Finds what a record lacks.
   *
   * @param turn the number of the repetition
   * @param stage hears of each fault
   * @throws StudyInterrupted if the program is to end before
   */
  void complete(PowerRecord record, int turn, Progress.Stage stage) {
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int i = 0; i < turn; i++) {
      seeds.nextLong();
    }
    long own = seeds.nextLong();
    DealtRows dealt = null;
    for (int from = 0; from < faults.size(); from += TOGETHER) {
      List<Fault> some = faults.subList(from, Math.min(from + TOGETHER, faults.size()));
      Set<Measure> missing = new HashSet<>(measures);
      missing.removeIf(
          each ->
              some.stream()
                  .allMatch(fault -> record.measures(fault.key()).contains(each.toString())));
      if (!missing.isEmpty()) {
        if (interruption.requested()) {
          throw new StudyInterrupted();
        }
        dealt = dealt == null ? source.deal(rows, turn, own) : dealt;
        Set<String> done = new TreeSet<>();
        missing.forEach(each -> done.add(each.toString()));
        List<CandidateReport> reports = compare(dealt, some, missing, own);
        for (int i = 0; i < some.size(); i++) {
          CandidateReport report = reports.get(i);
          record.add(some.get(i).key(), done, pValues(report), report.p());
        }
        record.write();
      }
      stage.advance(some.size());
    }
  }

  /** Plants faults and evaluates the candidates. */
  private List<CandidateReport> compare(
      DealtRows dealt, List<Fault> some, Set<Measure> missing, long own) {
    List<Samples> candidates = new ArrayList<>();
    for (Fault fault : some) {
      SplittableRandom random = new SplittableRandom(own ^ fault.name().hashCode());
      candidates.add(fault.planting().plant(dealt, random).named(fault.name()));
    }
    return Evaluation.run(
            ComparedSets.of(dealt.reference(), candidates).withUnseen(dealt.unseen()),
            Evaluation.Options.defaults().withMeasures(missing).withSeed(own + 1),
            device,
            Progress.SILENT)
        .results();
  }

  /** The p-values of single candidates: nothing is adjusted for others. */
  private static Map<String, Double> pValues(CandidateReport report) {
    Map<String, Double> p = new LinkedHashMap<>();
    report
        .findings()
        .forEach(
            (name, finding) -> {
              if (finding != null) {
                put(p, name, finding);
              }
            });
    return p;
  }

  private static void put(Map<String, Double> p, String figure, Finding finding) {
    Double own = finding.estimate().p();
    if (own != null) {
      p.put(figure, own);
    }
    finding
        .more()
        .forEach(
            (name, value) -> {
              String column = FURTHER.get(name);
              if (column != null) {
                p.put(column, value);
              }
            });
  }
}
