package org.mixel.spark;

import java.util.Iterator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.mixel.data.Samples;

/** Samples of a mixture, a batch for each number: the batch's seed depends on the number alone. */
final class Drawn extends RowsInBatches<Long> {
  private final long rows;
  private final long seed;

  /**
   * @param rows of all batches
   */
  Drawn(Iterator<Long> numbers, long rows, long seed, SharedModel.Use use) {
    super(numbers, use);
    this.rows = rows;
    this.seed = seed;
  }

  @Override
  Iterator<Row> batch(Iterator<Long> left) {
    long number = left.next();
    int count = (int) Math.min(MixtureModel.DRAWN, rows - number * MixtureModel.DRAWN);
    // Mixed first, so that batches of neighbouring seeds are not the same.
    long mixed = new SplittableRandom(seed).nextLong();
    Samples drawn = model.sample(count, new SplittableRandom(mixed + number).nextLong());
    return IntStream.range(0, count)
        .mapToObj(i -> RowFactory.create((Object) Scores.boxed(drawn.row(i))))
        .iterator();
  }
}
