package org.mixel.figure;

import java.util.List;

/** The marks of a drawing, by kind. */
final class Marks {
  private Marks() {}

  static <M extends Mark> List<M> of(Drawing drawing, Class<M> kind) {
    return drawing.marks().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  static List<Mark.Text> texts(Drawing drawing) {
    return of(drawing, Mark.Text.class);
  }

  static List<String> words(Drawing drawing) {
    return texts(drawing).stream().map(Mark.Text::text).toList();
  }

  /** Filled triangles of one colour that point up or down. */
  static long triangles(Drawing drawing, Ink ink, boolean up) {
    return of(drawing, Mark.Path.class).stream()
        .filter(path -> path.fill() == ink && path.points().size() == 3)
        .filter(path -> path.points().get(0).y() < path.points().get(1).y() == up)
        .count();
  }

  /** Whether two upright texts share some place, going by the reckoned widths. */
  static boolean overlap(Mark.Text a, Mark.Text b) {
    return left(a) < left(b) + width(b)
        && left(b) < left(a) + width(a)
        && Math.abs(a.y() - b.y()) < 0.8 * Math.max(a.size(), b.size());
  }

  private static double width(Mark.Text text) {
    return Mark.Text.widthOf(text.text(), text.size());
  }

  private static double left(Mark.Text text) {
    return switch (text.anchor()) {
      case START -> text.x();
      case MIDDLE -> text.x() - width(text) / 2;
      case END -> text.x() - width(text);
    };
  }
}
