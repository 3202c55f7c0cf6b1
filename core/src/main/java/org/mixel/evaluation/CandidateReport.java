package org.mixel.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mixel.evaluation.ClassReport.Production;
import org.mixel.memorization.Memorization;

/**
 * All figures of one candidate.
 *
 * @param candidate name of the set
 * @param rows rows of the candidate that were compared
 * @param comparedRows rows that they were compared with
 * @param findings a figure for each name, in the order of {@link Measure}; null where it does not
 *     apply or was not asked for
 * @param pHolm one p-value for all figures, the smallest {@link Finding#pAdjusted}, adjusted for
 *     the number of candidates (Holm); null without any
 * @param memorization whether the candidate repeats rows of the reference; null if that was not
 *     asked for
 * @param giveaways the rows that tell the sets apart; null if that was not asked for
 * @param classes the rows of each class; empty where no classes were given
 */
public record CandidateReport(
    String candidate,
    int rows,
    int comparedRows,
    Map<String, @Nullable Finding> findings,
    @Nullable Double pHolm,
    @Nullable Memorization memorization,
    @Nullable Giveaways giveaways,
    List<ClassReport> classes) {
  /** A difference shows where the p-value is at most this. */
  public static final double LEVEL = 0.05;

  /** With fewer rows of a set, figures that show nothing prove little. */
  public static final int FEW_ROWS = 1000;

  /** Keeps its own copies, in their order. */
  public CandidateReport {
    findings = new LinkedHashMap<>(findings);
    classes = List.copyOf(classes);
  }

  /** The same with the rows of each class. */
  CandidateReport withClasses(List<ClassReport> each) {
    return new CandidateReport(
        candidate, rows, comparedRows, findings, pHolm, memorization, giveaways, each);
  }

  /** The same with another adjusted p-value. */
  CandidateReport withHolm(double adjusted) {
    return new CandidateReport(
        candidate, rows, comparedRows, findings, adjusted, memorization, giveaways, classes);
  }

  /** One p-value for all figures: the smallest adjusted one; nothing if there is none. */
  public OptionalDouble p() {
    return findings.values().stream()
        .flatMap(Stream::ofNullable)
        .map(Finding::pAdjusted)
        .flatMap(Stream::ofNullable)
        .mapToDouble(Double::doubleValue)
        .min();
  }

  /** Conclusions from the figures. */
  public enum Conclusion {
    /** Some figure shows a difference. */
    DIFFERENT,
    /** None does. */
    NO_DIFFERENCE,
    /** None does, but a set has fewer than {@link #FEW_ROWS} rows. */
    TOO_FEW_ROWS
  }

  /** The conclusion, by {@link #pHolm} at {@link #LEVEL}. */
  public Conclusion conclusion() {
    if (pHolm != null && pHolm <= LEVEL) {
      return Conclusion.DIFFERENT;
    }
    return Math.min(rows, comparedRows) < FEW_ROWS
        ? Conclusion.TOO_FEW_ROWS
        : Conclusion.NO_DIFFERENCE;
  }

  /**
   * The figures that show a difference, by {@link Finding#pAdjusted}, in order; none where the
   * conclusion is that there is no difference. Copies are judged apart.
   */
  public List<String> different() {
    return conclusion() == Conclusion.DIFFERENT
        ? findings.keySet().stream().filter(this::differs).toList()
        : List.of();
  }

  private boolean differs(String name) {
    Finding finding = findings.get(name);
    Double adjusted = finding == null ? null : finding.pAdjusted();
    return adjusted != null && adjusted <= LEVEL;
  }

  /** The conclusion and the verdict on copies, in one line without a full stop. */
  public String verdict() {
    List<String> parts = new ArrayList<>();
    boolean tested =
        findings.values().stream().anyMatch(each -> each != null && each.pAdjusted() != null);
    if (tested) {
      parts.add(difference());
    } else if (memorization == null) {
      parts.add("no figure that tells a difference was computed");
    }
    for (Production production : List.of(Production.TOO_MUCH, Production.TOO_LITTLE)) {
      List<String> labels =
          classes.stream()
              .filter(each -> each.production() == production)
              .map(each -> String.valueOf(each.label()))
              .toList();
      if (!labels.isEmpty()) {
        parts.add(
            "%s of %s %s"
                .formatted(
                    production,
                    labels.size() == 1 ? "class" : "classes",
                    String.join(", ", labels)));
      }
    }
    if (memorization != null) {
      parts.add(memorization.verdict());
    }
    return String.join("; ", parts);
  }

  private String difference() {
    return switch (conclusion()) {
      case DIFFERENT ->
          "a difference shows in %s%s".formatted(String.join(", ", different()), ofAllFigures());
      case NO_DIFFERENCE -> "no figure shows a difference" + ofAllFigures();
      case TOO_FEW_ROWS ->
          String.format(
              Locale.ROOT,
              "too few rows to tell: no figure shows a difference%s, but with fewer than %,d"
                  + " rows of a set only large ones show",
              ofAllFigures(),
              FEW_ROWS);
    };
  }

  private String ofAllFigures() {
    return pHolm == null
        ? ""
        : String.format(Locale.ROOT, " (p %.2g, adjusted for the number of tests)", pHolm);
  }

  ObjectNode toJson() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("candidate", candidate).put("rows", rows).put("reference_rows", comparedRows);
    ObjectNode metrics = node.putObject("metrics");
    findings.forEach(
        (name, finding) -> metrics.set(name, finding == null ? null : finding.toJson()));
    node.put("p_holm", pHolm).put("verdict", verdict());
    if (giveaways != null) {
      node.set("giveaways", giveaways.toJson());
    }
    if (!classes.isEmpty()) {
      ArrayNode array = node.putArray("classes");
      classes.forEach(each -> array.add(each.toJson()));
    }
    return node;
  }
}
