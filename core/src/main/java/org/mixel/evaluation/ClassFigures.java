package org.mixel.evaluation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.evaluation.Evaluation.Options;
import org.mixel.stat.AdjustedP;
import org.mixel.stat.TwoProportionTest;
import org.mixel.tensor.ComputeDevice;

/** The same evaluation for the rows of each class, and the shares of classes. */
final class ClassFigures {
  /** Fewer rows of a class are not compared by figures. */
  static final int FEWEST_ROWS = 20;

  private final ComparedSets sets;
  private final LabelledSets labelled;
  private final Options options;
  private final ComputeDevice device;
  private final Progress progress;
  private final List<String> notes = new ArrayList<>();

  private ClassFigures(
      ComparedSets sets,
      LabelledSets labelled,
      Options options,
      ComputeDevice device,
      Progress progress) {
    this.sets = sets;
    this.labelled = labelled;
    this.options = options;
    this.device = device;
    this.progress = progress;
  }

  /** The same report with the classes of each candidate. */
  static EvaluationReport addTo(
      EvaluationReport report,
      ComparedSets sets,
      SetLabels labels,
      Options options,
      ComputeDevice device,
      Progress progress) {
    LabelledSets labelled = LabelledSets.of(sets, labels, options.seed(), device, progress);
    return new ClassFigures(sets, labelled, options, device, progress).addTo(report);
  }

  private EvaluationReport addTo(EvaluationReport report) {
    List<List<ClassReport>> found = new ArrayList<>();
    report.results().forEach(result -> found.add(new ArrayList<>()));
    for (int label : labelled.classes()) {
      Map<Integer, CandidateReport> figures = figures(label);
      int known = labelled.compared().of(label).length;
      for (int i = 0; i < found.size(); i++) {
        LabelledSets.Labelled candidate = labelled.candidates().get(i);
        int rows = candidate.of(label).length;
        TwoProportionTest share =
            TwoProportionTest.of(
                known, labelled.compared().rows().rows(), rows, candidate.rows().rows());
        found
            .get(i)
            .add(new ClassReport(label, rows, known, share, share.exactP(), figures.get(i)));
      }
    }
    adjust(found);
    List<String> all = Stream.concat(report.notes().stream(), notes.stream()).toList();
    List<CandidateReport> results = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      results.add(report.results().get(i).withClasses(found.get(i)));
    }
    return report.withResults(results).withNotes(all);
  }

  /** Adjusts the tests of all shares. */
  private static void adjust(List<List<ClassReport>> found) {
    double[] adjusted =
        AdjustedP.holm(
            found.stream().flatMap(List::stream).mapToDouble(ClassReport::pHolm).toArray());
    int at = 0;
    for (List<ClassReport> classes : found) {
      for (int c = 0; c < classes.size(); c++) {
        classes.set(c, classes.get(c).withHolm(adjusted[at++]));
      }
    }
  }

  /** The figures of those candidates that have enough rows of a class, by their places. */
  private Map<Integer, CandidateReport> figures(int label) {
    LabelledSets.Labelled reference = labelled.reference();
    LabelledSets.Labelled compared = labelled.compared();
    int[] known = reference.of(label);
    int[] counted = compared.of(label);
    List<Integer> places = new ArrayList<>();
    List<Samples> candidates = new ArrayList<>();
    List<Samples> images = new ArrayList<>();
    images.add(labelled.images().select(known));
    for (int i = 0; i < labelled.candidates().size(); i++) {
      LabelledSets.Labelled candidate = labelled.candidates().get(i);
      int[] rows = candidate.of(label);
      if (rows.length >= fewest()) {
        places.add(i);
        candidates.add(candidate.rows().select(rows));
        images.add(sets.images().get(i + 1).select(rows));
      }
    }
    Map<Integer, CandidateReport> found = new HashMap<>();
    Set<Measure> measures = measures();
    if (candidates.size() < labelled.candidates().size()
        || Math.min(known.length, counted.length) < fewest()) {
      notes.add(
          "class %d: a set has fewer than %d rows of it, too few for figures"
              .formatted(label, fewest()));
    }
    if (candidates.isEmpty()
        || measures.isEmpty()
        || Math.min(known.length, counted.length) < fewest()) {
      return found;
    }
    EvaluationReport report = report(label, known, counted, candidates, images);
    for (int i = 0; report != null && i < places.size(); i++) {
      found.put(places.get(i), report.results().get(i));
    }
    return found;
  }

  private @Nullable EvaluationReport report(
      int label, int[] known, int[] counted, List<Samples> candidates, List<Samples> images) {
    try {
      return Evaluation.run(
          new ComparedSets(
              labelled.reference().rows().select(known),
              candidates,
              sets.counted() == null ? null : labelled.compared().rows().select(counted),
              null,
              images),
          options.withMeasures(measures()).withBins(bins()).withClassifier(null),
          device,
          progress);
    } catch (InputException e) {
      notes.add("class %d has no figures: %s".formatted(label, e.getMessage()));
      return null;
    }
  }

  private int fewest() {
    return Math.max(FEWEST_ROWS, options.neighbours() + 1);
  }

  /** As many rows a bin as all rows have, about. */
  private List<Integer> bins() {
    int classes = labelled.classes().length;
    return options.bins().stream().map(k -> Math.max(2, k / classes)).distinct().toList();
  }

  /** All that were asked for but copies, told among all rows, and the score of all classes. */
  private Set<Measure> measures() {
    EnumSet<Measure> chosen =
        options.measures().isEmpty()
            ? EnumSet.allOf(Measure.class)
            : EnumSet.copyOf(options.measures());
    chosen.remove(Measure.COPIES);
    chosen.remove(Measure.CLASSIFIER_SCORE);
    if (!sets.areImages()) {
      chosen.remove(Measure.SHARPNESS);
    }
    return chosen;
  }
}
