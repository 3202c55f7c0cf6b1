package org.mixel.spark;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Rows that a task makes with a mixture, a batch at a time. The mixture is used until the task
 * ends.
 *
 * @param <T> what rows are made of
 */
abstract class RowsInBatches<T> implements Iterator<Row> {
  /** The mixture. */
  final org.mixel.mfa.MixtureOfFactorAnalyzers model;

  private final Iterator<T> source;
  private Iterator<Row> ready = Collections.emptyIterator();

  RowsInBatches(Iterator<T> source, SharedModel.Use use) {
    this.source = source;
    model = use.model();
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> use.close());
  }

  /**
   * Makes at least one row.
   *
   * @param left what is left of the source, at least one
   */
  abstract Iterator<Row> batch(Iterator<T> left);

  @Override
  public boolean hasNext() {
    return ready.hasNext() || source.hasNext();
  }

  @Override
  public Row next() {
    if (!ready.hasNext()) {
      if (!source.hasNext()) {
        throw new NoSuchElementException();
      }
      ready = batch(source);
    }
    return ready.next();
  }
}
