package org.mixel.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.GlyphVector;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.lang.System.Logger.Level;

/** Drawings as pixels. */
final class Raster {
  /** White space around a drawing, in CSS pixels. */
  static final int MARGIN = 8;

  private static final System.Logger LOG = System.getLogger(Raster.class.getName());

  /** Asked once: the first use of a font fails where the machine has none. */
  private static final class Fonts {
    static final boolean PRESENT = present();

    private static boolean present() {
      Graphics2D probe = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
      try {
        probe.getFontMetrics(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        return true;
      } catch (LinkageError | InternalError | RuntimeException e) {
        LOG.log(
            Level.WARNING,
            "no fonts found: pictures are drawn without text; install fontconfig and a font");
        return false;
      } finally {
        probe.dispose();
      }
    }
  }

  private final Graphics2D graphics;

  private Raster(Graphics2D graphics) {
    this.graphics = graphics;
  }

  static BufferedImage draw(Drawing drawing, double scale) {
    int width = (int) Math.ceil((drawing.width() + 2 * MARGIN) * scale);
    int height = (int) Math.ceil((drawing.height() + 2 * MARGIN) * scale);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setColor(color(Ink.PAPER));
      graphics.fillRect(0, 0, width, height);
      graphics.scale(scale, scale);
      graphics.translate(MARGIN, MARGIN);
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      graphics.setRenderingHint(
          RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
      Raster raster = new Raster(graphics);
      drawing.marks().forEach(raster::draw);
    } finally {
      graphics.dispose();
    }
    return image;
  }

  private void draw(Mark mark) {
    if (mark instanceof Mark.Path path) {
      draw(path);
    } else if (mark instanceof Mark.Rect r) {
      graphics.setColor(color(r.fill()));
      graphics.fill(new Rectangle2D.Double(r.x(), r.y(), r.width(), r.height()));
    } else if (mark instanceof Mark.Disc d) {
      graphics.setColor(color(d.fill()));
      graphics.fill(disc(d.x(), d.y(), d.radius()));
    } else if (mark instanceof Mark.Dots dots) {
      draw(dots);
    } else if (mark instanceof Mark.Text text && Fonts.PRESENT) {
      draw(text);
    } else if (mark instanceof Mark.Label label && Fonts.PRESENT) {
      draw(label);
    } else if (mark instanceof Mark.Picture p) {
      graphics.drawImage(
          p.mosaic().image(), AffineTransform.getTranslateInstance(p.x(), p.y()), null);
    }
  }

  private void draw(Mark.Path path) {
    Path2D.Double shape = new Path2D.Double();
    for (Mark.Point p : path.points()) {
      if (shape.getCurrentPoint() == null) {
        shape.moveTo(p.x(), p.y());
      } else {
        shape.lineTo(p.x(), p.y());
      }
    }
    if (path.closed()) {
      shape.closePath();
    }
    if (path.fill() != null) {
      graphics.setColor(color(path.fill()));
      graphics.fill(shape);
    }
    if (path.stroke() != null) {
      graphics.setColor(color(path.stroke()));
      float width = (float) path.strokeWidth();
      graphics.setStroke(new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
      graphics.draw(shape);
    }
  }

  private void draw(Mark.Dots dots) {
    Path2D.Double shape = new Path2D.Double(Path2D.WIND_NON_ZERO);
    for (Mark.Point p : dots.points()) {
      shape.append(disc(p.x(), p.y(), dots.radius()), false);
    }
    graphics.setColor(color(dots.fill(), dots.opacity()));
    graphics.fill(shape);
  }

  private static Ellipse2D disc(double x, double y, double radius) {
    return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
  }

  private void draw(Mark.Label label) {
    Font font = font(Font.PLAIN, label.size());
    GlyphVector glyphs = font.createGlyphVector(graphics.getFontRenderContext(), label.text());
    double left = label.x() - glyphs.getLogicalBounds().getWidth() / 2;
    Shape outline = glyphs.getOutline((float) left, (float) label.baseLine());
    graphics.setColor(color(Ink.PAPER));
    float edge = (float) (2 * Mark.Label.EDGE);
    graphics.setStroke(new BasicStroke(edge, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(outline);
    graphics.setColor(color(label.ink()));
    graphics.fill(outline);
  }

  private void draw(Mark.Text text) {
    Font font = font(text.bold() ? Font.BOLD : Font.PLAIN, text.size());
    graphics.setFont(font);
    graphics.setColor(color(text.ink()));
    double width = font.getStringBounds(text.text(), graphics.getFontRenderContext()).getWidth();
    double shift =
        switch (text.anchor()) {
          case START -> 0;
          case MIDDLE -> -width / 2;
          case END -> -width;
        };
    AffineTransform before = graphics.getTransform();
    graphics.translate(text.x(), text.y());
    if (text.upward()) {
      graphics.rotate(-Math.PI / 2);
    }
    graphics.drawString(text.text(), (float) shift, 0);
    graphics.setTransform(before);
  }

  private static Font font(int style, double size) {
    return new Font(Font.SANS_SERIF, style, 1).deriveFont((float) size);
  }

  private static Color color(Ink ink) {
    return color(ink, 1);
  }

  private static Color color(Ink ink, double opacity) {
    int alpha = (int) Math.round(255 * opacity * ink.opacity());
    return new Color(alpha << 24 | ink.light(), true);
  }
}
