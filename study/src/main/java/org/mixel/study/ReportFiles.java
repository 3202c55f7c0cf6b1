package org.mixel.study;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mixel.WholeFile;
import org.mixel.report.HtmlReport;
import org.mixel.report.Markdown;
import org.mixel.report.Report;

/** The two files in which a study tells what it found: a page, and its text and tables. */
final class ReportFiles {
  private ReportFiles() {}

  /**
   * Writes {@code report.html} and {@code report.md}.
   *
   * @throws java.io.UncheckedIOException if the disk refuses
   */
  static void write(Report report, Path folder) {
    HtmlReport.write(report, folder.resolve("report.html"));
    byte[] text = Markdown.of(report).getBytes(StandardCharsets.UTF_8);
    WholeFile.write(folder.resolve("report.md"), part -> Files.write(part, text));
  }
}
