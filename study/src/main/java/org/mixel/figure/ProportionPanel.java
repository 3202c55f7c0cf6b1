package org.mixel.figure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mixel.figure.Mark.Point;
import org.mixel.figure.ProportionPlot.Candidate;

/**
 * One panel of a {@link ProportionPlot}.
 *
 * @param marks receives the marks
 * @param area where; x is the rank of a bin from 0 to K, y a percentage
 * @param plot holds the reference and the candidates of this panel
 */
record ProportionPanel(List<Mark> marks, PlotArea area, ProportionPlot plot) {
  /**
   * @param colored whether each candidate has a colour of its own; else colours show over- and
   *     under-filled bins
   */
  void draw(boolean colored) {
    area.drawRules(marks, " %", "share of samples");
    marks.add(Mark.Path.area(below(), Ink.BAR));
    for (ProportionPlot.Band band : plot.bands) {
      marks.add(Mark.Path.area(around(band), Ink.BAND));
    }
    marks.add(Mark.Path.line(stairs(new double[plot.reference.length], 1), Ink.TEXT, 1.2));
    area.drawBase(marks);
    double step = area.xs().step();
    area.drawTick(marks, area.x(0.5), "1");
    for (double rank = step; rank <= plot.order.length; rank += step) {
      if (rank > 1) {
        area.drawTick(marks, area.x(rank - 0.5), Integer.toString((int) rank));
      }
    }
    for (int i = 0; i < plot.candidates.size(); i++) {
      draw(plot.candidates.get(i), colored ? Ink.series(i) : null);
    }
    for (int rank = 0; rank < plot.order.length; rank++) {
      hint(rank);
    }
  }

  private void draw(Candidate candidate, @Nullable Ink own) {
    double binWidth = area.width() / plot.order.length;
    double radius = Math.min(4.5, Math.max(2.4, 0.45 * binWidth));
    List<Point> line = new ArrayList<>();
    List<Mark> symbols = new ArrayList<>();
    for (int rank = 0; rank < plot.order.length; rank++) {
      int bin = plot.order[rank];
      double share = candidate.proportions()[bin];
      Point at = area.point(rank + 0.5, 100 * share);
      line.add(at);
      if (candidate.differs()[bin]) {
        boolean over = share > plot.reference[bin];
        Ink ink = own != null ? own : over ? Ink.OVER : Ink.UNDER;
        symbols.add(Mark.Path.triangle(at.x(), at.y(), radius, over, ink));
      } else {
        Ink ink = own != null ? own : Ink.MUTED;
        symbols.add(new Mark.Disc(at.x(), at.y(), 0.55 * radius, ink));
      }
    }
    marks.add(Mark.Path.line(line, own != null ? own : Ink.MUTED, 0.8));
    marks.addAll(symbols);
  }

  private void hint(int rank) {
    int bin = plot.order[rank];
    StringBuilder text = new StringBuilder("bin " + bin + " · reference ");
    text.append(Shares.percent(plot.reference[bin]));
    boolean alone = plot.candidates.size() == 1;
    if (alone) {
      text.append(" ± ").append(Shares.percent(plot.candidates.get(0).standardErrors()[bin]));
    }
    for (Candidate candidate : plot.candidates) {
      double share = candidate.proportions()[bin];
      text.append(" · ").append(candidate.name()).append(' ').append(Shares.percent(share));
      text.append(" (").append(Shares.z(candidate.z()[bin]));
      if (!alone) {
        text.append(", ± ").append(Shares.percent(candidate.standardErrors()[bin]));
      }
      text.append(')');
      if (candidate.differs()[bin]) {
        text.append(share > plot.reference[bin] ? " over-filled" : " under-filled");
      }
    }
    double left = area.x(rank);
    marks.add(
        new Mark.Hint(
            left,
            area.top(),
            area.x(rank + 1) - left,
            area.height(),
            text.toString(),
            area.right() - 6,
            area.top() + 14));
  }

  /** The reference plus or minus errors, as a staircase from left to right. */
  private List<Point> stairs(double[] errors, int sign) {
    List<Point> points = new ArrayList<>();
    for (int rank = 0; rank < plot.order.length; rank++) {
      int bin = plot.order[rank];
      double y = 100 * Math.max(0, plot.reference[bin] + sign * errors[bin]);
      points.add(area.point(rank, y));
      points.add(area.point(rank + 1.0, y));
    }
    return points;
  }

  /** The area below the reference. */
  private List<Point> below() {
    List<Point> points = new ArrayList<>(stairs(new double[plot.reference.length], 1));
    points.add(area.point(plot.order.length, 0));
    points.add(area.point(0, 0));
    return points;
  }

  private List<Point> around(ProportionPlot.Band band) {
    List<Point> points = new ArrayList<>(stairs(band.errors(), 1));
    List<Point> lower = stairs(band.errors(), -1);
    Collections.reverse(lower);
    points.addAll(lower);
    return points;
  }
}
