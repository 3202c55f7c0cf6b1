package org.mixel.evaluation;

import static org.mixel.InputException.require;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.ndb.Ndb;

/**
 * The sets of an evaluation: pixels, or features of them.
 *
 * @param reference rows of the source that models were trained on
 * @param candidates the sets that are judged, at least one, each of another name
 * @param counted rows of the same source that no model has seen: they are compared with the
 *     candidates in the reference's place, and the reference places bins, is searched for what
 *     candidates copied and gives them their classes. Null for the reference itself
 * @param unseen rows of the same source that no model has seen, for telling copies; null for {@code
 *     counted}
 * @param images reference and candidates as they can be looked at, in this order; the rows
 *     themselves unless those are features
 */
public record ComparedSets(
    Samples reference,
    List<Samples> candidates,
    @Nullable Samples counted,
    @Nullable Samples unseen,
    List<Samples> images) {
  /**
   * @throws InputException if a set has fewer than 2 rows or a value that is not finite, rows are
   *     of different sizes, or two candidates have one name
   */
  public ComparedSets {
    candidates = List.copyOf(candidates);
    images = List.copyOf(images);
    requireUsable(reference, candidates, counted, unseen);
  }

  /** A reference and candidates alone. */
  public static ComparedSets of(Samples reference, List<Samples> candidates) {
    return new ComparedSets(
        reference,
        candidates,
        null,
        null,
        Stream.concat(Stream.of(reference), candidates.stream()).toList());
  }

  /** The same with rows for telling copies. */
  public ComparedSets withUnseen(@Nullable Samples rows) {
    return new ComparedSets(reference, candidates, counted, rows, images);
  }

  /** The rows that candidates are compared with. */
  public Samples compared() {
    return counted == null ? reference : counted;
  }

  /** The rows that tell copies from fresh rows. */
  Optional<Samples> fresh() {
    return Optional.ofNullable(unseen == null ? counted : unseen);
  }

  private static void requireUsable(
      Samples reference,
      List<Samples> candidates,
      @Nullable Samples counted,
      @Nullable Samples unseen) {
    Ndb.requireUsable("reference", reference, reference);
    require(!candidates.isEmpty(), "there is no candidate to compare");
    Set<String> names = new HashSet<>();
    for (Samples candidate : candidates) {
      Ndb.requireUsable("candidate", candidate, reference);
      require(
          names.add(candidate.name()),
          "two candidates are called %s; give each set once".formatted(candidate.name()));
    }
    if (counted != null) {
      Ndb.requireUsable("counted set", counted, reference);
    }
    if (unseen != null) {
      Ndb.requireUsable("unseen set", unseen, reference);
    }
  }

  /** Whether all of the images have a shape. */
  boolean areImages() {
    return images.stream().allMatch(set -> set.shape().isPresent());
  }
}
