package org.mixel.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mixel.figure.Mark.Point;

/**
 * The layers of a {@link PlanePlot} within its rectangle.
 *
 * @param marks receives the marks
 * @param area where
 * @param range the part of the plane that the area shows
 */
record PlanePanel(List<Mark> marks, PlotArea area, PlaneRange range) {
  private static final int MOST_DOTS = 5_000;
  private static final double OPACITY = 0.65;

  /** Corners of a line that are nearer than this, in pixels, are drawn as one. */
  private static final double NEAR = 0.4;

  void draw(List<? extends PlaneLayer> layers) {
    // numbers come last, else the points of later layers would hide them
    CellNumbers numbers = new CellNumbers(area);
    for (PlaneLayer layer : layers) {
      if (layer instanceof PlaneLayer.Scatter scatter) {
        draw(scatter);
      } else if (layer instanceof PlaneLayer.Cells cells) {
        draw(cells, numbers);
      } else if (layer instanceof PlaneLayer.Gaussians gaussians) {
        draw(gaussians);
      } else if (layer instanceof PlaneLayer.Lines lines) {
        lines.lines().forEach(line -> draw(line, lines.ink(), 1));
      }
    }
    List<Point> frame = range.corners().stream().map(this::point).toList();
    marks.add(new Mark.Path(frame, true, null, Ink.MUTED, 1));
    marks.addAll(numbers.labels());
  }

  private void draw(PlaneLayer.Scatter scatter) {
    List<PlanePoint> seen = scatter.points().stream().filter(range::contains).toList();
    int drawn = Math.min(seen.size(), MOST_DOTS);
    if (drawn == 0) {
      return;
    }
    List<Point> dots = new ArrayList<>(drawn);
    for (int i = 0; i < drawn; i++) {
      dots.add(point(seen.get((int) ((long) i * seen.size() / drawn))));
    }
    double radius = drawn > 2000 ? 1.3 : drawn > 300 ? 1.7 : 2.4;
    marks.add(new Mark.Dots(dots, radius, scatter.ink(), OPACITY));
  }

  private void draw(PlaneLayer.Cells cells, CellNumbers numbers) {
    List<List<PlanePoint>> shapes = Voronoi.cells(range, cells.centres());
    for (int i = 0; i < shapes.size(); i++) {
      if (!shapes.get(i).isEmpty()) {
        List<Point> corners = shapes.get(i).stream().map(this::point).toList();
        marks.add(new Mark.Path(corners, true, null, cells.ink(), 0.8));
        if (range.contains(cells.centres().get(i))) {
          numbers.add(point(cells.centres().get(i)), cells.numbers().get(i));
        }
      }
    }
  }

  private void draw(PlaneLayer.Gaussians gaussians) {
    Ink ink = gaussians.ink();
    for (PlaneGaussian each : gaussians.components()) {
      for (int deviations = 1; deviations <= gaussians.deviations(); deviations++) {
        draw(each.outline(deviations), ink, deviations == 1 ? 1.4 : 0.8);
      }
      for (PlanePoint direction : each.directions()) {
        draw(List.of(each.mean(), each.mean().plus(direction)), ink, 2.4);
      }
      if (range.contains(each.mean())) {
        Point at = point(each.mean());
        marks.add(new Mark.Disc(at.x(), at.y(), 3, ink));
      }
    }
  }

  private void draw(List<PlanePoint> line, Ink ink, double width) {
    for (List<PlanePoint> piece : range.clip(line)) {
      List<Point> points = thinned(piece.stream().map(this::point).toList());
      marks.add(Mark.Path.line(points, ink, width));
    }
  }

  private static List<Point> thinned(List<Point> line) {
    List<Point> kept = new ArrayList<>();
    int last = line.size() - 1;
    kept.add(line.get(0));
    for (Point point : line.subList(1, last)) {
      Point before = kept.get(kept.size() - 1);
      if (Math.hypot(point.x() - before.x(), point.y() - before.y()) >= NEAR) {
        kept.add(point);
      }
    }
    kept.add(line.get(last));
    return kept;
  }

  private Point point(PlanePoint p) {
    return area.point(p.x(), p.y());
  }

  /** How many of the points are drawn, where not all are. */
  static String note(PlaneRange range, PlaneLayer layer) {
    if (!(layer instanceof PlaneLayer.Scatter scatter)) {
      return "";
    }
    long seen = scatter.points().stream().filter(range::contains).count();
    int all = scatter.points().size();
    long drawn = Math.min(seen, MOST_DOTS);
    return drawn == all ? "" : String.format(Locale.ROOT, " (%,d of %,d shown)", drawn, all);
  }

  /** A layer's symbols in the legend. */
  static Legend.Symbol[] symbols(PlaneLayer layer) {
    Ink ink = layer.ink();
    List<Legend.Symbol> symbols = new ArrayList<>();
    if (layer instanceof PlaneLayer.Scatter) {
      symbols.add((x, y) -> new Mark.Dots(List.of(new Point(x, y)), 3, ink, OPACITY));
    } else if (layer instanceof PlaneLayer.Cells) {
      symbols.add((x, y) -> ring(6, x, y, 6, 6, ink));
    } else if (layer instanceof PlaneLayer.Gaussians) {
      symbols.add((x, y) -> ring(24, x, y, 8, 5, ink));
      symbols.add((x, y) -> new Mark.Disc(x, y, 2, ink));
    } else {
      symbols.add((x, y) -> Mark.Path.line(x - 8, y, x + 8, y, ink, 1.5));
    }
    return symbols.toArray(Legend.Symbol[]::new);
  }

  private static Mark ring(int count, double x, double y, double across, double upward, Ink ink) {
    List<Point> corners = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double angle = 2 * Math.PI * i / count;
      corners.add(new Point(x + across * Math.cos(angle), y + upward * Math.sin(angle)));
    }
    return new Mark.Path(corners, true, null, ink, 1.2);
  }
}
