package org.mixel.figure;

import java.util.List;
import org.mixel.figure.Mark.Anchor;
import org.mixel.figure.Mark.Point;

/**
 * The rectangle in which data are drawn, and the axes around it.
 *
 * @param left of the data, in the drawing
 * @param top of the data, in the drawing
 * @param width of the data
 * @param height of the data
 * @param xs data range across
 * @param ys data range upward
 */
record PlotArea(double left, double top, double width, double height, Scale xs, Scale ys) {
  static final double SIZE = 12;

  double x(double value) {
    return left + (value - xs.min()) / (xs.max() - xs.min()) * width;
  }

  double y(double value) {
    return top + height - (value - ys.min()) / (ys.max() - ys.min()) * height;
  }

  Point point(double x, double y) {
    return new Point(x(x), y(y));
  }

  double bottom() {
    return top + height;
  }

  double right() {
    return left + width;
  }

  /**
   * Horizontal rules with their labels.
   *
   * @param unit text after each number
   */
  void drawRules(List<Mark> marks, String unit, String title) {
    for (double tick : ys.ticks()) {
      double y = y(tick);
      marks.add(Mark.Path.line(left, y, right(), y, Ink.GRID, 1));
      String label = ys.label(tick) + unit;
      marks.add(Mark.Text.of(left - 6, y + 4, label, SIZE, Anchor.END, Ink.MUTED));
    }
    double middle = top + height / 2;
    marks.add(new Mark.Text(14, middle, title, SIZE, Anchor.MIDDLE, false, true, Ink.MUTED));
  }

  /** The line below the data. */
  void drawBase(List<Mark> marks) {
    marks.add(Mark.Path.line(left, bottom(), right(), bottom(), Ink.MUTED, 1));
  }

  /** A tick below the data with its label. */
  void drawTick(List<Mark> marks, double x, String label) {
    marks.add(Mark.Path.line(x, bottom(), x, bottom() + 4, Ink.MUTED, 1));
    marks.add(Mark.Text.of(x, bottom() + 17, label, SIZE, Anchor.MIDDLE, Ink.MUTED));
  }

  /** The title of the horizontal axis. */
  void drawTitle(List<Mark> marks, String title) {
    double x = left + width / 2;
    marks.add(Mark.Text.of(x, bottom() + 36, title, SIZE, Anchor.MIDDLE, Ink.MUTED));
  }
}
