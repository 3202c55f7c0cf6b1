package org.mixel.ndb;

import java.util.Arrays;
import org.mixel.tensor.RandomStream;

/** The random choices of an evaluation; each has a stream of its own, so none disturbs another. */
enum Choice {
  /** Which reference rows place the centres. */
  PLACING_ROWS(1),
  /** Which dimensions the clustering looks at. */
  COLUMNS(2),
  /** Which of the placing rows Ward's clustering looks at. */
  CLUSTERED_ROWS(3),
  /** Which rows of a candidate are tested. */
  CANDIDATE_ROWS(4),
  /** Which of the counted rows are, where a candidate has fewer. */
  COUNTED_ROWS(5);

  private final long label;

  Choice(long label) {
    this.label = label;
  }

  /** {@code count} of the numbers below {@code bound}, in random order. */
  int[] draw(int count, int bound, long seed) {
    try (RandomStream stream = RandomStream.of(seed);
        RandomStream random = stream.split(label)) {
      return random.choose(count, bound);
    }
  }

  /** The same, rising. */
  int[] drawRising(int count, int bound, long seed) {
    int[] drawn = draw(count, bound, seed);
    Arrays.sort(drawn);
    return drawn;
  }
}
