package org.mixel.spark;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;
import org.mixel.data.Samples;

/** Samples of a mixture, a batch for each number: the batch's seed depends on the number alone. */
final class Drawn implements Iterator<Row> {
  private final Iterator<Long> numbers;
  private final long rows;
  private final long seed;
  private final org.mixel.mfa.MixtureOfFactorAnalyzers model;
  private Iterator<Row> ready = List.<Row>of().iterator();

  /**
   * @param rows of all batches
   */
  Drawn(Iterator<Long> numbers, long rows, long seed, SharedModel.Use use) {
    this.numbers = numbers;
    this.rows = rows;
    this.seed = seed;
    model = use.model();
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> use.close());
  }

  @Override
  public boolean hasNext() {
    return ready.hasNext() || numbers.hasNext();
  }

  @Override
  public Row next() {
    if (!ready.hasNext()) {
      if (!numbers.hasNext()) {
        throw new NoSuchElementException();
      }
      ready = batch(numbers.next());
    }
    return ready.next();
  }

  private Iterator<Row> batch(long number) {
    int count = (int) Math.min(MixtureModel.DRAWN, rows - number * MixtureModel.DRAWN);
    // Mixed first, so that batches of neighbouring seeds are not the same.
    long mixed = new SplittableRandom(seed).nextLong();
    Samples drawn = model.sample(count, new SplittableRandom(mixed + number).nextLong());
    return IntStream.range(0, count)
        .mapToObj(i -> RowFactory.create((Object) Scores.boxed(drawn.row(i))))
        .iterator();
  }
}
