package org.mixel.mfa.training;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.Density;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;

/**
 * The truncated E-step of rows that come block by block, as one worker of many sees them. Whoever
 * divides the work keeps the candidates of every row, and for each component the list that the
 * worker learned from most rows.
 *
 * <p>Owns native memory until {@link #close()}. Not safe for use by several threads; several of
 * them may share a model.
 */
public final class BlockTruncation implements AutoCloseable {
  private static final int MOST_WARM_UP = 10;
  private static final double SETTLED = 1e-3;

  private final Density density;
  private final Algorithm.TruncatedEm options;
  private final Neighbourhoods neighbourhoods;
  private final SplittableRandom random;
  private final @Nullable SufficientStatistics statistics;
  private double rows;
  private double logLikelihood;

  private BlockTruncation(
      MixtureOfFactorAnalyzers model,
      Algorithm.TruncatedEm options,
      Neighbourhoods neighbourhoods,
      SplittableRandom random,
      boolean gathers) {
    this.options = options;
    this.neighbourhoods = neighbourhoods;
    this.random = random;
    density = Density.of(model);
    try {
      statistics = gathers ? SufficientStatistics.empty(model) : null;
    } catch (RuntimeException | Error e) {
      density.close();
      throw e;
    }
  }

  /**
   * One step of one worker.
   *
   * @param seed of the training
   * @param step its number in the training, from 1 on
   * @param worker its number, from 0 on
   */
  public record Turn(long seed, long step, int worker) {
    private SplittableRandom random() {
      SplittableRandom common = TruncatedExpectation.random(seed, step);
      return worker == 0 ? common : new SplittableRandom(common.nextLong() + worker);
    }
  }

  /**
   * No rows yet.
   *
   * @param model on the CPU, in the units of the training; must stay open
   * @param neighbours for each component its list, itself first
   * @param gathers whether to fill {@link #statistics}, or only to settle candidates
   */
  public static BlockTruncation of(
      MixtureOfFactorAnalyzers model,
      Algorithm.TruncatedEm options,
      int[][] neighbours,
      Turn turn,
      boolean gathers) {
    return new BlockTruncation(
        model, options, Neighbourhoods.of(neighbours), turn.random(), gathers);
  }

  /** The lists of a training that begins: by the distances of means. */
  public static int[][] neighbours(MixtureOfFactorAnalyzers model, Algorithm.TruncatedEm options) {
    Neighbourhoods lists = Neighbourhoods.ofMeans(model.means(), options.neighbours());
    int[][] neighbours = new int[model.components()][];
    for (int k = 0; k < neighbours.length; k++) {
      neighbours[k] = lists.of(k);
    }
    return neighbours;
  }

  /** Candidates that each row has. */
  public static int width(MixtureOfFactorAnalyzers model, Algorithm.TruncatedEm options) {
    return Math.min(options.candidates(), model.components());
  }

  /**
   * E-steps alone until candidates are good: an M-step on bad ones would move components that have
   * not met their rows.
   *
   * @param step makes one, and returns the mean log-likelihood over candidates
   */
  public static void settle(DoubleSupplier step) {
    double last = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < MOST_WARM_UP; i++) {
      double bound = step.getAsDouble();
      if (!Double.isFinite(bound) || bound - last < SETTLED * Math.abs(bound)) {
        return;
      }
      last = bound;
    }
  }

  /**
   * Adds rows.
   *
   * @param block in the units of the training; rows may have weights
   * @param known the candidates of each row, the best first; null for the best of all components,
   *     which costs about as much as an exact E-step
   * @return the new candidates
   * @throws InputException if a value is infinite or missing
   */
  public int[] add(Samples block, int @Nullable [] known) {
    if (block.hasMissing()) {
      throw new InputException(
          "%s: values are missing (NaN), which `trainer` truncated-em cannot learn from; use `trainer` em"
              .formatted(block.name()));
    }
    int[] candidates =
        known == null
            ? TruncatedExpectation.best(block, ComputeDevice.CPU, density, options)
            : known.clone();
    try (TruncatedExpectation expectation =
        TruncatedExpectation.of(block, candidates, neighbourhoods)) {
      Progress.Stage stage = Progress.SILENT.begin("rows", block.rows());
      logLikelihood += expectation.step(density, statistics, stage, random);
    }
    rows += RowWeights.of(block).total();
    return candidates;
  }

  /**
   * The sums of all rows so far; they stay this object's.
   *
   * @throws IllegalStateException if none are gathered
   */
  public SufficientStatistics statistics() {
    if (statistics == null) {
      throw new IllegalStateException("this step only settles candidates");
    }
    return statistics;
  }

  /** Number of rows, by their weights. */
  public double rows() {
    return rows;
  }

  /** Their summed log-likelihood over candidates, in nats. */
  public double logLikelihood() {
    return logLikelihood;
  }

  /** The list of a component; must not be changed. */
  public int[] neighbours(int component) {
    return neighbourhoods.of(component);
  }

  /** The weight of the rows that a list was learned from; 0 if it was not. */
  public double taught(int component) {
    return neighbourhoods.taught(component);
  }

  @Override
  public void close() {
    if (statistics != null) {
      statistics.close();
    }
    density.close();
  }
}
