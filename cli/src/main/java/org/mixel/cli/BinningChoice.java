package org.mixel.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mixel.ndb.Clustering;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.ReferenceMode;
import org.mixel.ndb.VoronoiBins;
import picocli.CommandLine.Option;

/** How bins are placed and tested. */
final class BinningChoice {
  private static final Ndb.Options TESTED = Ndb.Options.defaults();
  private static final VoronoiBins.Options PLACED = TESTED.binning();

  @Option(
      names = "--bins",
      split = ",",
      paramLabel = "K",
      description = "Numbers of bins (default: 100,200,300).")
  private @Nullable List<Integer> bins;

  @Option(
      names = "--reference",
      paramLabel = "held-out|paper",
      description =
          "Count the reference rows that did not place the bins (held-out, the default: calibrated)"
              + " or those that did (paper: to compare with published tables).")
  private String mode = PLACED.mode().toString();

  @Option(names = "--whiten", description = "Divide each pixel by its standard deviation.")
  private boolean whiten;

  @Option(
      names = "--binning",
      paramLabel = "kmeans|ward|random",
      description =
          "How the bins are placed: by k-means (the default), by Ward's agglomerative clustering"
              + " of at most 8000 rows, or about K random rows of the reference, which are then not"
              + " counted.")
  private String binning = PLACED.clustering().toString();

  @Option(names = "--restarts", paramLabel = "N", description = "k-means restarts (default: 10).")
  private int restarts = PLACED.restarts();

  @Option(
      names = "--max-rows",
      paramLabel = "N",
      description = "At most so many rows place the bins (default: 80000).")
  private int maxRows = PLACED.maxRows();

  @Option(
      names = "--max-dims",
      paramLabel = "M",
      description = "Placing the bins looks at so many dimensions at most (default: 2000).")
  private int maxDims = PLACED.maxDims();

  @Option(
      names = "--candidate-rows",
      paramLabel = "N",
      description = "Test at most so many rows of each candidate, drawn at random (default: all).")
  private int candidateRows = TESTED.candidateRows();

  @Option(
      names = "--equal-rows",
      description =
          "Count as many rows of each candidate as on the reference's side: a random part of the"
              + " larger.")
  private boolean equalRows;

  @Option(
      names = "--alpha",
      paramLabel = "A",
      description = "Significance level of each bin's test (default: 0.05).")
  private double alpha = TESTED.alpha();

  @Option(
      names = "--seeds",
      paramLabel = "S",
      defaultValue = "1",
      description = "Place the bins so many times, from --seed on; tell means and deviations.")
  private int seeds;

  /** Whether bins are placed more than once. */
  boolean repeated() {
    return seeds > 1;
  }

  /**
   * @param seed that of the first binning
   * @throws org.mixel.InputException if an option is out of its range
   */
  Ndb.Options options(long seed) {
    VoronoiBins.Options placed =
        PLACED
            .withWhiten(whiten)
            .withClustering(Clustering.of(binning))
            .withMode(ReferenceMode.of(mode))
            .withRestarts(restarts)
            .withMaxRows(maxRows)
            .withMaxDims(maxDims);
    return TESTED
        .withBinning(placed)
        .withSeeds(seed, seeds)
        .withBins(bins == null ? TESTED.bins() : bins)
        .withCandidateRows(candidateRows)
        .withEqualRows(equalRows)
        .withAlpha(alpha);
  }
}
