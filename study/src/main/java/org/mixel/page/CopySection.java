package org.mixel.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.figure.Mosaic;
import org.mixel.figure.Tile;
import org.mixel.memorization.CellCopies;
import org.mixel.memorization.Memorization;
import org.mixel.report.Block;
import org.mixel.report.Report;

/** Whether candidates repeat rows of the reference, as a section of a report. */
public final class CopySection {
  /** Bins of a candidate that a table names. */
  private static final int NAMED = 10;

  private CopySection() {}

  /**
   * A table, and for images the pairs that are nearest to each other.
   *
   * @param memorized one for each candidate
   * @param reference the reference rows, for pictures
   * @param candidates the candidates' rows, in the same order
   */
  public static Report.Section of(
      List<Memorization> memorized, Samples reference, List<Samples> candidates) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(table(memorized));
    if (memorized.stream().anyMatch(each -> each.byCell() != null)) {
      blocks.add(cells(memorized));
    }
    reference
        .shape()
        .ifPresent(
            shape -> {
              for (int i = 0; i < memorized.size(); i++) {
                blocks.add(pairs(memorized.get(i), reference, candidates.get(i), shape));
              }
            });
    return new Report.Section("Does a candidate repeat rows of the reference?", blocks);
  }

  private static Block.Table table(List<Memorization> memorized) {
    Memorization first = memorized.get(0);
    Block.Table table =
        Block.Table.of(
            String.format(
                Locale.ROOT,
                "Distances to the nearest reference row, of candidate rows and of %,d rows of %s,"
                    + " which no model has seen. Too near: the share of candidate rows that are"
                    + " nearer than the nearest %.0f%% of the unseen. Copied: the estimated share"
                    + " of rows that follow rows of the reference.",
                first.unseenRows(),
                first.unseen(),
                100 * first.expectedTooNear()),
            Block.Column.text("Candidate"),
            Block.Column.number("Rows looked at", "%,d"),
            Block.Column.number("Median distance", "%.3f"),
            Block.Column.number("of unseen rows", "%.3f"),
            Block.Column.number("Too near", "%.3f"),
            Block.Column.number("p", "%.2g"),
            Block.Column.number("Copied", "%.2f"),
            Block.Column.number("Exact copies"),
            Block.Column.text("Verdict"));
    for (Memorization each : memorized) {
      table =
          table.row(
              each.candidate(),
              each.rows(),
              each.medianDistance(),
              each.unseenMedianDistance(),
              each.tooNear(),
              each.tooNearP(),
              each.copied(),
              each.exactCopies(),
              each.verdict());
    }
    return table;
  }

  private static Block.Table cells(List<Memorization> memorized) {
    Block.Table table =
        Block.Table.of(
            String.format(
                Locale.ROOT,
                "The same distances bin by bin, in bins with %d rows of both sets or more (Meehan,"
                    + " Chaudhuri and Dasgupta, 2020). C_T: the weighted mean of the bins' rank-sum"
                    + " statistics, below 0 where rows are nearer than unseen ones. Bins with"
                    + " copies: those in which rows are significantly nearer (Holm).",
                CellCopies.FEWEST),
            Block.Column.text("Candidate"),
            Block.Column.number("Bins"),
            Block.Column.number("C_T", "%.2f"),
            Block.Column.number("p", "%.2g"),
            Block.Column.text("Bins with copies"));
    for (Memorization each : memorized) {
      CellCopies found = each.byCell();
      if (found != null) {
        List<String> bins =
            found.copied().stream().limit(NAMED).map(c -> String.valueOf(c.cell())).toList();
        int more = found.copied().size() - bins.size();
        table =
            table.row(
                each.candidate(),
                found.cells().size(),
                found.ct(),
                found.p(),
                bins.isEmpty()
                    ? "none"
                    : String.join(", ", bins) + (more > 0 ? " and " + more + " more" : ""));
      }
    }
    return table;
  }

  private static Block.Picture pairs(
      Memorization memorized, Samples reference, Samples candidate, ImageShape shape) {
    List<Tile> tiles = new ArrayList<>();
    memorized.nearest().forEach(pair -> tiles.add(Tile.of(candidate.row(pair.row()))));
    memorized.nearest().forEach(pair -> tiles.add(Tile.of(reference.row(pair.referenceRow()))));
    Mosaic.Options layout = Mosaic.Options.readable(shape).withColumns(memorized.nearest().size());
    return new Block.Picture(
        Mosaic.of(shape, tiles, layout),
        "Rows of " + memorized.candidate() + " above their nearest rows of the reference",
        "Above: the rows of "
            + memorized.candidate()
            + " that are nearest to a row of the reference. Below: those rows of "
            + reference.name()
            + ".");
  }
}
