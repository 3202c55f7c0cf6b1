package org.mixel.report;

import static org.mixel.figure.Markup.escape;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.mixel.WholeFile;
import org.mixel.figure.Drawing;

/**
 * A report as one HTML page. It holds its style sheet and pictures itself, runs no script, and its
 * content security policy forbids every request; it follows the reader's light or dark scheme.
 */
public final class HtmlReport {
  private static final String POLICY =
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none';"
          + " form-action 'none'";

  /** Fewer sections than this need no list of contents. */
  private static final int SECTIONS_FOR_CONTENTS = 3;

  private final StringBuilder out = new StringBuilder();

  private HtmlReport() {}

  /**
   * Writes the page, whole or not at all.
   *
   * @param file replaced if it exists; missing folders are made
   * @throws UncheckedIOException if it cannot be written
   */
  public static void write(Report report, Path file) {
    WholeFile.write(file, part -> Files.write(part, html(report).getBytes(StandardCharsets.UTF_8)));
  }

  /** The page as text. */
  public static String html(Report report) {
    HtmlReport page = new HtmlReport();
    page.page(report);
    return page.out.toString();
  }

  private void page(Report report) {
    line("<!doctype html>");
    line("<html lang=\"en\">");
    line("<head>");
    line("<meta charset=\"utf-8\">");
    line("<meta http-equiv=\"Content-Security-Policy\" content=\"" + POLICY + "\">");
    line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    line("<meta name=\"color-scheme\" content=\"light dark\">");
    line("<title>" + escape(report.title()) + "</title>");
    line("<style>\n" + styleSheet() + "</style>");
    line("</head>");
    line("<body>");
    line("<header>");
    line("<h1>" + escape(report.title()) + "</h1>");
    line("<p>" + escape(report.lead()) + "</p>");
    line("</header>");
    contents(report.sections());
    line("<main>");
    report.summary().forEach(this::block);
    for (int i = 0; i < report.sections().size(); i++) {
      section(i + 1, report.sections().get(i));
    }
    line("</main>");
    line("<footer><p>" + escape(report.footer()) + "</p></footer>");
    line("</body>");
    line("</html>");
  }

  private void contents(List<Report.Section> sections) {
    if (sections.size() < SECTIONS_FOR_CONTENTS) {
      return;
    }
    line("<nav aria-label=\"Contents\"><ol>");
    for (int i = 0; i < sections.size(); i++) {
      String heading = escape(sections.get(i).heading());
      line("<li><a href=\"#section-%d\">%s</a></li>".formatted(i + 1, heading));
    }
    line("</ol></nav>");
  }

  private void section(int number, Report.Section section) {
    line("<section aria-labelledby=\"section-%d\">".formatted(number));
    line("<h2 id=\"section-%d\">%s</h2>".formatted(number, escape(section.heading())));
    section.blocks().forEach(this::block);
    line("</section>");
  }

  private void block(Block block) {
    if (block instanceof Block.Text text) {
      line("<p>" + escape(text.text()) + "</p>");
    } else if (block instanceof Block.Code code) {
      line("<pre tabindex=\"0\"><code>" + escape(code.text()) + "</code></pre>");
    } else if (block instanceof Block.Picture picture) {
      picture(picture);
    } else if (block instanceof Block.Beside beside) {
      line("<div class=\"beside\">");
      beside.pictures().forEach(this::picture);
      line("</div>");
    } else if (block instanceof Block.Table table) {
      table(table);
    } else if (block instanceof Block.Folded folded) {
      line("<details>");
      line("<summary>" + escape(folded.summary()) + "</summary>");
      folded.blocks().forEach(this::block);
      line("</details>");
    }
  }

  /** Drawings keep their text readable on narrow screens by scrolling; mosaics shrink. */
  private void picture(Block.Picture picture) {
    String element = picture.figure().html(picture.alt());
    line("<figure>");
    if (picture.figure() instanceof Drawing drawing) {
      line(
          "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"%s\" style=\"--w:%dpx\">"
              .formatted(escape(picture.caption()), (long) Math.ceil(drawing.width())));
      line(element);
      line("</div>");
    } else {
      line(element);
    }
    line("<figcaption>" + escape(picture.caption()) + "</figcaption>");
    line("</figure>");
  }

  private void table(Block.Table table) {
    line(
        "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"%s\">"
            .formatted(escape(table.caption())));
    line("<table>");
    line("<caption>" + escape(table.caption()) + "</caption>");
    out.append("<thead><tr>");
    for (Block.Column column : table.columns()) {
      cell("th", "col", column, column.heading());
    }
    line("</tr></thead>");
    line("<tbody>");
    for (List<String> row : table.rows()) {
      out.append("<tr>");
      for (int i = 0; i < row.size(); i++) {
        cell(i == 0 ? "th" : "td", i == 0 ? "row" : "", table.columns().get(i), row.get(i));
      }
      line("</tr>");
    }
    line("</tbody>");
    line("</table>");
    line("</div>");
  }

  private void cell(String element, String scope, Block.Column column, String text) {
    out.append('<').append(element);
    if (!scope.isEmpty()) {
      out.append(" scope=\"").append(scope).append('"');
    }
    if (column.number()) {
      out.append(" class=\"number\"");
    }
    out.append('>').append(escape(text)).append("</").append(element).append('>');
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private static String styleSheet() {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
