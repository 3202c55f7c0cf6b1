package org.mixel.study.paper;

import static org.mixel.InputException.require;

import java.util.Arrays;
import java.util.Locale;
import org.mixel.data.Samples;
import org.mixel.tensor.RandomStream;

/**
 * The rows of a set, dealt out once: models learn from the first part only.
 *
 * @param train what models learn from, and what places bins
 * @param trainRows their numbers in the set
 * @param validation what chooses among the states of a model in training
 * @param counted what is counted in the bins beside a model's samples
 */
record Split(Samples train, int[] trainRows, Samples validation, Samples counted) {
  private static final int LEAST = 20;

  /**
   * @param all rows in any order
   * @param shares of the rows for validation and counting
   * @param seed fixes the deal
   * @throws org.mixel.InputException if a part would have fewer than 20 rows
   */
  static Split of(Samples all, Shares shares, long seed) {
    int validation = (int) Math.round(shares.validation() * all.rows());
    int counted = (int) Math.round(shares.counted() * all.rows());
    int train = all.rows() - validation - counted;
    require(
        Math.min(train, Math.min(validation, counted)) >= LEAST,
        String.format(
            Locale.ROOT,
            "%s has %,d rows: too few to learn from some, choose by others and count the rest; give at least %,d",
            all.name(),
            all.rows(),
            Math.round(LEAST / Math.min(shares.validation(), shares.counted()))));
    int[] order;
    try (RandomStream random = RandomStream.of(seed)) {
      order = random.choose(all.rows(), all.rows());
    }
    int[] trainRows = rising(order, 0, train);
    return new Split(
        all.select(trainRows).named("training images"),
        trainRows,
        all.select(rising(order, train, validation)).named("validation images"),
        all.select(rising(order, train + validation, counted)).named("counted images"));
  }

  private static int[] rising(int[] order, int from, int count) {
    int[] rows = Arrays.copyOfRange(order, from, from + count);
    Arrays.sort(rows);
    return rows;
  }

  /** Shares of the rows; the rest is learned from. */
  record Shares(double validation, double counted) {}
}
