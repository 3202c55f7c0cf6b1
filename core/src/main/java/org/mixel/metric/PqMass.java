package org.mixel.metric;

import static org.mixel.InputException.require;

import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;

/**
 * Whether two sets put the same mass into random cells: PQMass (Lemos, Sharief, Malkin, Salhi,
 * Stone, Perreault-Levasseur and Hezaveh, 2024, <i>PQMass: probabilistic assessment of the quality
 * of generative models using probability mass estimation</i>).
 *
 * <p>A tessellation is the Voronoi cells about some random rows of both sets together, which are
 * not counted themselves. All other rows are, and Pearson's statistic compares the counts of both
 * sets: where a cell holds {@code a} of the {@code n} rows of the reference that are counted, and
 * {@code P} of all {@code N},
 *
 * <pre>X^2 = sum (a - P n / N)^2 / (P (n / N) (1 - n / N))</pre>
 *
 * with one degree of freedom less than cells that hold a row. The value is the sum of the
 * statistics of all tessellations divided by their degrees of freedom: about 1 for equal sets. It
 * grows with the number of rows where sets differ. A value below what equal sets give says that one
 * set repeats the other. (The paper shows the statistics of all tessellations, and p-values of
 * single ones, which are not independent.)
 *
 * <p>There is one p for all tessellations together: all rows are dealt out anew, the cells are what
 * they are, and the value is compared with those of the deals. The error is the jackknife's over
 * the rows, the cells being fixed.
 *
 * <p>The centres come from one pool of 20 random rows for each cell, so that every row meets every
 * centre once; those of a tessellation are drawn from it, in groups of 5 that stay together where
 * the cells can be divided by 5. Distances are Euclidean, in float64.
 *
 * <p>Immutable.
 *
 * @param cells number of cells in each tessellation
 * @param statistic chi-square per degree of freedom; 1 where no tessellation has two filled cells
 */
public record PqMass(int cells, Estimate statistic) {
  /**
   * The tessellations and the deals.
   *
   * @param cells number of cells in each tessellation; fewer where there are not 10 pooled rows for
   *     each
   * @param tessellations how many
   * @param deals how often the pooled rows are dealt out anew
   * @param seed chooses centres and deals the rows out
   */
  public record Options(int cells, int tessellations, int deals, long seed) {
    /**
     * @throws InputException if there are fewer than 2 cells or no tessellation, more than 10,000
     *     cells, or too few deals for a band of 95%
     */
    public Options {
      require(
          cells >= 2 && cells <= MOST_CELLS,
          "cells must be from 2 to %d, got %d".formatted(MOST_CELLS, cells));
      require(tessellations >= 1, "tessellations must be at least 1, got " + tessellations);
      Estimate.requireDeals(deals);
    }

    private static final int MOST_CELLS = 10_000;

    /** 500 tessellations of 100 cells, 199 deals, seed 0. */
    public static Options defaults() {
      return new Options(100, 500, 199, 0);
    }

    /** The same with another number of cells. */
    public Options withCells(int count) {
      return new Options(count, tessellations, deals, seed);
    }

    /** The same with another number of tessellations. */
    public Options withTessellations(int count) {
      return new Options(cells, count, deals, seed);
    }

    /** The same with another number of deals. */
    public Options withDeals(int count) {
      return new Options(cells, tessellations, count, seed);
    }

    /** The same with another seed. */
    public Options withSeed(long number) {
      return new Options(cells, tessellations, deals, number);
    }
  }

  /** Compares two sets on the CPU with the default options. */
  public static PqMass of(Samples reference, Samples candidate) {
    return of(reference, candidate, Options.defaults(), ComputeDevice.CPU, Progress.SILENT);
  }

  /**
   * Compares two sets.
   *
   * @param reference pixels in [0, 1], or features
   * @param candidate rows of as many values
   * @throws InputException if a set has one row, the rows differ in their number of values, or a
   *     value is not finite
   */
  public static PqMass of(
      Samples reference,
      Samples candidate,
      Options options,
      ComputeDevice device,
      Progress progress) {
    KernelDistance.requireTwoRows(reference, candidate);
    try (NativeScope scope = new NativeScope();
        PooledProducts products = PooledProducts.of(reference, candidate, device)) {
      try (Tessellations tessellations = Tessellations.of(products, options)) {
        try (Progress.Stage stage = progress.begin("cells", products.rows())) {
          products.forEachWith(tessellations.centres(), stage, tessellations);
        }
        try (Progress.Stage stage = progress.begin("PQMass", tessellations.count())) {
          Deals deals =
              new Deals(products.rows(), products.referenceRows(), options.deals(), options.seed());
          return new PqMass(
              tessellations.cells(),
              CellStatistics.of(tessellations, deals, products.squares().device(), stage));
        }
      }
    }
  }
}
