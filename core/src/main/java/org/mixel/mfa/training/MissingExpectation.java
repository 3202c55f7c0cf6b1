package org.mixel.mfa.training;

import java.util.Arrays;
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
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * The exact E-step for rows with missing values (NaN), exact when they are missing at random: what
 * is missing does not depend on the missing values themselves (Ghahramani and Jordan 1994).
 * Responsibilities and posteriors are those given the observed values; a missing value enters the
 * statistics by its expectations under them.
 */
final class MissingExpectation {
  /** Smaller responsibilities are dropped. */
  private static final double NEGLIGIBLE = 1e-6;

  private static final int BLOCK_ROWS = 1 << 16;
  private static final long BLOCK_BYTES = 256L << 20;

  private MissingExpectation() {}

  /** Gathers the statistics of all rows under a model; the caller closes them. */
  static SufficientStatistics of(
      Batches batches, MixtureOfFactorAnalyzers model, Progress.Stage progress) {
    Samples samples = batches.samples();
    long width = Math.max(samples.rowBytes(), 4L * model.components());
    int block = (int) Math.max(1, Math.min(BLOCK_ROWS, BLOCK_BYTES / width));
    SufficientStatistics statistics = SufficientStatistics.empty(model);
    try (Density density = Density.of(model)) {
      ObservedDensity observed = ObservedDensity.of(density);
      for (int from = 0; from < samples.rows(); from += block) {
        int count = Math.min(block, samples.rows() - from);
        try (NativeScope scope = new NativeScope()) {
          Tensor weights = responsibilities(batches, observed, from, count, statistics);
          for (ComponentRows chosen : ComponentRows.where(weights.gt(new Scalar(NEGLIGIBLE)))) {
            accumulate(batches, observed, from, chosen, weights, statistics);
          }
        }
        progress.advance(count);
      }
    }
    return statistics;
  }

  private static Tensor responsibilities(
      Batches batches,
      ObservedDensity density,
      int from,
      int count,
      SufficientStatistics statistics) {
    MixtureOfFactorAnalyzers model = density.model();
    Tensor weights =
        torch.empty(new long[] {count, model.components()}, model.means().options(), null);
    int step = density.batchRows();
    for (int start = 0; start < count; start += step) {
      int size = Math.min(step, count - start);
      try (NativeScope scope = new NativeScope()) {
        Tensor joint = density.logJoint(batches.rows(from + start, size));
        Tensor total = torch.logsumexp(joint, 1);
        statistics.count(
            size, total.sum(new ScalarTypeOptional(ScalarType.Double)).item().toDouble());
        weights.narrow(0, start, size).copy_(joint.sub_(total.unsqueeze(1)).exp_());
      }
    }
    return weights;
  }

  private static void accumulate(
      Batches batches,
      ObservedDensity density,
      int from,
      ComponentRows chosen,
      Tensor weights,
      SufficientStatistics statistics) {
    int k = chosen.component();
    int[] rows =
        Arrays.stream(Tensors.longs(chosen.rows())).mapToInt(row -> from + (int) row).toArray();
    int step = Batches.rowsFor(batches.dims());
    for (int start = 0; start < rows.length; start += step) {
      int end = Math.min(rows.length, start + step);
      try (NativeScope scope = new NativeScope()) {
        Tensor x = batches.rows(Arrays.copyOfRange(rows, start, end)).to(weights.scalar_type());
        Tensor part =
            weights.select(1, k).index_select(0, chosen.rows().narrow(0, start, end - start));
        statistics.add(k, density.posterior(k, x), x, part);
      }
    }
  }
}
