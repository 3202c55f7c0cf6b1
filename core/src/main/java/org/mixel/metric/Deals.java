package org.mixel.metric;

import org.mixel.tensor.RandomStream;

/**
 * Divides pooled rows into two sets at random, as often as wanted: what sets of these sizes from
 * one source look like. The same seed gives the same deals. Immutable.
 *
 * @param rows of both sets
 * @param referenceRows of the first set
 * @param count how many deals
 * @param seed chooses them
 */
record Deals(int rows, int referenceRows, int count, long seed) {
  /** The rows that a deal puts into the first set, in random order. */
  int[] reference(int deal) {
    try (RandomStream random = RandomStream.of(seed)) {
      try (RandomStream own = random.split(deal)) {
        return own.choose(referenceRows, rows);
      }
    }
  }
}
