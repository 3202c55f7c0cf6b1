package org.mixel.stat;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Random pairs of histograms with as many rows each, and as many pooled rows in each bin, as a
 * given pair. If both sets come from one distribution, every way to deal the pooled rows out to
 * them is equally likely, so these are a sample of the permutation distribution.
 *
 * <p>Each call of {@link #next} replaces both histograms. Not safe for use by several threads.
 */
public final class RandomTables {
  private final SplittableRandom random;
  private final int[] binOfRow;
  private final int[] pooled;
  private final int[] drawn;
  private final int[] rest;
  private final int smaller;
  private final boolean candidateIsSmaller;

  /**
   * @param reference rows of one set in each bin
   * @param candidate rows of the other set in each bin, as many bins
   * @param seed fixes the histograms
   * @throws ArithmeticException if there are more than 2^31 - 1 rows
   */
  public RandomTables(int[] reference, int[] candidate, long seed) {
    random = new SplittableRandom(seed);
    int bins = reference.length;
    pooled = new int[bins];
    drawn = new int[bins];
    rest = new int[bins];
    int referenceRows = sum(reference);
    int candidateRows = sum(candidate);
    smaller = Math.min(referenceRows, candidateRows);
    candidateIsSmaller = candidateRows == smaller;
    binOfRow = new int[Math.addExact(referenceRows, candidateRows)];
    int row = 0;
    for (int k = 0; k < bins; k++) {
      pooled[k] = reference[k] + candidate[k];
      Arrays.fill(binOfRow, row, row + pooled[k], k);
      row += pooled[k];
    }
  }

  private static int sum(int[] counts) {
    return Math.toIntExact(Arrays.stream(counts).asLongStream().sum());
  }

  /** Draws the next pair: a partial shuffle gives the smaller set its rows. */
  public void next() {
    Arrays.fill(drawn, 0);
    for (int i = 0; i < smaller; i++) {
      int chosen = random.nextInt(i, binOfRow.length);
      int bin = binOfRow[chosen];
      binOfRow[chosen] = binOfRow[i];
      binOfRow[i] = bin;
      drawn[bin]++;
    }
    for (int k = 0; k < rest.length; k++) {
      rest[k] = pooled[k] - drawn[k];
    }
  }

  /** The reference's rows in each bin; read only, overwritten by {@link #next}. */
  public int[] reference() {
    return candidateIsSmaller ? rest : drawn;
  }

  /** The candidate's rows in each bin, likewise. */
  public int[] candidate() {
    return candidateIsSmaller ? drawn : rest;
  }
}
