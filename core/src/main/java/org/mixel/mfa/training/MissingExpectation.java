package org.mixel.mfa.training;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.ComponentRows;
import org.mixel.mfa.Density;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.ObservedDensity;
import org.mixel.tensor.Batches;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowBlocks;

/**
 * The exact E-step for rows with missing values (NaN), exact when they are missing at random: what
 * is missing does not depend on the missing values themselves (Ghahramani and Jordan 1994).
 * Responsibilities and posteriors are those given the observed values; a missing value enters the
 * statistics by its expectations under them.
 */
final class MissingExpectation {
  private static final int BLOCK_ROWS = 1 << 16;
  private static final long BLOCK_BYTES = 128L << 20;

  private MissingExpectation() {}

  /** Gathers the statistics of all rows under a model; the caller closes them. */
  static SufficientStatistics of(
      Batches batches, MixtureOfFactorAnalyzers model, Progress.Stage progress) {
    Samples samples = batches.samples();
    long width = Math.max(samples.rowBytes(), 4L * model.components());
    int block = (int) Math.max(1, Math.min(BLOCK_ROWS, BLOCK_BYTES / width));
    SufficientStatistics statistics = SufficientStatistics.empty(model);
    try (Density density = Density.of(model);
        RowBlocks blocks = RowBlocks.of(samples, batches.device(), block)) {
      while (blocks.next()) {
        add(blocks, ObservedDensity.of(density), statistics);
        progress.advance(blocks.count());
      }
    }
    return statistics;
  }

  private static void add(
      RowBlocks blocks, ObservedDensity density, SufficientStatistics statistics) {
    try (NativeScope scope = new NativeScope()) {
      Tensor origin =
          Devices.zeros(density.model().device(), density.model().type(), density.model().dims());
      Tensor weights = responsibilities(blocks, origin, density, statistics);
      for (ComponentRows chosen :
          ComponentRows.where(weights.gt(new Scalar(SufficientStatistics.NEGLIGIBLE)))) {
        accumulate(blocks, origin, density, chosen, weights, statistics);
      }
    }
  }

  private static Tensor responsibilities(
      RowBlocks blocks, Tensor origin, ObservedDensity density, SufficientStatistics statistics) {
    MixtureOfFactorAnalyzers model = density.model();
    Tensor weights =
        torch.empty(new long[] {blocks.count(), model.components()}, model.means().options(), null);
    int step = density.batchRows();
    for (int start = 0; start < blocks.count(); start += step) {
      int size = Math.min(step, blocks.count() - start);
      try (NativeScope scope = new NativeScope()) {
        Tensor joint = density.logJoint(blocks.less(origin, start, size));
        Tensor total = torch.logsumexp(joint, 1);
        statistics.count(
            size, total.sum(new ScalarTypeOptional(ScalarType.Double)).item().toDouble());
        weights.narrow(0, start, size).copy_(joint.sub_(total.unsqueeze(1)).exp_());
      }
    }
    return weights;
  }

  private static void accumulate(
      RowBlocks blocks,
      Tensor origin,
      ObservedDensity density,
      ComponentRows chosen,
      Tensor weights,
      SufficientStatistics statistics) {
    int k = chosen.component();
    Tensor own = weights.select(1, k).index_select(0, chosen.rows());
    Tensor rows = chosen.rows().cpu();
    int step = Batches.rowsFor(density.model().dims());
    for (long start = 0; start < rows.size(0); start += step) {
      long size = Math.min(step, rows.size(0) - start);
      try (NativeScope scope = new NativeScope()) {
        Tensor x = blocks.less(origin, rows.narrow(0, start, size)).to(weights.scalar_type());
        statistics.add(k, density.posterior(k, x), x, own.narrow(0, start, size));
      }
    }
  }
}
