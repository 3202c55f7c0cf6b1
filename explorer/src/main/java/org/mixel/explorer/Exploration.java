package org.mixel.explorer;

import static org.mixel.InputException.require;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.ndb.Ndb;

/**
 * A model to explore, and all that is looked at beside it.
 *
 * @param file the model's file, as the user calls it
 * @param model must stay open as long as the page is served
 * @param data rows to look at, or null
 * @param labels the class of every row of the data, or null
 * @param candidates sets that are compared with the data
 * @param evaluation what {@code mixel evaluate --json} printed, or null
 * @param reading the options by which the data were read, as on a command line: the page shows
 *     commands with them
 * @param seed fixes the bins of the candidates
 */
public record Exploration(
    String file,
    MixtureOfFactorAnalyzers model,
    @Nullable Samples data,
    int @Nullable [] labels,
    List<Samples> candidates,
    @Nullable JsonNode evaluation,
    List<String> reading,
    long seed) {
  /** Values of one component, or of the rows that are sent at once. */
  private static final int MOST_VALUES = 1 << 24;

  /** Most rows that are sent at once. */
  private static final int MOST_ROWS = 256;

  /**
   * @throws InputException if rows do not fit the model, labels or candidates the data, or a
   *     component is too large to be sent
   */
  public Exploration {
    candidates = List.copyOf(candidates);
    reading = List.copyOf(reading);
    require(
        (model.factors() + 2L) * model.dims() <= MOST_VALUES,
        "%s: a component has more than %d values, too many to explore"
            .formatted(file, MOST_VALUES));
    if (data == null) {
      require(labels == null, "`labels` are of the rows of `data`; give these, too");
      require(
          candidates.isEmpty(),
          "a `candidate` is compared with the rows of `data`; give these, too");
    } else {
      Scoring.requireSameDims(model, data);
      require(
          labels == null || labels.length == data.rows(), "`labels` are not of the rows of `data`");
      for (Samples candidate : candidates) {
        Ndb.requireUsable("candidate", candidate, data);
      }
    }
    require(
        evaluation == null || holdsFigures(evaluation.path("results")),
        "the `evaluation` is not what mixel evaluate --json prints: it has no results with metrics");
  }

  private static boolean holdsFigures(JsonNode results) {
    return results.isArray()
        && StreamSupport.stream(results.spliterator(), false)
            .allMatch(each -> each.path("metrics").isObject());
  }

  /** A model alone. */
  public static Exploration of(String file, MixtureOfFactorAnalyzers model) {
    return new Exploration(file, model, null, null, List.of(), null, List.of(), 0);
  }

  /** The same with rows to look at. */
  public Exploration withData(@Nullable Samples data, int @Nullable [] labels) {
    return new Exploration(file, model, data, labels, candidates, evaluation, reading, seed);
  }

  /** The same with sets that are compared with the data. */
  public Exploration withCandidates(List<Samples> candidates) {
    return new Exploration(file, model, data, labels, candidates, evaluation, reading, seed);
  }

  /** The same with the figures that {@code mixel evaluate --json} printed. */
  public Exploration withEvaluation(@Nullable JsonNode evaluation) {
    return new Exploration(file, model, data, labels, candidates, evaluation, reading, seed);
  }

  /** The same with data that were read by these options of a command line. */
  public Exploration withReading(List<String> reading) {
    return new Exploration(file, model, data, labels, candidates, evaluation, reading, seed);
  }

  /** The same with another seed. */
  public Exploration withSeed(long seed) {
    return new Exploration(file, model, data, labels, candidates, evaluation, reading, seed);
  }

  /** How many rows may be asked for at once. */
  int mostRows() {
    return Math.max(1, Math.min(MOST_ROWS, MOST_VALUES / model.dims()));
  }

  /** The names of the classes, rising; empty without labels. */
  List<String> classes() {
    return IntStream.of(distinctLabels()).mapToObj(String::valueOf).toList();
  }

  /** For each row the place of its class among {@link #classes}; empty without labels. */
  int[] classOfRows() {
    if (labels == null) {
      return new int[0];
    }
    int[] distinct = distinctLabels();
    return IntStream.of(labels).map(label -> Arrays.binarySearch(distinct, label)).toArray();
  }

  private int[] distinctLabels() {
    return labels == null ? new int[0] : IntStream.of(labels).distinct().sorted().toArray();
  }
}
