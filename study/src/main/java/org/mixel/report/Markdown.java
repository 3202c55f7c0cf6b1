package org.mixel.report;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A report as Markdown, for pages beside source code: text and tables under their headings; no
 * pictures, and no headings of pictures alone.
 */
public final class Markdown {
  private Markdown() {}

  /** The page as text. */
  public static String of(Report report) {
    StringBuilder out = new StringBuilder();
    out.append("# ").append(report.title()).append("\n\n").append(report.lead()).append("\n\n");
    report.summary().forEach(block -> add(out, block));
    for (Report.Section section : report.sections()) {
      StringBuilder part = new StringBuilder();
      section.blocks().forEach(block -> add(part, block));
      if (!part.isEmpty()) {
        out.append("## ").append(section.heading()).append("\n\n").append(part);
      }
    }
    return out.append(report.footer()).append('\n').toString();
  }

  private static void add(StringBuilder out, Block block) {
    if (block instanceof Block.Text text) {
      out.append(text.text()).append("\n\n");
    } else if (block instanceof Block.Table table) {
      add(out, table);
    } else if (block instanceof Block.Folded folded) {
      folded.blocks().forEach(each -> add(out, each));
    }
  }

  private static void add(StringBuilder out, Block.Table table) {
    out.append(table.caption()).append("\n\n");
    out.append(line(table.columns().stream().map(Block.Column::heading).toList()));
    out.append(
        line(table.columns().stream().map(column -> column.number() ? "--:" : "---").toList()));
    table.rows().forEach(row -> out.append(line(row)));
    out.append('\n');
  }

  private static String line(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
