package org.mixel.figure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.mixel.figure.Mark.Point;

/** Numbers on the centres of cells, all of one size and without overlap. */
final class CellNumbers {
  private static final double LARGEST = 12;
  private static final double SMALLEST = 8;

  private record Number(Point centre, int value) {}

  private final PlotArea area;
  private final List<Number> numbers = new ArrayList<>();

  CellNumbers(PlotArea area) {
    this.area = area;
  }

  void add(Point centre, int value) {
    numbers.add(new Number(centre, value));
  }

  /**
   * As large as all fit; else as small as can be read, the lowest first and only those that fit.
   */
  List<Mark.Label> labels() {
    numbers.sort(Comparator.comparingInt(Number::value));
    List<Mark.Label> labels = List.of();
    for (double size = LARGEST; size >= SMALLEST; size--) {
      labels = fitting(size);
      if (labels.size() == numbers.size()) {
        break;
      }
    }
    return labels;
  }

  private List<Mark.Label> fitting(double size) {
    List<Mark.Label> labels = new ArrayList<>();
    for (Number number : numbers) {
      Mark.Label label = label(number, size);
      if (labels.stream().noneMatch(other -> touch(label, other))) {
        labels.add(label);
      }
    }
    return labels;
  }

  /** On the centre, but not across the frame. */
  private Mark.Label label(Number number, double size) {
    String text = Integer.toString(number.value());
    double across = halfWidth(text, size);
    double x = number.centre().x();
    double y = number.centre().y();
    return new Mark.Label(
        Math.max(area.left() + across, Math.min(area.right() - across, x)),
        Math.max(area.top() + size / 2, Math.min(area.bottom() - size / 2, y)),
        text,
        size,
        Ink.TEXT);
  }

  private static boolean touch(Mark.Label a, Mark.Label b) {
    double across = halfWidth(a.text(), a.size()) + halfWidth(b.text(), b.size());
    return Math.abs(a.x() - b.x()) < across && Math.abs(a.y() - b.y()) < 0.9 * a.size();
  }

  private static double halfWidth(String text, double size) {
    return Mark.Text.widthOf(text, size) / 2 + Mark.Label.EDGE;
  }
}
