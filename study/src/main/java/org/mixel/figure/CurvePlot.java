package org.mixel.figure;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import org.mixel.figure.Mark.Point;

/**
 * Curves over a common axis, such as the log-likelihood of each iteration, or over a logarithmic
 * one, such as that of each number of components.
 */
public final class CurvePlot {
  private static final MathContext FOUR_DIGITS = new MathContext(4);
  private static final double WIDTH = 880;
  private static final double HEIGHT = 300;
  private static final double LEFT = 80;
  private static final double RIGHT = 14;
  private static final int MOST_DOTS = 60;
  private static final int MOST_HINTS = 400;
  private static final double LABEL_GAP = 8;

  /** Room for half a label on either side of a logarithmic axis, as a part of its length. */
  private static final double MARGIN = 0.03;

  private CurvePlot() {}

  /**
   * One curve; the arrays are not copied.
   *
   * @param name its name in the legend
   * @param x rising values
   * @param y as many values; NaN leaves a gap
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Curve(String name, double[] x, double[] y) {
    /**
     * @throws IllegalArgumentException if the lengths differ
     */
    public Curve {
      if (x.length != y.length) {
        throw new IllegalArgumentException(
            "%s: %d x values but %d y values".formatted(name, x.length, y.length));
      }
    }

    /** One value for each iteration, the first of which is 1. */
    public static Curve perIteration(String name, double[] y) {
      double[] x = new double[y.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = i + 1;
      }
      return new Curve(name, x, y);
    }
  }

  /**
   * Draws the plot.
   *
   * @param xTitle title of the horizontal axis
   * @param yTitle title of the vertical axis, with its unit
   * @param curves at least one
   * @throws IllegalArgumentException if there is not one finite value
   */
  public static Drawing of(String xTitle, String yTitle, List<Curve> curves) {
    return draw(xTitle, yTitle, curves, false);
  }

  /**
   * Draws the plot over a logarithmic axis, with ticks at the values of x that occur.
   *
   * @param xTitle title of the horizontal axis
   * @param yTitle title of the vertical axis, with its unit
   * @param curves at least one, every x above 0
   * @throws IllegalArgumentException if there is not one finite value
   */
  public static Drawing logarithmic(String xTitle, String yTitle, List<Curve> curves) {
    return draw(xTitle, yTitle, curves, true);
  }

  private static Drawing draw(
      String xTitle, String yTitle, List<Curve> curves, boolean logarithmic) {
    DoubleUnaryOperator place = logarithmic ? Math::log10 : DoubleUnaryOperator.identity();
    List<Mark> marks = new ArrayList<>();
    Legend legend = new Legend();
    for (int i = 0; i < curves.size(); i++) {
      Ink ink = Ink.series(i);
      legend.add(curves.get(i).name(), (x, y) -> Mark.Path.line(x - 8, y, x + 8, y, ink, 2));
    }
    double top = legend.draw(marks, LEFT, 0, WIDTH - LEFT - RIGHT) + 10;
    double[] ranges = ranges(curves, place);
    Scale xs = acrossTicks(curves, ranges[0], ranges[1]);
    double margin = logarithmic ? MARGIN * (ranges[1] - ranges[0]) : 0;
    PlotArea area =
        new PlotArea(
            LEFT,
            top,
            WIDTH - LEFT - RIGHT,
            HEIGHT,
            new Scale(ranges[0] - margin, ranges[1] + margin, xs.step()),
            Scale.around(ranges[2], ranges[3], 5));
    area.drawRules(marks, "", yTitle);
    area.drawBase(marks);
    if (logarithmic) {
      drawOwnTicks(marks, area, places(curves), place);
    } else {
      for (double tick : area.xs().ticks()) {
        area.drawTick(marks, area.x(tick), xs.label(tick));
      }
    }
    area.drawTitle(marks, xTitle);
    for (int i = 0; i < curves.size(); i++) {
      draw(marks, area, curves.get(i), place, Ink.series(i));
    }
    hints(marks, area, xTitle, curves, place);
    return new Drawing(WIDTH, area.bottom() + 42, marks);
  }

  /** Ticks at these values, without those whose labels have no room beside the last one. */
  private static void drawOwnTicks(
      List<Mark> marks, PlotArea area, TreeSet<Double> values, DoubleUnaryOperator place) {
    double taken = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      double x = area.x(place.applyAsDouble(value));
      String label = brief(value);
      double half = Mark.Text.widthOf(label, PlotArea.SIZE) / 2;
      if (x - half >= taken) {
        area.drawTick(marks, x, label);
        taken = x + half + LABEL_GAP;
      }
    }
  }

  /** Ticks below the data; whole numbers where only those occur, as iterations do. */
  private static Scale acrossTicks(List<Curve> curves, double low, double high) {
    Scale scale = Scale.around(low, high, 10);
    boolean whole =
        curves.stream().flatMapToDouble(c -> Arrays.stream(c.x())).allMatch(x -> x == Math.rint(x));
    return whole && scale.step() < 1 ? new Scale(Math.floor(low), Math.ceil(high), 1) : scale;
  }

  private static void draw(
      List<Mark> marks, PlotArea area, Curve curve, DoubleUnaryOperator place, Ink ink) {
    List<Point> piece = new ArrayList<>();
    for (int i = 0; i < curve.y().length; i++) {
      if (Double.isFinite(curve.y()[i])) {
        Point point = area.point(place.applyAsDouble(curve.x()[i]), curve.y()[i]);
        piece.add(point);
        if (curve.y().length <= MOST_DOTS) {
          marks.add(new Mark.Disc(point.x(), point.y(), 2.5, ink));
        }
      } else {
        flush(marks, piece, ink);
      }
    }
    flush(marks, piece, ink);
  }

  private static void flush(List<Mark> marks, List<Point> piece, Ink ink) {
    if (piece.size() > 1) {
      marks.add(Mark.Path.line(piece, ink, 1.8));
    }
    piece.clear();
  }

  /** Every x of a curve, once. */
  private static TreeSet<Double> places(List<Curve> curves) {
    TreeSet<Double> places = new TreeSet<>();
    for (Curve curve : curves) {
      for (double x : curve.x()) {
        places.add(x);
      }
    }
    return places;
  }

  private static void hints(
      List<Mark> marks,
      PlotArea area,
      String xTitle,
      List<Curve> curves,
      DoubleUnaryOperator place) {
    TreeSet<Double> places = places(curves);
    if (places.size() > MOST_HINTS) {
      return;
    }
    double left = area.left();
    for (double x : places) {
      Double next = places.higher(x);
      double right =
          next == null
              ? area.right()
              : area.x((place.applyAsDouble(x) + place.applyAsDouble(next)) / 2);
      StringBuilder text = new StringBuilder(xTitle + " " + brief(x));
      for (Curve curve : curves) {
        for (int i = 0; i < curve.x().length; i++) {
          if (curve.x()[i] == x && Double.isFinite(curve.y()[i])) {
            text.append(" · ").append(curve.name()).append(' ').append(brief(curve.y()[i]));
          }
        }
      }
      marks.add(
          new Mark.Hint(
              left,
              area.top(),
              right - left,
              area.height(),
              text.toString(),
              area.right() - 8,
              area.bottom() - 10));
      left = right;
    }
  }

  private static String brief(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e9) {
      return Long.toString((long) value);
    }
    return Math.abs(value) >= 1
        ? String.format(Locale.ROOT, "%.2f", value)
        : new BigDecimal(value).round(FOUR_DIGITS).stripTrailingZeros().toPlainString();
  }

  /** Smallest and largest place of x, smallest and largest y of the points that are drawn. */
  private static double[] ranges(List<Curve> curves, DoubleUnaryOperator place) {
    DoubleSummaryStatistics x = new DoubleSummaryStatistics();
    DoubleSummaryStatistics y = new DoubleSummaryStatistics();
    for (Curve curve : curves) {
      for (int i = 0; i < curve.x().length; i++) {
        if (Double.isFinite(curve.y()[i])) {
          x.accept(place.applyAsDouble(curve.x()[i]));
          y.accept(curve.y()[i]);
        }
      }
    }
    if (x.getCount() == 0) {
      throw new IllegalArgumentException("no finite value to plot");
    }
    double widened = x.getMin() == x.getMax() ? 0.5 : 0;
    return new double[] {x.getMin() - widened, x.getMax() + widened, y.getMin(), y.getMax()};
  }
}
