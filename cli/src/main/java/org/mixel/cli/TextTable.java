package org.mixel.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Aligned columns of text: numbers to the right, words to the left. */
final class TextTable {
  private static final String GAP = "  ";
  private final List<List<String>> rows = new ArrayList<>();
  private final int columns;

  private TextTable(String... headings) {
    columns = headings.length;
    rows.add(List.of(headings));
  }

  /** A table without rows. */
  static TextTable of(String... headings) {
    return new TextTable(headings);
  }

  /**
   * Adds a row.
   *
   * @param cells one per column, formatted; an empty cell is shown as {@code -}
   */
  TextTable row(String... cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns + " columns");
    }
    rows.add(Arrays.stream(cells).map(cell -> cell.isEmpty() ? "-" : cell).toList());
    return this;
  }

  /** The lines, without a final line break. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < columns; column++) {
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
