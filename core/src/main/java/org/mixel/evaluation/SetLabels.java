package org.mixel.evaluation;

import static org.mixel.InputException.require;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.Samples;

/**
 * The class of every row of the sets that are compared; the arrays are not copied.
 *
 * @param reference the classes of the reference's rows
 * @param others those of each candidate, then of the counted set if there is one; empty where these
 *     rows are to have the class of the nearest reference row
 */
public record SetLabels(int[] reference, List<int[]> others) {
  /** Keeps its own copy of the list. */
  public SetLabels {
    others = List.copyOf(others);
  }

  /** The classes of the counted set; null if there is none. */
  int @Nullable [] counted(ComparedSets sets) {
    return sets.counted() == null ? null : others.get(others.size() - 1);
  }

  /**
   * Checks that they are the labels of these sets.
   *
   * @throws InputException if a set lacks labels, or has more or fewer than rows
   */
  void requireFit(ComparedSets sets) {
    requireRows(sets.reference(), reference);
    int wanted = sets.candidates().size() + (sets.counted() == null ? 0 : 1);
    require(
        others.isEmpty() || others.size() == wanted,
        "`labels` must name the classes of the reference alone, or of all %d sets that are compared, got %d"
            .formatted(1 + wanted, 1 + others.size()));
    for (int i = 0; i < others.size(); i++) {
      boolean candidate = i < sets.candidates().size();
      Samples set = candidate ? sets.candidates().get(i) : sets.compared();
      requireRows(set, others.get(i));
    }
  }

  private static void requireRows(Samples set, int[] labels) {
    require(
        labels.length == set.rows(),
        "%s has %d rows, but `labels` %d; give the class of every row"
            .formatted(set.name(), set.rows(), labels.length));
  }
}
