package org.mixel.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.mixel.figure.Figure;

/** A piece of a report. */
public sealed interface Block {
  /** A paragraph. */
  record Text(String text) implements Block {}

  /**
   * A picture with its caption.
   *
   * @param alt the picture in words, for readers who do not see it; not the caption again
   * @param caption the text below it
   */
  record Picture(Figure figure, String alt, String caption) implements Block {}

  /** Pictures next to each other, or below each other where the page is too narrow. */
  record Beside(List<Picture> pictures) implements Block {
    public Beside {
      pictures = List.copyOf(pictures);
    }

    public static Beside of(Picture... pictures) {
      return new Beside(List.of(pictures));
    }
  }

  /**
   * Blocks that are hidden until the reader asks for them, such as a long table.
   *
   * @param summary name of the hidden blocks
   */
  record Folded(String summary, List<Block> blocks) implements Block {
    public Folded {
      blocks = List.copyOf(blocks);
    }
  }

  /**
   * A table. The first cell of a row names the row.
   *
   * @param caption the text above it
   * @param columns at least one
   * @param rows as many cells each as there are columns
   */
  record Table(String caption, List<Column> columns, List<List<String>> rows) implements Block {
    /**
     * @throws IllegalArgumentException if there is no column, or a row has another number of cells
     */
    public Table {
      columns = List.copyOf(columns);
      rows = rows.stream().map(List::copyOf).toList();
      if (columns.isEmpty()) {
        throw new IllegalArgumentException("a table needs at least one column");
      }
      for (List<String> row : rows) {
        if (row.size() != columns.size()) {
          throw new IllegalArgumentException(
              "%s: a row of %d cells in a table of %d columns"
                  .formatted(caption, row.size(), columns.size()));
        }
      }
    }

    /** A table without rows yet. */
    public static Table of(String caption, Column... columns) {
      return new Table(caption, List.of(columns), List.of());
    }

    /** This table and one more row; see {@link #row(List)}. */
    public Table row(Object... cells) {
      return row(Arrays.asList(cells));
    }

    /**
     * This table and one more row.
     *
     * @param cells text as it is, other values in the format of their column
     */
    public Table row(List<?> cells) {
      List<String> row = new ArrayList<>();
      for (Object cell : cells) {
        String format = row.size() < columns.size() ? columns.get(row.size()).format() : "%s";
        row.add(cell instanceof String text ? text : String.format(Locale.ROOT, format, cell));
      }
      List<List<String>> more = new ArrayList<>(rows);
      more.add(row);
      return new Table(caption, columns, more);
    }
  }

  /**
   * A column of a table.
   *
   * @param number whether its cells are numbers, which stand flush right
   * @param share whether they are shares from 0 to 1, on ground that is the warmer the larger they
   *     are
   * @param format of cells that are not text yet, as of {@link String#format}
   */
  record Column(String heading, boolean number, boolean share, String format) {
    public static Column text(String heading) {
      return new Column(heading, false, false, "%s");
    }

    public static Column number(String heading) {
      return number(heading, "%s");
    }

    public static Column number(String heading, String format) {
      return new Column(heading, true, false, format);
    }

    /** Shares from 0 to 1, coloured by their size. */
    public static Column share(String heading) {
      return new Column(heading, true, true, "%.2f");
    }
  }
}
