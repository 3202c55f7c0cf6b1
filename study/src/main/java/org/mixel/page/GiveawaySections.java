package org.mixel.page;

import java.util.ArrayList;
import java.util.List;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.evaluation.CandidateReport;
import org.mixel.evaluation.Giveaways;
import org.mixel.figure.Mosaic;
import org.mixel.figure.Tile;
import org.mixel.metric.ClassifierTest.Giveaway;
import org.mixel.report.Block;
import org.mixel.report.Report;

/** The rows by which neighbours tell a candidate from the reference, as sections of a report. */
final class GiveawaySections {
  private static final int ROWS = 20;
  private static final int COLUMNS = 10;

  private GiveawaySections() {}

  /**
   * A section for each candidate that the classifier tells from the reference.
   *
   * @param counted the set that the candidates were compared with
   * @param candidates the candidates' rows, in the order of the results
   */
  static List<Report.Section> of(
      List<CandidateReport> results, Samples counted, List<Samples> candidates) {
    List<Report.Section> sections = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      CandidateReport result = results.get(i);
      Giveaways rows = result.giveaways();
      if (rows != null && result.different().contains("c2st")) {
        Samples candidate = candidates.get(i);
        sections.add(
            new Report.Section(
                "Rows that give " + result.candidate() + " away",
                List.of(
                    block(
                        candidate,
                        rows.candidate(),
                        "Rows of %s whose neighbours are mostly its own and seldom rows of %s: they are made by it alone."
                            .formatted(candidate.name(), counted.name())),
                    block(
                        counted,
                        rows.reference(),
                        "Rows of %s with the fewest rows of %s among their neighbours: they are hardly ever made."
                            .formatted(counted.name(), candidate.name())))));
      }
    }
    return sections;
  }

  private static Block block(Samples samples, List<Giveaway> rows, String caption) {
    List<Giveaway> shown = rows.stream().limit(ROWS).toList();
    if (samples.shape().isEmpty()) {
      Block.Table table =
          Block.Table.of(
              caption,
              Block.Column.number("Row", "%,d"),
              Block.Column.number("Share of votes", "%.2f"));
      for (Giveaway each : shown.stream().limit(COLUMNS).toList()) {
        table = table.row(each.row(), each.share());
      }
      return table;
    }
    ImageShape shape = samples.shape().get();
    List<Tile> tiles = shown.stream().map(each -> Tile.of(samples.row(each.row()))).toList();
    return new Block.Picture(
        Mosaic.of(shape, tiles, Mosaic.Options.readable(shape).withColumns(COLUMNS)),
        tiles.size() + " rows of " + samples.name(),
        caption);
  }
}
