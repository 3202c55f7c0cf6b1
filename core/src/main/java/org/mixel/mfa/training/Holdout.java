package org.mixel.mfa.training;

import java.util.Arrays;
import java.util.Optional;
import org.mixel.data.Samples;
import org.mixel.tensor.RandomStream;

/**
 * Rows divided at random into those to train on and those to validate with.
 *
 * @param train the larger part, in the order of the data
 * @param validation a tenth, at most 5,000 rows, in the order of the data; a fiftieth where rows
 *     are fewer than 20 for each component, which need all others
 */
public record Holdout(Samples train, Samples validation) {
  private static final int LEAST_ROWS = 1000;
  private static final int ROWS_PER_COMPONENT = 20;
  private static final int MOST = 5000;
  private static final int PART = 10;
  private static final int SMALL_PART = 50;

  /**
   * Divides rows if there are 1,000, and one for each component is left.
   *
   * @param components of the largest model to train
   * @param seed fixes the choice
   * @return nothing if the rows are too few
   */
  public static Optional<Holdout> of(Samples samples, int components, long seed) {
    int rows = samples.rows();
    boolean scarce = rows < (long) ROWS_PER_COMPONENT * components;
    int held = Math.min(rows / (scarce ? SMALL_PART : PART), MOST);
    if (rows < LEAST_ROWS || rows - held < components) {
      return Optional.empty();
    }
    try (RandomStream random = RandomStream.of(seed).split(-2)) {
      int[] order = random.choose(rows, rows);
      return Optional.of(
          new Holdout(
              part(samples, Arrays.copyOfRange(order, held, rows)),
              part(samples, Arrays.copyOf(order, held))));
    }
  }

  private static Samples part(Samples samples, int[] rows) {
    Arrays.sort(rows);
    return samples.select(rows);
  }
}
