package org.mixel.spark.row;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.mixel.tensor.RowReader;

/**
 * Small blocks as the blocks in which one machine reads rows, for a component's share of few rows
 * costs as much as that of many: sums of one task are then those of one machine.
 */
public final class GatheredBlocks implements Iterator<RowBlock> {
  private final Iterator<RowBlock> small;
  private @Nullable RowBlock rest;

  public GatheredBlocks(Iterator<RowBlock> small) {
    this.small = small;
  }

  @Override
  public boolean hasNext() {
    return rest != null || small.hasNext();
  }

  @Override
  public RowBlock next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    RowBlock first = rest == null ? small.next() : rest;
    rest = null;
    List<RowBlock> some = new ArrayList<>(List.of(first));
    int most = RowReader.blockRows(first.rowBytes());
    int rows = first.rows();
    while (rows < most && small.hasNext()) {
      RowBlock next = small.next();
      some.add(next);
      rows += next.rows();
    }
    RowBlock last = some.get(some.size() - 1);
    if (rows > most) {
      int kept = last.rows() - (rows - most);
      some.set(some.size() - 1, last.range(0, kept));
      rest = last.range(kept, last.rows());
    }
    return some.size() == 1 ? some.get(0) : RowBlock.join(some);
  }
}
