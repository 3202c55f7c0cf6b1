package org.mixel.figure;

import java.util.ArrayList;
import java.util.List;
import org.mixel.figure.Mark.Anchor;

/** The names of the parts of a plot, from left to right, in as many lines as needed. */
final class Legend {
  private static final double SIZE = 13;
  private static final double SYMBOL = 24;
  private static final double BETWEEN = 16;
  static final double LINE = 20;

  /** Draws a symbol around a place. */
  interface Symbol {
    Mark at(double x, double y);
  }

  private record Entry(String name, List<Symbol> symbols) {
    double width() {
      return SYMBOL + Mark.Text.widthOf(name, SIZE) + BETWEEN;
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  void add(String name, Symbol... symbols) {
    entries.add(new Entry(name, List.of(symbols)));
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The least width at which no entry is cut. */
  double leastWidth() {
    return entries.stream().mapToDouble(entry -> entry.width() - BETWEEN).max().orElse(0);
  }

  /** Draws the entries and returns the height they took. */
  double draw(List<Mark> marks, double left, double top, double width) {
    double x = left;
    double y = top;
    for (Entry entry : entries) {
      if (x > left && x + entry.width() - BETWEEN > left + width) {
        x = left;
        y += LINE;
      }
      double middle = y + LINE / 2;
      for (Symbol symbol : entry.symbols()) {
        marks.add(symbol.at(x + SYMBOL / 2 - 2, middle));
      }
      double base = middle + 0.36 * SIZE;
      marks.add(Mark.Text.of(x + SYMBOL, base, entry.name(), SIZE, Anchor.START, Ink.TEXT));
      x += entry.width();
    }
    return y + LINE - top;
  }
}
