package org.mixel.figure;

import java.util.ArrayList;
import java.util.List;

/**
 * Points in the plane and models of them (paper, Fig. 2 and 20): samples over the Voronoi cells of
 * bins, the components of a mixture, the grid into which a generator folds its latent space. One
 * unit is as long upward as across.
 */
public final class PlanePlot {
  /** Room for the title and the gaps beside the labels of the vertical axis. */
  private static final double LEFT = 28;

  private static final double RIGHT = 8;

  private PlanePlot() {}

  /**
   * How the plot is laid out.
   *
   * @param side longer side of the data's rectangle in CSS pixels, at least 120
   */
  public record Options(double side) {
    /**
     * @throws IllegalArgumentException if the side is too short
     */
    public Options {
      if (!(side >= 120) || !Double.isFinite(side)) {
        throw new IllegalArgumentException("side must be at least 120 pixels, got " + side);
      }
    }

    /** 480 pixels. */
    public static Options defaults() {
      return new Options(480);
    }

    public Options withSide(double side) {
      return new Options(side);
    }
  }

  /**
   * Draws the plot.
   *
   * @param range the part of the plane that is shown
   * @param layers the first at the bottom
   */
  public static Drawing of(PlaneRange range, List<? extends PlaneLayer> layers, Options options) {
    double unit = options.side() / Math.max(range.width(), range.height());
    double step = step(range, unit);
    Scale xs = new Scale(range.left(), range.right(), step);
    Scale ys = new Scale(range.bottom(), range.top(), step);
    double overhang = widestLabel(xs) / 2;
    double left = Math.ceil(Math.max(LEFT + widestLabel(ys), overhang));
    double width = unit * range.width();
    List<Mark> marks = new ArrayList<>();
    Legend legend = legend(range, layers);
    double legendWidth = Math.max(width, legend.leastWidth());
    double top = legend.isEmpty() ? 8 : legend.draw(marks, left, 0, legendWidth) + 8;
    PlotArea area = new PlotArea(left, top, width, unit * range.height(), xs, ys);
    drawAxes(marks, area);
    new PlanePanel(marks, area, range).draw(layers);
    double right = Math.max(left + legendWidth, area.right() + overhang);
    return new Drawing(Math.ceil(right + RIGHT), Math.ceil(area.bottom() + 42), marks);
  }

  /**
   * Distance of ticks on both axes: eight or fewer, so that their labels have room side by side.
   */
  private static double step(PlaneRange range, double unit) {
    double longer = Math.max(range.width(), range.height());
    double step = longer;
    for (int intervals = 8; intervals >= 2; intervals--) {
      step = Scale.around(0, longer, intervals).step();
      Scale across = new Scale(range.left(), range.right(), step);
      if (widestLabel(across) + PlotArea.SIZE <= unit * step) {
        break;
      }
    }
    return step;
  }

  private static double widestLabel(Scale scale) {
    return scale.ticks().stream()
        .mapToDouble(tick -> Mark.Text.widthOf(scale.label(tick), PlotArea.SIZE))
        .max()
        .orElse(0);
  }

  private static void drawAxes(List<Mark> marks, PlotArea area) {
    area.drawRules(marks, "", "y");
    for (double tick : area.xs().ticks()) {
      double x = area.x(tick);
      marks.add(Mark.Path.line(x, area.top(), x, area.bottom(), Ink.GRID, 1));
      area.drawTick(marks, x, area.xs().label(tick));
    }
    area.drawTitle(marks, "x");
  }

  private static Legend legend(PlaneRange range, List<? extends PlaneLayer> layers) {
    Legend legend = new Legend();
    for (PlaneLayer layer : layers) {
      if (!layer.name().isEmpty()) {
        legend.add(layer.name() + PlanePanel.note(range, layer), PlanePanel.symbols(layer));
      }
    }
    return legend;
  }
}
