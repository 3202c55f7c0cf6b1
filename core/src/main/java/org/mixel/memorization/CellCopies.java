package org.mixel.memorization;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.mixel.data.Samples;
import org.mixel.stat.AdjustedP;
import org.mixel.stat.MannWhitney;

/**
 * Where in space rows are copied: the test of Meehan, Chaudhuri and Dasgupta (2020, <i>A
 * non-parametric test to detect data-copying in generative models</i>, section 3), in the cells of
 * a partition. In each cell the distances of candidate rows to their nearest reference row are
 * compared with those of unseen rows by the rank-sum statistic {@code z}; {@code C_T} is the mean
 * of {@code z}, weighted by the unseen rows' shares of the cells. It is negative where a model
 * copies, though in few cells, and though its rows elsewhere lie far from the reference.
 *
 * <p>Cells with fewer than {@link #FEWEST} rows of either set are left out, as in the paper. Under
 * equality every {@code z} is standard normal and independent of the others, so {@code C_T} has the
 * variance {@code sum w^2} with weights {@code w} that sum to 1.
 *
 * @param ct {@code C_T}
 * @param p one-sided p-value of it: how often fresh rows give one as low
 * @param cells those that were compared, the lowest {@code z} first
 */
public record CellCopies(double ct, double p, List<Cell> cells) {
  /** Rows of either set that a cell needs. */
  public static final int FEWEST = 20;

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** Keeps its own copy of the list. */
  public CellCopies {
    cells = List.copyOf(cells);
  }

  /**
   * One cell.
   *
   * @param cell its number
   * @param rows candidate rows in it
   * @param unseenRows unseen rows in it
   * @param z negative if candidate rows tend to be nearer to reference rows than unseen rows are
   * @param pHolm its one-sided p-value, adjusted for the number of cells (Holm)
   */
  public record Cell(int cell, int rows, int unseenRows, double z, double pHolm) {}

  /** Finds the cell of each row. */
  @FunctionalInterface
  public interface Partition {
    /**
     * @return one number from 0 for each row
     */
    int[] cells(Samples rows);
  }

  /**
   * @param distances of candidate rows to their nearest reference rows
   * @param cells the cell of each
   * @param unseen distances of unseen rows
   * @param unseenCells the cell of each
   */
  static CellCopies of(double[] distances, int[] cells, double[] unseen, int[] unseenCells) {
    int count =
        1 + IntStream.concat(IntStream.of(cells), IntStream.of(unseenCells)).max().orElse(0);
    List<Cell> found = new ArrayList<>();
    for (int cell = 0; cell < count; cell++) {
      double[] own = in(cell, distances, cells);
      double[] fresh = in(cell, unseen, unseenCells);
      if (Math.min(own.length, fresh.length) >= FEWEST) {
        found.add(new Cell(cell, own.length, fresh.length, MannWhitney.z(own, fresh), 1));
      }
    }
    double[] adjusted =
        AdjustedP.holm(
            found.stream().mapToDouble(each -> NORMAL.cumulativeProbability(each.z())).toArray());
    double weights = found.stream().mapToDouble(Cell::unseenRows).sum();
    double ct = 0;
    double variance = 0;
    for (int i = 0; i < adjusted.length; i++) {
      Cell each = found.get(i);
      double weight = each.unseenRows() / weights;
      ct += weight * each.z();
      variance += weight * weight;
      found.set(i, new Cell(each.cell(), each.rows(), each.unseenRows(), each.z(), adjusted[i]));
    }
    double p = found.isEmpty() ? 1 : NORMAL.cumulativeProbability(ct / Math.sqrt(variance));
    found.sort(Comparator.comparingDouble(Cell::z));
    return new CellCopies(ct, p, found);
  }

  private static double[] in(int cell, double[] distances, int[] cells) {
    return IntStream.range(0, cells.length)
        .filter(i -> cells[i] == cell)
        .mapToDouble(i -> distances[i])
        .toArray();
  }

  /** The cells in which rows are significantly near, the lowest {@code z} first. */
  public List<Cell> copied() {
    return cells.stream().filter(each -> each.pHolm() <= 0.05).toList();
  }
}
