package org.mixel.metric;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.stat.DealtTests;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * Sums of the kernels of a {@link KernelDistance} over pairs of rows, gathered block by block.
 *
 * <p>Of the cubic kernel {@code K} with a diagonal of zeros: its row sums over each set, and {@code
 * z'Kz} of each deal, where {@code z} marks the rows of the first set. The other sums of a deal
 * follow from {@code K1}. Of each Gaussian kernel: {@code w'Kw} of each deal, {@code w} being
 * {@code 1/n} in the first set and {@code -1/m} in the second; the sets as they are come first.
 *
 * <p>Owns native memory until {@link #close()}. Not safe for use by several threads.
 */
final class KernelSums implements PooledProducts.Visitor, AutoCloseable {
  /** Pairs of this many rows give the median distance. */
  private static final int MEDIAN_ROWS = 2000;

  /** Sums of float64 that differ by less, as a share of the mean kernel, are equal. */
  private static final double ROUNDING = 1e-13;

  private static final Scalar ZERO = NativeScope.own(new Scalar(0));

  private final PooledProducts rows;
  private final int first;
  private final int second;
  private final Deals deals;

  /** Marks, bytes {@code [rows, 1 + deals]}: the sets as they are, and the deals. */
  private final Tensor marks;

  /** Each row's part of the root of the cubic kernel, {@code [rows]}. */
  private final Tensor shift;

  private final double slope;

  /** Sums of the cubic kernel over the rows of the first and of the second set, {@code [rows]}. */
  private final Tensor[] rowSums;

  private final Tensor cubic;

  /** Minus the squared lengths by twice the widest variance, float32 {@code [rows]}. */
  private final Tensor exponents;

  private final double exponentSlope;
  private final Tensor[] gaussians;

  private KernelSums(PooledProducts rows, KernelDistance.Options options) {
    this.rows = rows;
    first = rows.referenceRows();
    second = rows.rows() - first;
    deals = new Deals(rows.rows(), first, options.deals(), options.seed());
    double unit = rows.unit() * rows.unit() / rows.dims();
    slope = unit;
    double squaredMedian = squaredMedian();
    double widest = KernelDistance.BANDWIDTHS[0];
    exponentSlope = squaredMedian > 0 ? 1 / (widest * widest * squaredMedian) : 0;
    try (NativeScope scope = new NativeScope()) {
      marks = NativeScope.own(deals.marks(rows.squares().device()));
      // (x'y / d + 1) of rows less the centre: half of what both share goes to each.
      shift =
          NativeScope.own(
              rows.along()
                  .mul(new Scalar(unit))
                  .add_(new Scalar((rows.centreSquare() * unit + 1) / 2)));
      exponents =
          NativeScope.own(rows.squares().mul(new Scalar(-exponentSlope / 2)).to(ScalarType.Float));
      rowSums = new Tensor[] {zeros(rows.rows()), zeros(rows.rows())};
      cubic = zeros(deals.count());
      gaussians = new Tensor[exponentSlope > 0 ? KernelDistance.BANDWIDTHS.length : 0];
      Arrays.setAll(gaussians, b -> zeros(deals.count() + 1));
    }
  }

  static KernelSums of(PooledProducts rows, KernelDistance.Options options) {
    return new KernelSums(rows, options);
  }

  private Tensor zeros(long size) {
    return NativeScope.own(Devices.zeros(rows.squares().device(), ScalarType.Double, size));
  }

  /** The squared median distance of some rows; their mean squared distance if that is 0. */
  private double squaredMedian() {
    int all = rows.rows();
    int count = Math.min(MEDIAN_ROWS, all);
    int[] some = IntStream.range(0, count).map(i -> (int) ((long) i * all / count)).toArray();
    try (NativeScope scope = new NativeScope()) {
      Tensor index = Tensors.indices(some).to(rows.squares().device(), ScalarType.Long);
      Tensor lengths = rows.squares().index_select(0, index);
      double[] distances = new double[count * (count - 1) / 2];
      int[] filled = {0};
      rows.forEachOf(
          some,
          Math.max(1, (1 << 24) / all),
          (from, start, products) -> {
            Tensor squares =
                products
                    .index_select(1, index)
                    .mul_(new Scalar(-2))
                    .add_(lengths)
                    .add_(lengths.narrow(0, from, products.size(0)).unsqueeze(1));
            double[] block = Tensors.doubles(squares);
            for (int i = 0; i < products.size(0); i++) {
              for (int j = 0; j < from + i; j++) {
                distances[filled[0]++] = Math.max(0, block[i * count + j]);
              }
            }
          });
      // A selection, which costs a tenth of a sort.
      Tensor chosen =
          Tensors.of(distances, distances.length).kthvalue(distances.length / 2 + 1L).get0();
      double median = Tensors.doubles(chosen)[0];
      return median > 0 ? median : Arrays.stream(distances).average().orElseThrow();
    }
  }

  @Override
  public void visit(int from, int other, Tensor products) {
    long count = products.size(0);
    long others = products.size(1);
    Tensor left = marks.narrow(0, from, count);
    Tensor right = marks.narrow(0, other, others);
    boolean diagonal = from == other;
    int twice = diagonal ? 1 : 2;
    if (gaussians.length > 0) {
      Tensor kernel =
          products
              .to(ScalarType.Float)
              .mul_(new Scalar(exponentSlope))
              .add_(exponents.narrow(0, from, count).unsqueeze(1))
              .add_(exponents.narrow(0, other, others))
              .exp_();
      Tensor weights = weights(left);
      Tensor otherWeights = diagonal ? weights : weights(right);
      for (int b = 0; b < gaussians.length; b++) {
        if (b > 0) {
          // Half the bandwidth: a quarter of the variance, so the fourth power.
          kernel.square_().square_();
        }
        if (diagonal) {
          kernel.fill_diagonal_(ZERO);
        }
        add(gaussians[b], kernel, weights, otherWeights, twice);
      }
    }
    Tensor kernel =
        products
            .mul(new Scalar(slope))
            .add_(shift.narrow(0, from, count).unsqueeze(1))
            .add_(shift.narrow(0, other, others))
            .pow_(new Scalar(3));
    if (diagonal) {
      kernel.fill_diagonal_(ZERO);
    } else {
      rowSums[from < first ? 0 : 1].narrow(0, other, others).add_(kernel.sum(0));
    }
    rowSums[other < first ? 0 : 1].narrow(0, from, count).add_(kernel.sum(1));
    Tensor dealt = left.narrow(1, 1, deals.count()).to(ScalarType.Double);
    Tensor otherDealt = diagonal ? dealt : right.narrow(1, 1, deals.count()).to(ScalarType.Double);
    add(cubic, kernel, dealt, otherDealt, twice);
  }

  private static void add(Tensor sums, Tensor kernel, Tensor left, Tensor right, int times) {
    Tensor products = kernel.mm(right).mul_(left);
    sums.add_(products.sum(0).to(ScalarType.Double), new Scalar(times));
  }

  /** {@code 1/n} and {@code -1/m}, float32. */
  private Tensor weights(Tensor marked) {
    return marked
        .to(ScalarType.Float)
        .mul_(new Scalar(1.0 / first + 1.0 / second))
        .sub_(new Scalar(1.0 / second));
  }

  /** The distance, when all blocks were visited. */
  KernelDistance distance() {
    double[] sumsToFirst = Tensors.doubles(rowSums[0]);
    double[] sumsToSecond = Tensors.doubles(rowSums[1]);
    double within = sum(sumsToFirst, 0, first);
    double between = sum(sumsToFirst, first, rows.rows());
    double other = sum(sumsToSecond, first, rows.rows());
    double[] dealt = dealt(within + other + 2 * between);
    double value = distance(within, between, other, first, second);
    double mean = (within + other + 2 * between) / rows.rows() / (rows.rows() - 1.0);
    return new KernelDistance(
        Estimate.large(
            value,
            error(sumsToFirst, sumsToSecond, within, between, other),
            dealt,
            ROUNDING * Math.abs(mean)),
        aggregatedP());
  }

  private static double sum(double[] values, int from, int to) {
    return Arrays.stream(values, from, to).sum();
  }

  private static double distance(double within, double between, double other, double n, double m) {
    return within / (n * (n - 1)) + other / (m * (m - 1)) - 2 * between / (n * m);
  }

  /** The distances of dealt sets. */
  private double[] dealt(double total) {
    Tensor sums = rowSums[0].add(rowSums[1]).unsqueeze(0);
    double[] toAll = new double[deals.count()];
    NativeScope.inParts(
        deals.count(),
        32,
        (from, count) -> {
          Tensor chosen = marks.narrow(1, from + 1, count).to(ScalarType.Double);
          System.arraycopy(Tensors.doubles(sums.mm(chosen)), 0, toAll, (int) from, (int) count);
        });
    double[] within = Tensors.doubles(cubic);
    double[] distances = new double[within.length];
    for (int b = 0; b < distances.length; b++) {
      double between = toAll[b] - within[b];
      double other = total - 2 * toAll[b] + within[b];
      distances[b] = distance(within[b], between, other, first, second);
    }
    return distances;
  }

  /** The jackknife over the rows of both sets; null where a set has two rows. */
  private @Nullable Double error(
      double[] toFirst, double[] toSecond, double within, double between, double other) {
    if (first < 3 || second < 3) {
      return null;
    }
    double[] withoutFirst = new double[first];
    Arrays.setAll(
        withoutFirst,
        i -> distance(within - 2 * toFirst[i], between - toSecond[i], other, first - 1.0, second));
    double[] withoutSecond = new double[second];
    Arrays.setAll(
        withoutSecond,
        i ->
            distance(
                within,
                between - toFirst[first + i],
                other - 2 * toSecond[first + i],
                first,
                second - 1.0));
    return Math.sqrt(jackknife(withoutFirst) + jackknife(withoutSecond));
  }

  /** The variance of a figure, by the figures of its rows without one of them. */
  static double jackknife(double[] without) {
    double mean = Arrays.stream(without).average().orElseThrow();
    double squares = Arrays.stream(without).map(x -> (x - mean) * (x - mean)).sum();
    return squares * (without.length - 1) / without.length;
  }

  /** The p-value of the least p-value of all bandwidths. */
  private double aggregatedP() {
    if (gaussians.length == 0) {
      return 1;
    }
    double[][] statistics = Arrays.stream(gaussians).map(Tensors::doubles).toArray(double[][]::new);
    return Arrays.stream(DealtTests.minP(statistics)).min().orElseThrow();
  }

  @Override
  public void close() {
    marks.close();
    shift.close();
    exponents.close();
    cubic.close();
    for (Tensor sums : rowSums) {
      sums.close();
    }
    for (Tensor sums : gaussians) {
      sums.close();
    }
  }
}
