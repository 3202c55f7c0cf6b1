package org.mixel.evaluation;

import static org.mixel.InputException.require;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.mixel.InputException;

/** The figures of an evaluation, in the order of its tables. */
public enum Measure {
  /** The share of bins that differ; one for each number of bins, such as {@code ndb-100}. */
  NDB("ndb"),
  /** The Jensen-Shannon divergence of the bins less its mean under equality. */
  JS_EXCESS("js-excess"),
  /** The test of random tessellations. */
  PQMASS("pqmass"),
  /** The test by a classifier. */
  C2ST("c2st"),
  /** The kernel distance. */
  MMD("mmd"),
  /** The Frechet distance. */
  FRECHET("frechet"),
  /** The share of candidate rows near to the reference. */
  PRECISION("precision"),
  /** The share of reference rows near to the candidate. */
  RECALL("recall"),
  /** How densely reference rows lie about candidate rows. */
  DENSITY("density"),
  /** The share of reference rows with a candidate row nearby. */
  COVERAGE("coverage"),
  /** The share of candidate rows that follow reference rows. */
  COPIES("copies"),
  /** The share of the images' energy in high frequencies. */
  SHARPNESS("sharpness"),
  /** The Inception Score by a classifier that the user gives. */
  CLASSIFIER_SCORE("classifier-score");

  private final String word;

  Measure(String word) {
    this.word = word;
  }

  /** The name without a number of bins. */
  @Override
  public String toString() {
    return word;
  }

  /** The names under which an evaluation reports it. */
  List<String> names(List<Integer> bins) {
    return this == NDB ? bins.stream().map(Measure::ndb).toList() : List.of(word);
  }

  /** The name of NDB on so many bins. */
  static String ndb(int bins) {
    return NDB.word + "-" + bins;
  }

  /**
   * The measures that a list names.
   *
   * @param names such as {@code ndb}, {@code recall}; {@code ndb-100} where {@code bins} holds 100
   * @throws InputException if there is no name, or no such measure
   */
  public static Set<Measure> of(List<String> names, List<Integer> bins) {
    require(!names.isEmpty(), "`metrics` names no figure");
    EnumSet<Measure> named = EnumSet.noneOf(Measure.class);
    names.forEach(name -> named.add(of(name, bins)));
    return named;
  }

  private static Measure of(String name, List<Integer> bins) {
    for (Measure measure : values()) {
      if (measure.word.equals(name) || measure.names(bins).contains(name)) {
        return measure;
      }
    }
    throw new InputException(
        name.matches("ndb-[0-9]+")
            ? "`metrics` names %s, but bins are %s; set `bins`"
                .formatted(
                    name, bins.stream().map(String::valueOf).collect(Collectors.joining(",")))
            : "no figure is called '%s'; there are %s"
                .formatted(
                    name,
                    Arrays.stream(values())
                        .map(Measure::toString)
                        .collect(Collectors.joining(", "))));
  }
}
