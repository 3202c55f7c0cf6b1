package org.mixel.figure;

import java.util.ArrayList;
import java.util.List;
import org.mixel.figure.Mark.Anchor;

/** Text beside the rows and above the columns of a mosaic. */
final class Labels {
  private static final double SIZE = 13;
  private static final double GAP = 6;

  private Labels() {}

  static Drawing around(Mosaic mosaic, List<String> rowLabels, List<String> columnLabels) {
    double widest = 0;
    for (String label : rowLabels) {
      widest = Math.max(widest, Mark.Text.widthOf(label, SIZE));
    }
    double left = rowLabels.isEmpty() ? 0 : Math.ceil(widest + GAP);
    double top = columnLabels.isEmpty() ? 0 : SIZE + GAP;
    List<Mark> marks = new ArrayList<>();
    marks.add(new Mark.Picture(left, top, mosaic));
    for (int row = 0; row < Math.min(rowLabels.size(), mosaic.rows()); row++) {
      double y = top + mosaic.top(row) + mosaic.tileHeight() / 2.0 + 0.36 * SIZE;
      marks.add(Mark.Text.of(left - GAP, y, rowLabels.get(row), SIZE, Anchor.END, Ink.TEXT));
    }
    int from = 0;
    for (String label : columnLabels) {
      int next = nextGroup(mosaic.options(), from);
      if (from >= mosaic.options().columns()) {
        break;
      }
      double right = mosaic.left(next - 1) + mosaic.tileWidth();
      double x = left + (mosaic.left(from) + right) / 2;
      marks.add(Mark.Text.of(x, SIZE, label, SIZE, Anchor.MIDDLE, Ink.TEXT));
      from = next;
    }
    return new Drawing(left + mosaic.width(), top + mosaic.height(), marks);
  }

  /** The column at which the group after the one of {@code from} begins. */
  private static int nextGroup(Mosaic.Options options, int from) {
    int columns = options.columns();
    int next = from + 1;
    boolean grouped = options.lead() > 0 || options.group() > 0;
    while (grouped && next < columns && options.gapsBefore(next) == options.gapsBefore(from)) {
      next++;
    }
    return Math.min(next, columns);
  }
}
