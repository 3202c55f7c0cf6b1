package org.mixel.mfa.training;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.mixel.Progress;
import org.mixel.mfa.ComponentRows;
import org.mixel.mfa.Density;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.ObservedDensity;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;

/**
 * The exact E-step for rows with missing values (NaN), exact when they are missing at random: what
 * is missing does not depend on the missing values themselves (Ghahramani and Jordan 1994).
 * Responsibilities and posteriors are those given the observed values; a missing value enters the
 * statistics by its expectations under them.
 */
final class MissingExpectation {
  private MissingExpectation() {}

  /** Gathers the statistics of all rows under a model; the caller closes them. */
  static SufficientStatistics of(
      RowReader rows, MixtureOfFactorAnalyzers model, Progress.Stage progress) {
    RowWeights rowWeights = RowWeights.of(rows.samples());
    return SufficientStatistics.gather(
        model,
        statistics -> {
          try (Density density = Density.of(model)) {
            ObservedDensity observed = ObservedDensity.of(density);
            rows.forEach(
                blockRows(rows, model),
                progress,
                block -> add(block, rowWeights, observed, statistics));
          }
        });
  }

  /** How many rows to take at a time. */
  static int blockRows(RowReader rows, MixtureOfFactorAnalyzers model) {
    return RowReader.blockRows(Math.max(rows.samples().rowBytes(), 4L * model.components()));
  }

  /** Adds the rows of a block. */
  static void add(
      RowReader.Batch block,
      RowWeights rowWeights,
      ObservedDensity density,
      SufficientStatistics statistics) {
    Tensor origin =
        Devices.zeros(density.model().device(), density.model().type(), density.model().dims());
    Tensor weights = responsibilities(block, rowWeights, origin, density, statistics);
    for (ComponentRows chosen :
        ComponentRows.where(weights.gt(new Scalar(SufficientStatistics.NEGLIGIBLE)))) {
      Tensor own = weights.select(1, chosen.component()).index_select(0, chosen.rows());
      rowWeights.multiply(own, chosen.rows(), block.count(), block.from());
      accumulate(block, origin, density, chosen, own, statistics);
    }
  }

  private static Tensor responsibilities(
      RowReader.Batch block,
      RowWeights rowWeights,
      Tensor origin,
      ObservedDensity density,
      SufficientStatistics statistics) {
    MixtureOfFactorAnalyzers model = density.model();
    Tensor weights =
        torch.empty(new long[] {block.count(), model.components()}, model.means().options(), null);
    NativeScope.inParts(
        block.count(),
        density.batchRows(),
        (start, size) -> {
          Tensor joint = density.logJoint(block.less(origin, start, size));
          Tensor total = torch.logsumexp(joint, 1);
          rowWeights.count(statistics, total, block.from() + (int) start);
          weights.narrow(0, start, size).copy_(joint.sub_(total.unsqueeze(1)).exp_());
        });
    return weights;
  }

  private static void accumulate(
      RowReader.Batch block,
      Tensor origin,
      ObservedDensity density,
      ComponentRows chosen,
      Tensor own,
      SufficientStatistics statistics) {
    int k = chosen.component();
    Tensor rows = chosen.rows().cpu();
    NativeScope.inParts(
        rows.size(0),
        RowReader.rowsFor(density.model().dims()),
        (start, size) -> {
          Tensor x = block.less(origin, rows.narrow(0, start, size)).to(own.scalar_type());
          statistics.add(k, density.posterior(k, x), x, own.narrow(0, start, size));
        });
  }
}
