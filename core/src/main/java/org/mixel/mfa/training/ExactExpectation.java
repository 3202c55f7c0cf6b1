package org.mixel.mfa.training;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.Density;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.Batches;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * The exact E-step. Rows are visited a block at a time: first every component's log-density of
 * every row, in large matrix products; then, component by component, the statistics of the rows
 * that have a say in it. In high dimension responsibilities are nearly one-hot, so the second part
 * touches each row about once.
 */
final class ExactExpectation {
  /** Smaller responsibilities are dropped. */
  private static final double NEGLIGIBLE = 1e-6;

  private static final int BLOCK_ROWS = 1 << 16;
  private static final long BLOCK_BYTES = 256L << 20;

  private ExactExpectation() {}

  /** The pairs of row and component that matter in one batch. */
  private record Pairs(Tensor rows, Tensor components, Tensor weights) {}

  /** Gathers the statistics of all rows under a model; the caller closes them. */
  static SufficientStatistics of(
      Batches batches, MixtureOfFactorAnalyzers model, Progress.Stage progress) {
    Samples samples = batches.samples();
    int block = (int) Math.max(1, Math.min(BLOCK_ROWS, BLOCK_BYTES / (long) samples.rowBytes()));
    SufficientStatistics statistics = SufficientStatistics.empty(model);
    try (Density density = Density.of(model)) {
      for (int from = 0; from < samples.rows(); from += block) {
        int count = Math.min(block, samples.rows() - from);
        try (NativeScope scope = new NativeScope()) {
          Pairs pairs = responsibilities(batches, density, from, count, statistics);
          accumulate(batches, density, pairs, statistics);
        }
        progress.advance(count);
      }
    }
    return statistics;
  }

  private static Pairs responsibilities(
      Batches batches, Density density, int from, int count, SufficientStatistics statistics) {
    int step = density.batchRows();
    List<Pairs> parts = new ArrayList<>();
    for (int start = from; start < from + count; start += step) {
      int size = Math.min(step, from + count - start);
      try (NativeScope scope = new NativeScope()) {
        Tensor joint = density.logJoint(batches.rows(start, size));
        Tensor total = torch.logsumexp(joint, 1);
        statistics.count(
            size,
            total
                .sum(new org.bytedeco.pytorch.ScalarTypeOptional(ScalarType.Double))
                .item()
                .toDouble());
        Tensor threshold = total.add(new Scalar(Math.log(NEGLIGIBLE))).unsqueeze(1);
        Tensor chosen = joint.ge(threshold);
        Tensor index = chosen.nonzero();
        Tensor rows = index.select(1, 0);
        Tensor weights = joint.masked_select(chosen).sub_(total.index_select(0, rows)).exp_();
        parts.add(
            new Pairs(
                scope.keep(rows.add(new Scalar(start))),
                scope.keep(index.select(1, 1).contiguous()),
                scope.keep(weights)));
      }
    }
    return new Pairs(
        join(parts.stream().map(Pairs::rows)),
        join(parts.stream().map(Pairs::components)),
        join(parts.stream().map(Pairs::weights)));
  }

  private static Tensor join(java.util.stream.Stream<Tensor> parts) {
    return torch.cat(new TensorVector(parts.toArray(Tensor[]::new)));
  }

  private static void accumulate(
      Batches batches, Density density, Pairs pairs, SufficientStatistics statistics) {
    Tensor order = pairs.components().argsort(true, 0, false);
    long[] components = Tensors.longs(pairs.components().index_select(0, order));
    long[] rows = Tensors.longs(pairs.rows().index_select(0, order));
    Tensor weights = pairs.weights().index_select(0, order);
    int step = Batches.rowsFor(2L * batches.samples().dims());
    for (int from = 0; from < rows.length; ) {
      int to = from;
      while (to < rows.length && to - from < step && components[to] == components[from]) {
        to++;
      }
      int[] chosen = new int[to - from];
      for (int i = from; i < to; i++) {
        chosen[i - from] = (int) rows[i];
      }
      try (NativeScope scope = new NativeScope()) {
        Tensor x = batches.rows(chosen).to(weights.scalar_type());
        statistics.add(
            (int) components[from], density.precision(), x, weights.narrow(0, from, to - from));
      }
      from = to;
    }
  }
}
