package org.mixel.report;

import java.util.List;

/**
 * What a report says.
 *
 * @param title its one main heading
 * @param lead what it is about, in a sentence or two
 * @param summary what stands before the sections, such as the table of results
 * @param sections the rest
 * @param footer how it was made: command, version, seed, machine
 */
public record Report(
    String title, String lead, List<Block> summary, List<Section> sections, String footer) {
  public Report {
    summary = List.copyOf(summary);
    sections = List.copyOf(sections);
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
