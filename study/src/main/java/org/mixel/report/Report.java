package org.mixel.report;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.mixel.WholeFile;

/**
 * The content of a report.
 *
 * @param title its one main heading
 * @param lead its subject, in a sentence or two
 * @param summary blocks before the sections, such as the table of results
 * @param sections the rest
 * @param footer the way it was made: command, version, seed, machine
 */
public record Report(
    String title, String lead, List<Block> summary, List<Section> sections, String footer) {
  public Report {
    summary = List.copyOf(summary);
    sections = List.copyOf(sections);
  }

  /**
   * Writes {@code report.html} and {@code report.md}, each whole or not at all.
   *
   * @param folder made if it is missing
   * @throws java.io.UncheckedIOException if the disk refuses
   */
  public void write(Path folder) {
    HtmlReport.write(this, folder.resolve("report.html"));
    byte[] text = Markdown.of(this).getBytes(StandardCharsets.UTF_8);
    WholeFile.write(folder.resolve("report.md"), part -> Files.write(part, text));
  }

  /** A part of a report under its own heading. */
  public record Section(String heading, List<Block> blocks) {
    public Section {
      blocks = List.copyOf(blocks);
    }

    public static Section of(String heading, Block... blocks) {
      return new Section(heading, List.of(blocks));
    }
  }
}
