package org.mixel.evaluation;

import static org.mixel.InputException.require;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.evaluation.Evaluation.Options;
import org.mixel.memorization.Memorization;
import org.mixel.metric.ClassifierTest;
import org.mixel.ndb.NdbReport;
import org.mixel.stat.AdjustedP;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RandomStream;

/** An evaluation under way: the sets, and what was found so far. */
final class Run {
  private static final long CHOICE = 71;

  private final ComparedSets sets;
  private final Options options;
  private final ComputeDevice device;
  private final Progress progress;
  private final List<Findings> findings = new ArrayList<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private List<Memorization> memorized = List.of();
  private @Nullable NdbReport ndb;

  /** Finds something about one candidate. */
  @FunctionalInterface
  interface OfPair {
    /**
     * @param reference the rows that the candidate is compared with
     * @param found takes what was found
     */
    void find(Samples reference, Samples candidate, Findings found);
  }

  /**
   * @throws InputException if a figure that was asked for does not apply to the sets
   */
  Run(ComparedSets sets, Options options, ComputeDevice device, Progress progress) {
    this.sets = sets;
    this.options = options;
    this.device = device;
    this.progress = progress;
    boolean classified = options.classifier() != null;
    sets.candidates().forEach(each -> findings.add(new Findings(options.bins(), classified)));
    require(
        !options.measures().contains(Measure.COPIES) || sets.fresh().isPresent(),
        "copies are told by rows that no model has seen; give them as `unseen`");
    require(
        !options.measures().contains(Measure.SHARPNESS) || sets.areImages(),
        "sharpness needs images, and these sets are rows of numbers; leave it out");
    require(
        !options.measures().contains(Measure.CLASSIFIER_SCORE) || options.classifier() != null,
        "classifier-score is by a network of yours; give it as `classifier`");
    require(
        options.classifier() == null || sets.areImages(),
        "`classifier` is for images, and these sets are rows of numbers; leave it out");
  }

  ComparedSets sets() {
    return sets;
  }

  Options options() {
    return options;
  }

  ComputeDevice device() {
    return device;
  }

  Progress progress() {
    return progress;
  }

  /** The figures found for a candidate. */
  Findings findings(int candidate) {
    return findings.get(candidate);
  }

  /** Whether a figure was asked for, and applies. */
  boolean wants(Measure measure) {
    boolean applies =
        switch (measure) {
          case COPIES -> sets.fresh().isPresent();
          case SHARPNESS -> sets.areImages();
          case CLASSIFIER_SCORE -> options.classifier() != null;
          default -> true;
        };
    return applies && (options.measures().isEmpty() || options.measures().contains(measure));
  }

  void note(String line) {
    notes.add(line);
  }

  /** The bins and the tests on them; null if they were not asked for. */
  @Nullable NdbReport ndb() {
    return ndb;
  }

  void keep(NdbReport report) {
    ndb = report;
  }

  void keep(List<Memorization> each) {
    memorized = each;
  }

  /** Compares each candidate in turn with its rows of the reference. */
  void forEachPair(OfPair work) {
    for (int i = 0; i < findings.size(); i++) {
      find(work, i, compared(i));
    }
  }

  /** The same for figures of all pairs of rows: of large sets random parts are compared. */
  void forEachBoundedPair(OfPair work) {
    for (int i = 0; i < findings.size(); i++) {
      RowCounts some = bounded(i);
      find(work, i, some);
      String line =
          String.format(
              Locale.ROOT,
              "%s: figures of pairs of rows and of cells compare %,d random rows with %,d of the reference",
              sets.candidates().get(i).name(),
              some.candidate(),
              some.reference());
      if (!some.equals(compared(i)) && !notes.contains(line)) {
        note(line);
      }
    }
  }

  private void find(OfPair work, int candidate, RowCounts sizes) {
    work.find(
        some(sets.compared(), sizes.reference()),
        some(sets.candidates().get(candidate), sizes.candidate()),
        findings.get(candidate));
  }

  private RowCounts compared(int candidate) {
    int n = sets.compared().rows();
    int m = sets.candidates().get(candidate).rows();
    int fewer = Math.min(n, m);
    return options.equalRows() ? new RowCounts(fewer, fewer) : new RowCounts(n, m);
  }

  private RowCounts bounded(int candidate) {
    return compared(candidate).bounded(sets.reference().dims());
  }

  private Samples some(Samples samples, int rows) {
    return rows >= samples.rows() ? samples : samples.select(places(samples, rows));
  }

  /** The rows that are compared, rising. */
  private int[] places(Samples samples, int rows) {
    if (rows >= samples.rows()) {
      return IntStream.range(0, samples.rows()).toArray();
    }
    try (RandomStream random = RandomStream.of(options.seed()).split(CHOICE)) {
      return random.chooseRising(rows, samples.rows());
    }
  }

  private @Nullable Giveaways giveaways(int candidate) {
    ClassifierTest test = findings.get(candidate).classifier();
    RowCounts sizes = bounded(candidate);
    return test == null
        ? null
        : Giveaways.of(
            test,
            places(sets.compared(), sizes.reference()),
            places(sets.candidates().get(candidate), sizes.candidate()));
  }

  EvaluationReport report() {
    Findings.adjust(findings);
    if (findings.size() > 1) {
      notes.add(
          "verdicts go by one p-value of each candidate, adjusted for the %d candidates (Holm)"
              .formatted(findings.size()));
    }
    List<@Nullable Memorization> copies = new ArrayList<>(memorized);
    copies.addAll(Collections.nCopies(findings.size() - copies.size(), null));
    List<CandidateReport> results = new ArrayList<>();
    for (int i = 0; i < findings.size(); i++) {
      Samples candidate = sets.candidates().get(i);
      RowCounts sizes = compared(i);
      results.add(
          new CandidateReport(
              candidate.name(),
              sizes.candidate(),
              sizes.reference(),
              findings.get(i).all(),
              null,
              copies.get(i),
              giveaways(i),
              List.of()));
    }
    double[] holm =
        AdjustedP.holm(results.stream().mapToDouble(each -> each.p().orElse(1)).toArray());
    for (int i = 0; i < holm.length; i++) {
      CandidateReport each = results.get(i);
      results.set(i, each.p().isPresent() ? each.withHolm(holm[i]) : each);
    }
    return new EvaluationReport(
        sets.reference().name(),
        sets.reference().rows(),
        sets.reference().dims(),
        sets.compared().name(),
        sets.compared().rows(),
        results,
        ndb,
        List.copyOf(notes));
  }
}
