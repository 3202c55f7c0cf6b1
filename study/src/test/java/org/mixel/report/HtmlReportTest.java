package org.mixel.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.data.ImageShape;
import org.mixel.figure.Chart;
import org.mixel.figure.CurvePlot;
import org.mixel.figure.Drawing;
import org.mixel.figure.Mosaic;
import org.mixel.figure.ProportionPlot;
import org.mixel.figure.Tile;
import org.mixel.report.Block.Beside;
import org.mixel.report.Block.Column;
import org.mixel.report.Block.Folded;
import org.mixel.report.Block.Picture;
import org.mixel.report.Block.Table;
import org.mixel.report.Block.Text;
import org.mixel.report.Report.Section;

/** The page is one valid, self-contained document that shows any text as it is. */
class HtmlReportTest {
  private static final String NASTY = "<b onclick='x'>&amp; \"q\" </script>";
  private static final String ESCAPED =
      "&lt;b onclick=&#39;x&#39;&gt;&amp;amp; &quot;q&quot; &lt;/script&gt;";
  private static final Set<String> VOID = Set.of("meta", "img", "rect", "path", "circle", "image");

  private static final Mosaic MOSAIC =
      Mosaic.of(
          new ImageShape(1, 2, 2),
          List.of(Tile.of(new float[] {0, 1, 0, 1})),
          Mosaic.Options.defaults());
  private static final Drawing PLOT =
      CurvePlot.of(
          "iteration", "nats", List.of(CurvePlot.Curve.perIteration("train", new double[] {1, 2})));

  private static Report report(String text) {
    Picture picture = new Picture(MOSAIC, text + " alt", text);
    Table table =
        Table.of(text, Column.text(text), Column.number("NDB"))
            .row("test set", "3")
            .row(text, "< 12");
    return new Report(
        text,
        text,
        List.of(table),
        List.of(
            Section.of("First " + text, new Text(text), picture),
            Section.of("Second", new Picture(PLOT, text, text), Beside.of(picture, picture)),
            Section.of("Third", new Folded(text, List.of(table)))),
        text);
  }

  @Test
  void nothingOutsideThePageIsAskedFor() {
    String html = HtmlReport.html(report("plain"));
    assertThat(html).doesNotContain("http://", "https://", "<script", "<link", "@import", "url(");
    assertThat(all("(?:src|href)=\"([^\"]{0,22})", html))
        .isNotEmpty()
        .allMatch(
            address -> address.startsWith("data:image/png;base64,") || address.startsWith("#"));
    assertThat(html).contains("default-src 'none'").doesNotContain("script-src");
  }

  @Test
  void onlyTheScriptsOfChartsRunAndThePolicyNamesThem() throws NoSuchAlgorithmException {
    Picture chart = new Picture(chart(NASTY), NASTY, NASTY);
    for (Block block :
        List.of(chart, Beside.of(chart, chart), new Folded("more", List.of(chart, chart)))) {
      String html =
          HtmlReport.html(new Report("t", "l", List.of(), List.of(Section.of("s", block)), "f"));
      List<String> scripts = all("(?s)<script>(.*?)</script>", html);
      assertThat(scripts).hasSize(2);
      assertThat(scripts.get(0)).contains("Apache Software Foundation", "echarts");
      String policy = all("Content-Security-Policy\" content=\"([^\"]+)", html).get(0);
      assertThat(policy)
          .startsWith("default-src 'none'; img-src data:; style-src 'unsafe-inline'; ")
          .endsWith("; script-src " + source(scripts.get(0)) + " " + source(scripts.get(1)));
      String without = html.replace(scripts.get(0), "").replace(scripts.get(1), "");
      assertThat(without).doesNotContain("<b ");
      assertThat(all("<script type=\"application/json\">", without))
          .hasSameSizeAs(all("class=\"live\"", without))
          .hasSameSizeAs(all("<svg ", without));
    }
  }

  private static Chart chart(String name) {
    double[] half = {0.5, 0.5};
    return ProportionPlot.of(
        half, List.of(new ProportionPlot.Candidate(name, 9, half, half, half, new boolean[2])));
  }

  private static String source(String script) throws NoSuchAlgorithmException {
    byte[] bytes = script.getBytes(StandardCharsets.UTF_8);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
    return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
  }

  @Test
  void textIsShownAsItIs() {
    String html = HtmlReport.html(report(NASTY));
    assertThat(html).doesNotContain("<b ", "</script>", "'x'");
    int places = html.split(Pattern.quote(ESCAPED), -1).length - 1;
    assertThat(places).isEqualTo(HtmlReport.html(report("PLAIN")).split("PLAIN", -1).length - 1);
  }

  @Test
  void elementsAreBalancedAndThereIsOneMainHeading() {
    String html = HtmlReport.html(report(NASTY));
    assertThat(html).startsWith("<!doctype html>\n<html lang=\"en\">");
    assertThat(all("<h1>", html)).hasSize(1);
    assertThat(all("<main>", html)).hasSize(1);
    Deque<String> open = new ArrayDeque<>();
    Matcher tag = Pattern.compile("<(/?)([a-z0-9]+)[^>]*>").matcher(html);
    while (tag.find()) {
      if (tag.group(1).isEmpty() && !VOID.contains(tag.group(2))) {
        open.push(tag.group(2));
      } else if (!tag.group(1).isEmpty()) {
        assertThat(open.pop()).as("closed at %d", tag.start()).isEqualTo(tag.group(2));
      }
    }
    assertThat(open).isEmpty();
  }

  @Test
  void tablesNameTheirRowsAndColumns() {
    String html = HtmlReport.html(report("plain"));
    assertThat(html)
        .contains("<caption><span>plain</span></caption>")
        .contains(
            "<thead><tr><th scope=\"col\">plain</th>"
                + "<th scope=\"col\" class=\"number\">NDB</th></tr></thead>")
        .contains("<tr><th scope=\"row\">test set</th><td class=\"number\">3</td></tr>");
    assertThatThrownBy(() -> Table.of("t", Column.text("a")).row("1", "2"))
        .hasMessage("t: a row of 2 cells in a table of 1 columns");
  }

  @Test
  void picturesHaveWordsAndContentsLeadToSections() {
    String html = HtmlReport.html(report("plain"));
    assertThat(all("<img [^>]*alt=\"([^\"]+)\"", html)).hasSize(3).containsOnly("plain alt");
    assertThat(all("role=\"img\" aria-label=\"([^\"]+)\"", html)).containsExactly("plain");
    for (String target : all("href=\"#([^\"]+)\"", html)) {
      assertThat(all(" id=\"" + target + "\"", html)).hasSize(1);
    }
    assertThat(all("href=\"#([^\"]+)\"", html)).hasSize(3);
  }

  @Test
  void theSameReportGivesTheSameFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("out/report.html");
    HtmlReport.write(report("plain"), file);
    byte[] first = Files.readAllBytes(file);
    HtmlReport.write(report("plain"), file);
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
    assertThat(folder.resolve("out").toFile().list()).containsExactly("report.html");
  }

  /** Every match of a pattern, or of its first group. */
  private static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.groupCount() == 0 ? match.group() : match.group(1))
        .toList();
  }

  @Test
  void sharesAreColouredByTheirSize() {
    Table table =
        Table.of("t", Column.text("fault"), Column.share("found")).row("a", 0.84).row("b", "–");
    Report report = new Report("t", "t", List.of(table), List.of(), "t");
    assertThat(HtmlReport.html(report))
        .contains("<td class=\"number share\" style=\"--share:0.84\">0.84</td>")
        .contains("<td class=\"number share\">–</td>");
  }
}
