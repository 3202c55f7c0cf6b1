package org.mixel.mfa.training;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.WoodburyPrecision;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * Pairs of row and component in the order of their components, whose sums are taken without a loop
 * over components: for an accelerator, on which every operation costs a launch.
 *
 * <p>A part of the pairs belongs to few components {@code k, k + 1, ..., k + n - 1}. Let row {@code
 * i} of {@code W [p, n (l + 1)]} hold {@code r_i z~_i'} at the place of the pair's component and
 * zeros elsewhere, and row {@code i} of {@code Y [p, d]} the pair's row less the mean of its
 * component. Then {@code W' Y} is what the part adds to {@code Sxz} of these components, {@code W'
 * [z~]} what it adds to {@code Szz}, and the columns of {@code W} where {@code z~} is 1 give {@code
 * Sxx} and {@code S0}. As every row is taken about its own component's mean, nothing cancels.
 *
 * @param rows counted within a block, int64 {@code [pairs]}
 * @param components ascending, int64 {@code [pairs]}
 * @param weights responsibilities, {@code [pairs]}
 * @param whitened {@code V_k (x - mu_k)}, {@code [pairs, l]}
 */
record SortedPairs(Tensor rows, Tensor components, Tensor weights, Tensor whitened) {
  /** More pairs in a part meet more components, and most of {@code W} is zeros. */
  private static final int MOST_PAIRS = 4096;

  /** Sorts pairs; all tensors belong to the current scope. */
  static SortedPairs of(ExactExpectation.Pairs pairs) {
    Tensor order = pairs.components().argsort(true, 0, false);
    return new SortedPairs(
        pairs.rows().index_select(0, order),
        pairs.components().index_select(0, order),
        pairs.weights().index_select(0, order),
        pairs.whitened().index_select(0, order));
  }

  /** A number of rows whose log-joints are computed together on an accelerator. */
  static int batchRows(MixtureOfFactorAnalyzers model) {
    return Devices.rowsPerStep(Math.max(model.dims(), model.components() * (model.factors() + 1L)));
  }

  /** Pairs of a part: as many as keep each of its matrices within the memory of a step. */
  private static int partPairs(MixtureOfFactorAnalyzers model) {
    long factors = model.factors();
    long most = Math.min(model.components(), MOST_PAIRS) * (factors + 1);
    long width = Math.max(Math.max(model.dims(), factors * factors), most);
    return Math.min(MOST_PAIRS, Devices.rowsPerStep(width));
  }

  /**
   * Adds the pairs to sums.
   *
   * @param block holds the rows on the device of the pairs
   * @param precision of the model that the statistics are about
   */
  void addTo(SufficientStatistics statistics, RowReader.Batch block, WoodburyPrecision precision) {
    int[] known = Tensors.ints(components);
    NativeScope.inParts(
        known.length,
        partPairs(statistics.model()),
        (from, size) -> {
          int first = known[(int) from];
          int last = known[(int) (from + size - 1)];
          part(from, size).add(statistics, block, precision, first, last - first + 1);
        });
  }

  private SortedPairs part(long from, long size) {
    return new SortedPairs(
        rows.narrow(0, from, size),
        components.narrow(0, from, size),
        weights.narrow(0, from, size),
        whitened.narrow(0, from, size));
  }

  /** Adds pairs whose components are {@code count} from the first. */
  private void add(
      SufficientStatistics statistics,
      RowReader.Batch block,
      WoodburyPrecision precision,
      int first,
      int count) {
    MixtureOfFactorAnalyzers model = statistics.model();
    ScalarType type = statistics.sxz().scalar_type();
    long pairs = rows.size(0);
    long factors = model.factors();
    long width = factors + 1;
    Tensor y = block.less(model.means().index_select(0, components).neg_(), rows).to(type);
    Tensor z = torch.ones(new long[] {pairs, width}, y.options());
    Tensor root = precision.inverseFactor().to(type).index_select(0, components);
    z.narrow(1, 0, factors).copy_(whitened.to(type).unsqueeze(1).bmm(root).squeeze(1));
    Tensor place = torch.arange(new Scalar(pairs), components.options());
    place.mul_(new Scalar(count)).add_(components).sub_(new Scalar(first));
    Tensor placed = torch.zeros(new long[] {pairs * count, width}, y.options());
    placed.index_copy_(0, place, z.mul(weights.to(type).unsqueeze(1)));
    Tensor w = placed.view(pairs, count * width).t();
    Tensor r = placed.view(pairs, count, width).select(2, factors).t();

    Tensor mass = r.sum(new long[] {1}, false, new ScalarTypeOptional(ScalarType.Double));
    statistics.s0().narrow(0, first, count).add_(mass);
    Tensor szz = statistics.szz().narrow(0, first, count);
    szz.view(count * width, width).addmm_(w.to(ScalarType.Double), z.to(ScalarType.Double));
    Tensor inverse = precision.inverseFactor().narrow(0, first, count);
    szz.narrow(1, 0, factors)
        .narrow(2, 0, factors)
        .add_(inverse.transpose(1, 2).bmm(inverse).mul_(mass.view(count, 1, 1)));
    statistics.sxz().narrow(0, first, count).view(count * width, model.dims()).addmm_(w, y);
    statistics.sxx().narrow(0, first, count).addmm_(r, y.mul_(y));
  }
}
