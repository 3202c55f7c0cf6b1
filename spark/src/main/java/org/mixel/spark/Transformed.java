package org.mixel.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.spark.row.RowBlocks;

/** Rows of a partition with the columns that a mixture adds; evaluated some hundreds at a time. */
final class Transformed implements Iterator<Row> {
  private static final int BATCH_VALUES = 1 << 20;
  private static final int MOST_ROWS = 1024;

  private final Iterator<Row> rows;
  private final int place;
  private final RowBlocks.Kind kind;
  private final @Nullable ImageShape shape;
  private final List<AddedColumn> added;
  private final org.mixel.mfa.MixtureOfFactorAnalyzers model;
  private Iterator<Row> ready = List.<Row>of().iterator();

  Transformed(
      Iterator<Row> rows,
      int place,
      RowBlocks.Kind kind,
      @Nullable ImageShape shape,
      List<AddedColumn> added,
      SharedModel.Use use) {
    this.rows = rows;
    this.place = place;
    this.kind = kind;
    this.shape = shape;
    this.added = added;
    model = use.model();
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> use.close());
  }

  @Override
  public boolean hasNext() {
    return ready.hasNext() || rows.hasNext();
  }

  @Override
  public Row next() {
    if (!ready.hasNext()) {
      if (!rows.hasNext()) {
        throw new NoSuchElementException();
      }
      ready = batch().iterator();
    }
    return ready.next();
  }

  private List<Row> batch() {
    int most = Math.max(1, Math.min(MOST_ROWS, BATCH_VALUES / model.dims()));
    List<Row> some = new ArrayList<>();
    while (rows.hasNext() && some.size() < most) {
      some.add(rows.next());
    }
    Samples samples = Scores.block(some, place, kind, model.dims()).samples(shape);
    List<List<Object>> columns =
        added.stream().map(each -> each.of().apply(model, samples)).toList();
    List<Row> all = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      Row row = some.get(i);
      Object[] values = new Object[row.size() + columns.size()];
      for (int j = 0; j < row.size(); j++) {
        values[j] = row.get(j);
      }
      for (int j = 0; j < columns.size(); j++) {
        values[row.size() + j] = columns.get(j).get(i);
      }
      all.add(RowFactory.create(values));
    }
    return all;
  }
}
