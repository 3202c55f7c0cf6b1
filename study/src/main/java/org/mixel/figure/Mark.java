package org.mixel.figure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thing drawn. Lengths are CSS pixels from the drawing's top left corner. */
public sealed interface Mark {
  /** A place. */
  record Point(double x, double y) {}

  /**
   * Straight lines through points.
   *
   * @param closed whether the last point is joined to the first
   * @param fill colour of the inside
   * @param stroke colour of the line
   * @param strokeWidth thickness of the line
   */
  record Path(
      List<Point> points,
      boolean closed,
      @Nullable Ink fill,
      @Nullable Ink stroke,
      double strokeWidth)
      implements Mark {
    public Path {
      points = List.copyOf(points);
    }

    /** An open line. */
    public static Path line(List<Point> points, Ink stroke, double strokeWidth) {
      return new Path(points, false, null, stroke, strokeWidth);
    }

    /** A straight line. */
    public static Path line(double x1, double y1, double x2, double y2, Ink stroke, double width) {
      return line(List.of(new Point(x1, y1), new Point(x2, y2)), stroke, width);
    }

    /** A filled area. */
    public static Path area(List<Point> points, Ink fill) {
      return new Path(points, true, fill, null, 0);
    }

    /** The sign of a bin: a triangle that points up if it is over-filled, else down. */
    static Path triangle(double x, double y, double radius, boolean over, Ink ink) {
      double tip = over ? -radius : radius;
      double base = y - 0.7 * tip;
      return area(
          List.of(new Point(x, y + tip), new Point(x - radius, base), new Point(x + radius, base)),
          ink);
    }
  }

  /** A filled rectangle. */
  record Rect(double x, double y, double width, double height, Ink fill) implements Mark {}

  /** A filled disc. */
  record Disc(double x, double y, double radius, Ink fill) implements Mark {}

  /**
   * Many equal discs in one shape: where they overlap they are no darker, and each takes a few
   * bytes of a page.
   *
   * @param opacity of the whole, above 0 and at most 1
   */
  record Dots(List<Point> points, double radius, Ink fill, double opacity) implements Mark {
    public Dots {
      points = List.copyOf(points);
    }
  }

  /** Where text stands relative to its place. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /**
   * One line of text.
   *
   * @param y the base line
   * @param size height of the letters' box
   * @param bold whether it is set in bold
   * @param upward whether it is turned to be read from the bottom up
   */
  record Text(
      double x,
      double y,
      String text,
      double size,
      Anchor anchor,
      boolean bold,
      boolean upward,
      Ink ink)
      implements Mark {
    /** Upright text of normal weight. */
    public static Text of(double x, double y, String text, double size, Anchor anchor, Ink ink) {
      return new Text(x, y, text, size, anchor, false, false, ink);
    }

    /** The same text in bold. */
    public Text inBold() {
      return new Text(x, y, text, size, anchor, true, upward, ink);
    }

    /**
     * The rough width of a line of text, a little too large for most fonts: layout relies on it
     * without asking for the reader's fonts.
     */
    public static double widthOf(String text, double size) {
      return 0.58 * size * text.codePointCount(0, text.length());
    }

    /** A text or, if it is wider than there is room, its end behind an ellipsis. */
    public static String fitted(String text, double size, double room) {
      if (widthOf(text, size) <= room) {
        return text;
      }
      int kept = (int) Math.max(0, room / widthOf("x", size) - 1);
      int count = text.codePointCount(0, text.length());
      return "…" + text.substring(text.offsetByCodePoints(0, count - Math.min(kept, count)));
    }
  }

  /**
   * A short text over data, edged with the colour of the page so that it can be read there.
   *
   * @param x the middle of the text
   * @param y the middle of its digits or capitals
   * @param size height of the letters' box
   */
  record Label(double x, double y, String text, double size, Ink ink) implements Mark {
    /** Width of the edge on either side of the letters. */
    static final double EDGE = 1.5;

    double baseLine() {
      return y + 0.36 * size;
    }
  }

  /** A mosaic at its natural size. */
  record Picture(double x, double y, Mosaic mosaic) implements Mark {}

  /**
   * A zone that lights up and shows its text while the mouse is over it or a finger touches it; not
   * in image files.
   *
   * @param textX right end of the text
   * @param textY its base line
   */
  record Hint(
      double x, double y, double width, double height, String text, double textX, double textY)
      implements Mark {}
}
