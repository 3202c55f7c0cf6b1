package org.mixel.figure;

import static org.mixel.figure.Markup.escape;
import static org.mixel.figure.Markup.length;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Drawings as SVG. Colours stand in the elements, for every viewer; a style sheet replaces them on
 * dark pages, and shows hints under the mouse.
 */
final class Svg {
  private static final String STYLE = style();

  private final StringBuilder out = new StringBuilder();

  private Svg() {}

  static String inline(Drawing drawing, String alt) {
    return new Svg().write(drawing, alt);
  }

  private String write(Drawing drawing, String alt) {
    String width = length(drawing.width());
    String height = length(drawing.height());
    out.append("<svg class=\"mixel\" role=\"img\" aria-label=\"")
        .append(escape(alt))
        .append(
            "\" width=\"%s\" height=\"%s\" viewBox=\"0 0 %s %s\""
                .formatted(width, height, width, height))
        .append(" font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif\">\n<style>")
        .append(STYLE)
        .append("</style>\n");
    for (Mark mark : drawing.marks()) {
      write(mark);
      out.append('\n');
    }
    return out.append("</svg>").toString();
  }

  private void write(Mark mark) {
    if (mark instanceof Mark.Path path) {
      write(path);
    } else if (mark instanceof Mark.Rect r) {
      box("rect", r.x(), r.y(), r.width(), r.height());
      paint(r.fill(), null);
      out.append("/>");
    } else if (mark instanceof Mark.Disc disc) {
      out.append("<circle");
      attribute("cx", disc.x());
      attribute("cy", disc.y());
      attribute("r", disc.radius());
      paint(disc.fill(), null);
      out.append("/>");
    } else if (mark instanceof Mark.Dots dots) {
      write(dots);
    } else if (mark instanceof Mark.Text text) {
      write(text);
    } else if (mark instanceof Mark.Label label) {
      write(label);
    } else if (mark instanceof Mark.Picture picture) {
      Mosaic mosaic = picture.mosaic();
      box("image", picture.x(), picture.y(), mosaic.width(), mosaic.height());
      out.append(" href=\"").append(mosaic.dataUri()).append("\"/>");
    } else if (mark instanceof Mark.Hint hint) {
      write(hint);
    }
  }

  private void write(Mark.Path path) {
    out.append("<path d=\"");
    char step = 'M';
    for (Mark.Point p : path.points()) {
      out.append(step).append(length(p.x())).append(' ').append(length(p.y()));
      step = 'L';
    }
    out.append(path.closed() ? "Z\"" : "\"");
    paint(path.fill(), path.stroke());
    if (path.stroke() != null) {
      attribute("stroke-width", path.strokeWidth());
    }
    out.append("/>");
  }

  /** Round ends make a disc of a line that goes nowhere. */
  private void write(Mark.Dots dots) {
    out.append("<path d=\"");
    for (Mark.Point p : dots.points()) {
      out.append('M').append(tenths(p.x())).append(' ').append(tenths(p.y())).append("h0");
    }
    out.append('"');
    paint(null, dots.fill());
    attribute("stroke-width", 2 * dots.radius());
    attribute("stroke-opacity", dots.opacity() * dots.fill().opacity());
    out.append(" stroke-linecap=\"round\"/>");
  }

  private static String tenths(double value) {
    return length(Math.rint(10 * value) / 10);
  }

  private void write(Mark.Label label) {
    out.append("<text text-anchor=\"middle\" paint-order=\"stroke\"");
    attribute("x", label.x());
    attribute("y", label.baseLine());
    attribute("font-size", label.size());
    attribute("stroke-width", 2 * Mark.Label.EDGE);
    paint(label.ink(), Ink.PAPER);
    out.append('>').append(escape(label.text())).append("</text>");
  }

  private void write(Mark.Text text) {
    out.append("<text");
    if (text.upward()) {
      out.append(
          " transform=\"translate(%s %s) rotate(-90)\""
              .formatted(length(text.x()), length(text.y())));
    } else {
      attribute("x", text.x());
      attribute("y", text.y());
    }
    attribute("font-size", text.size());
    if (text.anchor() != Mark.Anchor.START) {
      out.append(" text-anchor=\"%s\"".formatted(text.anchor().name().toLowerCase(Locale.ROOT)));
    }
    if (text.bold()) {
      out.append(" font-weight=\"600\"");
    }
    paint(text.ink(), null);
    out.append('>').append(escape(text.text())).append("</text>");
  }

  private void write(Mark.Hint hint) {
    out.append("<g class=\"hint\">");
    box("rect", hint.x(), hint.y(), hint.width(), hint.height());
    out.append(" fill-opacity=\"0\"/>");
    out.append("<text visibility=\"hidden\" text-anchor=\"end\" font-size=\"13\"");
    attribute("x", hint.textX());
    attribute("y", hint.textY());
    out.append('>').append(escape(hint.text())).append("</text></g>");
  }

  private void box(String element, double x, double y, double width, double height) {
    out.append('<').append(element);
    attribute("x", x);
    attribute("y", y);
    attribute("width", width);
    attribute("height", height);
  }

  private void paint(@Nullable Ink fill, @Nullable Ink stroke) {
    if (fill == null) {
      out.append(" fill=\"none\"");
    } else {
      out.append(" fill=\"").append(fill.lightHex()).append('"');
      if (fill.opacity() < 1) {
        attribute("fill-opacity", fill.opacity());
      }
    }
    if (stroke != null) {
      out.append(" stroke=\"").append(stroke.lightHex()).append("\" stroke-linejoin=\"round\"");
    }
    out.append(" class=\"");
    if (fill != null) {
      out.append("f-").append(fill.styleName());
    }
    if (stroke != null) {
      out.append(fill == null ? "" : " ").append("s-").append(stroke.styleName());
    }
    out.append('"');
  }

  private void attribute(String name, double value) {
    out.append(' ').append(name).append("=\"").append(length(value)).append('"');
  }

  private static String style() {
    StringBuilder css = new StringBuilder();
    css.append(
        ".mixel .hint:hover rect{fill:%s;fill-opacity:%s}"
            .formatted(Ink.HOVER.lightHex(), length(Ink.HOVER.opacity())));
    css.append(
        ".mixel .hint text{pointer-events:none;paint-order:stroke;stroke-width:5px;"
            + "stroke-linejoin:round;fill:%s;stroke:%s}"
                .formatted(Ink.TEXT.lightHex(), Ink.PAPER.lightHex()));
    css.append(".mixel .hint:hover text{visibility:visible}");
    css.append("@media screen and (prefers-color-scheme:dark){");
    for (Ink ink : Ink.values()) {
      css.append(".mixel .f-%s{fill:%s}".formatted(ink.styleName(), ink.darkHex()));
      css.append(".mixel .s-%s{stroke:%s}".formatted(ink.styleName(), ink.darkHex()));
    }
    css.append(
        ".mixel .hint text{fill:%s;stroke:%s}".formatted(Ink.TEXT.darkHex(), Ink.PAPER.darkHex()));
    return css.append('}').toString();
  }
}
