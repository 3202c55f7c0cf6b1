package org.mixel.report;

import static java.util.stream.Collectors.joining;
import static org.mixel.figure.Markup.escape;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.mixel.WholeFile;
import org.mixel.figure.Chart;
import org.mixel.figure.Figure;
import org.mixel.figure.Mosaic;

/**
 * A report as one HTML page. It holds its style sheet and pictures itself, and its content security
 * policy forbids every request; it follows the reader's light or dark scheme. It runs no script, or
 * where it holds a {@link Chart}, the two that draw it and that the policy names by their hashes.
 */
public final class HtmlReport {
  private static final String POLICY =
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none';"
          + " form-action 'none'";

  /** In the order in which they run. */
  private static final List<String> SCRIPTS = List.of("echarts/echarts.common.min.js", "charts.js");

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
    List<String> scripts =
        holdsChart(report) ? SCRIPTS.stream().map(HtmlReport::resource).toList() : List.of();
    line("<!doctype html>");
    line("<html lang=\"en\">");
    line("<head>");
    line("<meta charset=\"utf-8\">");
    line("<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy(scripts) + "\">");
    line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    line("<meta name=\"color-scheme\" content=\"light dark\">");
    line("<title>" + escape(report.title()) + "</title>");
    line("<style>\n" + resource("report.css") + "</style>");
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
    scripts.forEach(script -> line("<script>" + script + "</script>"));
    line("</body>");
    line("</html>");
  }

  private static String policy(List<String> scripts) {
    if (scripts.isEmpty()) {
      return POLICY;
    }
    return scripts.stream()
        .map(HtmlReport::source)
        .collect(joining(" ", POLICY + "; script-src ", ""));
  }

  /** The policy's name of a script, by its hash. */
  private static String source(String script) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] hash = sha256.digest(script.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean holdsChart(Report report) {
    return holdsChart(report.summary())
        || report.sections().stream().anyMatch(section -> holdsChart(section.blocks()));
  }

  private static boolean holdsChart(List<? extends Block> blocks) {
    return blocks.stream()
        .anyMatch(
            block ->
                block instanceof Block.Picture picture && picture.figure() instanceof Chart
                    || block instanceof Block.Beside beside && holdsChart(beside.pictures())
                    || block instanceof Block.Folded folded && holdsChart(folded.blocks()));
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

  /** Plots keep their text readable on narrow screens by scrolling; mosaics shrink. */
  private void picture(Block.Picture picture) {
    Figure figure = picture.figure();
    String element = figure.html(picture.alt());
    line("<figure>");
    if (figure instanceof Mosaic) {
      line(element);
    } else {
      line(
          "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"%s\" style=\"--w:%dpx\">"
              .formatted(escape(picture.caption()), (long) Math.ceil(figure.width())));
      line(element);
      line("</div>");
    }
    line("<figcaption>" + escape(picture.caption()) + "</figcaption>");
    line("</figure>");
  }

  private void table(Block.Table table) {
    line(
        "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"%s\">"
            .formatted(escape(table.caption())));
    line("<table>");
    line("<caption><span>" + escape(table.caption()) + "</span></caption>");
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
    if (column.share()) {
      out.append(" class=\"number share\"");
      if (text.matches("[01]\\.[0-9]+")) {
        out.append(" style=\"--share:").append(text).append('"');
      }
    } else if (column.number()) {
      out.append(" class=\"number\"");
    }
    out.append('>').append(escape(text)).append("</").append(element).append('>');
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  /** A text file beside this class. */
  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
