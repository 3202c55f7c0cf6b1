package org.mixel.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.spark.row.RowBlocks;

/** Rows of a partition with the columns that a mixture adds; evaluated some hundreds at a time. */
final class Transformed extends RowsInBatches<Row> {
  private static final int BATCH_VALUES = 1 << 20;
  private static final int MOST_ROWS = 1024;

  private final int place;
  private final RowBlocks.Kind kind;
  private final @Nullable ImageShape shape;
  private final List<AddedColumn> added;

  Transformed(
      Iterator<Row> rows,
      int place,
      RowBlocks.Kind kind,
      @Nullable ImageShape shape,
      List<AddedColumn> added,
      SharedModel.Use use) {
    super(rows, use);
    this.place = place;
    this.kind = kind;
    this.shape = shape;
    this.added = added;
  }

  @Override
  Iterator<Row> batch(Iterator<Row> left) {
    int most = Math.max(1, Math.min(MOST_ROWS, BATCH_VALUES / model.dims()));
    List<Row> some = new ArrayList<>();
    while (left.hasNext() && some.size() < most) {
      some.add(left.next());
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
    return all.iterator();
  }
}
