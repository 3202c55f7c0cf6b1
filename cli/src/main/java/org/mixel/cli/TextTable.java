package org.mixel.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Aligned columns of text: numbers to the right, words to the left. */
final class TextTable {
  private static final String GAP = "  ";
  private final List<List<String>> rows = new ArrayList<>();
  private final List<String> formats = new ArrayList<>();

  /**
   * A table without rows.
   *
   * @param columns the heading of each and the format of its cells, such as {@code JS %.3f};
   *     without a format, cells are shown as they are
   */
  static TextTable of(String... columns) {
    TextTable table = new TextTable();
    List<String> headings = new ArrayList<>();
    for (String column : columns) {
      int format = column.indexOf(" %");
      headings.add(format < 0 ? column : column.substring(0, format));
      table.formats.add(format < 0 ? "%s" : column.substring(format + 1));
    }
    table.rows.add(headings);
    return table;
  }

  /**
   * Adds a row.
   *
   * @param cells one per column; null and an empty cell are shown as {@code -}
   */
  TextTable row(@Nullable Object... cells) {
    if (cells.length != formats.size()) {
      throw new IllegalArgumentException(
          cells.length + " cells for " + formats.size() + " columns");
    }
    List<String> row = new ArrayList<>();
    for (int column = 0; column < cells.length; column++) {
      Object cell = cells[column];
      String text = cell == null ? "" : String.format(Locale.ROOT, formats.get(column), cell);
      row.add(text.isEmpty() ? "-" : text);
    }
    rows.add(row);
    return this;
  }

  /** The lines, without a final line break. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < formats.size(); column++) {
        line.append(column == 0 ? "" : GAP).append(padded(row.get(column), column));
      }
      text.append(text.isEmpty() ? "" : "\n").append(line.toString().stripTrailing());
    }
    return text.toString();
  }

  private String padded(String cell, int column) {
    int width = rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0);
    String space = " ".repeat(width - length(cell));
    return isNumeric(column) ? space + cell : cell + space;
  }

  private boolean isNumeric(int column) {
    return rows.size() > 1
        && rows.stream()
            .skip(1)
            .allMatch(row -> row.get(column).matches("-|[-+]?[0-9][0-9.,]*([eE][-+]?[0-9]+)?%?"));
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
