package org.mixel.mfa.training;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.Density;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * The exact E-step. Rows are visited a block at a time: first every component's log-density of
 * every row, in large matrix products; then, component by component, the statistics of the rows
 * that have a say in it. In high dimension responsibilities are nearly one-hot, so the second part
 * touches each row about once. On an accelerator it takes many components together ({@link
 * SortedPairs}).
 */
final class ExactExpectation {
  private ExactExpectation() {}

  /**
   * The pairs of row and component that matter.
   *
   * @param whitened {@code V_k (x - mu_k)}, {@code [pairs, l]}
   */
  record Pairs(Tensor rows, Tensor components, Tensor weights, Tensor whitened) {}

  /** Gathers the statistics of all rows under a model; the caller closes them. */
  static SufficientStatistics of(
      RowReader rows, MixtureOfFactorAnalyzers model, Progress.Stage progress) {
    return of(rows, model, !model.means().is_cpu(), progress);
  }

  /**
   * The same.
   *
   * @param together whether to take components together, as on an accelerator, or one by one
   */
  static SufficientStatistics of(
      RowReader rows, MixtureOfFactorAnalyzers model, boolean together, Progress.Stage progress) {
    RowWeights weights = RowWeights.of(rows.samples());
    return SufficientStatistics.gather(
        model,
        statistics -> {
          try (Density density = Density.of(model)) {
            rows.forEach(
                rows.blockRows(),
                progress,
                block -> add(block, weights, density, together, statistics));
          }
        });
  }

  /** The same, of rows that are read once. */
  static SufficientStatistics of(
      Samples samples,
      ComputeDevice device,
      MixtureOfFactorAnalyzers model,
      Progress.Stage progress) {
    try (RowReader rows = RowReader.of(samples, device)) {
      return of(rows, model, progress);
    }
  }

  /** Adds the rows of a block. */
  static void add(
      RowReader.Batch block, RowWeights weights, Density density, SufficientStatistics statistics) {
    add(block, weights, density, !density.model().means().is_cpu(), statistics);
  }

  private static void add(
      RowReader.Batch block,
      RowWeights weights,
      Density density,
      boolean together,
      SufficientStatistics statistics) {
    if (together) {
      RowReader.Batch there = block.onDevice();
      int step = SortedPairs.batchRows(density.model());
      Pairs pairs = responsibilities(there, step, weights, density, statistics);
      SortedPairs.of(pairs).addTo(statistics, there, density.precision());
    } else {
      int step = density.batchRows();
      Pairs pairs = responsibilities(block, step, weights, density, statistics);
      accumulate(block, density, pairs, statistics);
    }
  }

  private static Pairs responsibilities(
      RowReader.Batch block,
      int step,
      RowWeights rowWeights,
      Density density,
      SufficientStatistics statistics) {
    List<Pairs> parts = new ArrayList<>();
    for (int start = 0; start < block.count(); start += step) {
      int size = Math.min(step, block.count() - start);
      try (NativeScope scope = new NativeScope()) {
        Density.Evaluated evaluated = density.expect(block, start, size);
        Tensor joint = evaluated.logJoint();
        Tensor total = torch.logsumexp(joint, 1);
        rowWeights.count(statistics, total, block.from() + start);
        Tensor threshold =
            total.add(new Scalar(Math.log(SufficientStatistics.NEGLIGIBLE))).unsqueeze(1);
        Tensor index = joint.ge(threshold).nonzero();
        Tensor rows = index.select(1, 0).contiguous();
        Tensor components = index.select(1, 1).contiguous();
        Tensor flat = rows.mul(new Scalar(joint.size(1))).add_(components);
        Tensor weights =
            joint.view(-1).index_select(0, flat).sub_(total.index_select(0, rows)).exp_();
        rowWeights.multiply(weights, rows, size, block.from() + start);
        parts.add(
            new Pairs(
                scope.keep(rows.add(new Scalar(start))),
                scope.keep(components),
                scope.keep(weights),
                scope.keep(evaluated.whitenedOf(rows, components))));
      }
    }
    return new Pairs(
        join(parts.stream().map(Pairs::rows)),
        join(parts.stream().map(Pairs::components)),
        join(parts.stream().map(Pairs::weights)),
        join(parts.stream().map(Pairs::whitened)));
  }

  private static Tensor join(Stream<Tensor> parts) {
    return torch.cat(new TensorVector(parts.toArray(Tensor[]::new)));
  }

  private static void accumulate(
      RowReader.Batch block, Density density, Pairs pairs, SufficientStatistics statistics) {
    MixtureOfFactorAnalyzers model = density.model();
    Tensor order = pairs.components().argsort(true, 0, false);
    Tensor rows = pairs.rows().index_select(0, order).cpu();
    Tensor weights = pairs.weights().index_select(0, order);
    Tensor whitened = pairs.whitened().index_select(0, order);
    long[] counts = Tensors.longs(torch.bincount(pairs.components(), null, model.components()));
    int step = RowReader.rowsFor(2L * model.dims());
    long first = 0;
    for (int k = 0; k < counts.length; k++) {
      int component = k;
      long begin = first;
      NativeScope.inParts(
          counts[k],
          step,
          (from, size) ->
              statistics.add(
                  component,
                  density.precision(),
                  block.less(
                      model.means().select(0, component).neg(), rows.narrow(0, begin + from, size)),
                  weights.narrow(0, begin + from, size),
                  whitened.narrow(0, begin + from, size)));
      first += counts[k];
    }
  }
}
