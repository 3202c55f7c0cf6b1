package org.mixel.mfa.training;

import org.mixel.data.Samples;
import org.mixel.mfa.Density;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.ObservedDensity;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RowReader;

/**
 * The exact E-step of rows that come block by block, as one worker of many sees them: the sums of
 * all workers ({@link SufficientStatistics#sums}) are those of all rows.
 *
 * <p>Owns native memory until {@link #close()}. Not safe for use by several threads; several of
 * them may share a model.
 */
public final class BlockExpectation implements AutoCloseable {
  private final Density density;
  private final SufficientStatistics statistics;

  private BlockExpectation(MixtureOfFactorAnalyzers model) {
    density = Density.of(model);
    try {
      statistics = SufficientStatistics.empty(model);
    } catch (RuntimeException | Error e) {
      density.close();
      throw e;
    }
  }

  /**
   * No rows yet.
   *
   * @param model on the CPU, in the units of the training; must stay open
   */
  public static BlockExpectation of(MixtureOfFactorAnalyzers model) {
    return new BlockExpectation(model);
  }

  /**
   * Adds rows.
   *
   * @param rows in the units of the training; values may be missing (NaN), rows may have weights
   * @throws org.mixel.InputException if a value is infinite
   */
  public void add(Samples rows) {
    RowWeights weights = RowWeights.of(rows);
    try (RowReader reader = RowReader.of(rows, ComputeDevice.CPU)) {
      if (rows.hasMissing()) {
        ObservedDensity observed = ObservedDensity.of(density);
        reader.forEach(
            MissingExpectation.blockRows(reader, density.model()),
            block -> MissingExpectation.add(block, weights, observed, statistics));
      } else {
        reader.forEach(
            reader.blockRows(), block -> ExactExpectation.add(block, weights, density, statistics));
      }
    }
  }

  /** The sums of all rows so far; they stay this object's. */
  public SufficientStatistics statistics() {
    return statistics;
  }

  @Override
  public void close() {
    statistics.close();
    density.close();
  }
}
