package org.mixel.cluster;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * Lloyd's steps from given centres, with the triangle inequality to leave alone the rows that
 * cannot change.
 *
 * <p>Every row keeps an upper bound of the distance to its own centre and a lower bound of the
 * distance to the nearest other centre of each group of centres (Hamerly, SDM 2010, with one group;
 * Ding et al., ICML 2015, with several). Centres that move by {@code s} loosen a bound by {@code
 * s}. Only rows whose upper bound reaches a lower bound are measured again, to all centres, by one
 * product. Bounds carry a margin for float32 rounding, so that skipping changes nothing beyond it.
 * Sums of rows are float64 and are corrected for the rows that changed.
 *
 * <p>Not safe for use by several threads.
 */
final class Lloyd implements AutoCloseable {
  private static final Scalar ONE = NativeScope.own(new Scalar(1));
  private static final Scalar MINUS_ONE = NativeScope.own(new Scalar(-1));
  private static final Scalar MINUS_TWO = NativeScope.own(new Scalar(-2));
  private static final Scalar ZERO = NativeScope.own(new Scalar(0));
  private static final Scalar INFINITY = NativeScope.own(new Scalar(Float.POSITIVE_INFINITY));

  /** Rounding of a squared distance, relative to the squared norms it is made of. */
  private static final Scalar ROUNDING = NativeScope.own(new Scalar(1e-6));

  /** Rounding that a bound gathers while centres move, relative to the bound. */
  private static final Scalar GROWTH = NativeScope.own(new Scalar(1 + 1e-5));

  private static final int SMALLEST_GROUP = 5;

  private final Points points;
  private final int clusters;
  private final int groups;

  /** Centres per group; the last group is filled up with centres at infinity. */
  private final int groupSize;

  private final int batch;

  /** float32 {@code [groups * groupSize, dims]}. */
  private final Tensor centers;

  /** Sums of each cluster's rows, float64 {@code [clusters, dims]}. */
  private final Tensor sums;

  /** Each row's cluster, int64 {@code [rows]}. */
  private final Tensor assigned;

  /** float32 {@code [rows]}. */
  private final Tensor upper;

  /** float32 {@code [rows, groups]}. */
  private final Tensor lower;

  private long[] counts;
  private boolean unfillable;
  private int steps;
  private long measured;

  /**
   * Assigns every row to its nearest centre.
   *
   * @param start float32 {@code [clusters, dims]}, copied
   * @param mostGroups most groups of centres, at least 1
   */
  Lloyd(Points points, Tensor start, int mostGroups) {
    this.points = points;
    clusters = (int) start.size(0);
    groupSize = Math.max(SMALLEST_GROUP, (clusters + mostGroups - 1) / mostGroups);
    groups = (clusters + groupSize - 1) / groupSize;
    batch = RowReader.rowsFor(Math.max(points.dims(), clusters));
    int rows = points.count();
    centers = own(ScalarType.Float, (long) groups * groupSize, points.dims());
    sums = own(ScalarType.Double, clusters, points.dims());
    assigned = own(ScalarType.Long, rows);
    upper = own(ScalarType.Float, rows);
    lower = own(ScalarType.Float, rows, groups);
    counts = new long[clusters];
    try (NativeScope scope = new NativeScope()) {
      realCenters().copy_(start);
      assignAll();
    }
  }

  private Tensor own(ScalarType type, long... shape) {
    return NativeScope.own(Devices.zeros(points.device(), type, shape));
  }

  private Tensor realCenters() {
    return centers.narrow(0, 0, clusters);
  }

  /** Squared norms of the centres, infinite for those that only fill a group. */
  private Tensor centerNorms() {
    Tensor norms = centers.square().sum(1);
    norms.narrow(0, clusters, norms.numel() - clusters).fill_(INFINITY);
    return norms;
  }

  private Tensor margins() {
    Tensor largest = realCenters().square().sum(1).max();
    return points.squaredNorms().add(largest).mul_(ROUNDING);
  }

  private void assignAll() {
    Tensor norms = centerNorms();
    Tensor margins = margins();
    points.forEach(
        batch,
        (from, x) -> {
          long count = x.size(0);
          Tensor scores = torch.add(norms, Products.of(x, centers.t()), MINUS_TWO);
          T_TensorTensor_T least = torch.min(scores, 1);
          Tensor index = least.get1();
          scores.scatter_(1, index.unsqueeze(1), INFINITY);
          Tensor squares = points.squaredNorms().narrow(0, from, count);
          Tensor margin = margins.narrow(0, from, count);
          assigned.narrow(0, from, count).copy_(index);
          upper.narrow(0, from, count).copy_(atMost(least.get0(), squares, margin));
          lower.narrow(0, from, count).copy_(atLeast(groupMinima(scores), squares, margin));
          sums.index_add_(0, index, x.to(ScalarType.Double));
        });
    measured += points.count();
    recount();
  }

  private Tensor groupMinima(Tensor scores) {
    return scores.view(-1, groups, groupSize).amin(new long[] {2}, false);
  }

  private static Tensor atMost(Tensor score, Tensor squares, Tensor margin) {
    return score.add(squares).add_(margin).clamp_min_(ZERO).sqrt_();
  }

  private static Tensor atLeast(Tensor scores, Tensor squares, Tensor margin) {
    return scores.add(squares.sub(margin).unsqueeze(1)).clamp_min_(ZERO).sqrt_();
  }

  private void recount() {
    counts = Tensors.longs(torch.bincount(assigned, new TensorOptional(), clusters));
  }

  /**
   * Moves each centre to the mean of its rows, then each row to its nearest centre.
   *
   * @return the summed squared movement of the centres
   */
  double step() {
    try (NativeScope scope = new NativeScope()) {
      refillEmpty();
      double movement = move();
      reassign();
      steps++;
      return movement;
    }
  }

  private double move() {
    Tensor means = sums.mul(inverseCounts()).to(ScalarType.Float);
    for (int k : empty()) {
      means.narrow(0, k, 1).copy_(centers.narrow(0, k, 1));
    }
    double[] squared =
        Tensors.doubles(means.sub(realCenters()).to(ScalarType.Double).square().sum(1));
    realCenters().copy_(means);
    double[] own = Arrays.stream(squared).map(Math::sqrt).toArray();
    loosen(upper, Tensors.of(own, clusters), ONE);
    loosen(lower, Tensors.of(farthestOthers(own), clusters, groups), MINUS_ONE);
    return Arrays.stream(squared).sum();
  }

  private Tensor inverseCounts() {
    double[] inverse = Arrays.stream(counts).mapToDouble(n -> n == 0 ? 0 : 1.0 / n).toArray();
    return onDevice(Tensors.of(inverse, clusters, 1));
  }

  /** Adds to every row's bounds the entry of its cluster, times {@code sign}. */
  private void loosen(Tensor bounds, Tensor perCluster, Scalar sign) {
    Tensor table = onDevice(perCluster).to(ScalarType.Float);
    bounds.add_(table.index_select(0, assigned), sign);
  }

  /** For cluster {@code k} and group {@code g}, how far any centre of {@code g} but k's moved. */
  private double[] farthestOthers(double[] moved) {
    double[] table = new double[clusters * groups];
    for (int g = 0; g < groups; g++) {
      int first = -1;
      double largest = 0;
      double second = 0;
      for (int j = g * groupSize; j < Math.min(clusters, (g + 1) * groupSize); j++) {
        if (moved[j] > largest) {
          second = largest;
          largest = moved[j];
          first = j;
        } else {
          second = Math.max(second, moved[j]);
        }
      }
      for (int k = 0; k < clusters; k++) {
        table[k * groups + g] = k == first ? second : largest;
      }
    }
    return table;
  }

  private void reassign() {
    Tensor norms = centerNorms();
    Tensor margins = margins();
    Tensor nearestOther = lower.amin(new long[] {1}, false);
    Tensor doubtful = upper.mul(GROWTH).ge(nearestOther).nonzero().view(-1);
    NativeScope.inParts(
        doubtful.size(0),
        batch,
        (from, count) -> {
          Tensor rows = doubtful.narrow(0, from, count);
          measure(rows, points.rows(rows), norms, margins.index_select(0, rows));
        });
    measured += doubtful.size(0);
    recount();
  }

  private void measure(Tensor rows, Tensor x, Tensor norms, Tensor margin) {
    Tensor scores = torch.add(norms, Products.of(x, centers.t()), MINUS_TWO);
    Tensor before = assigned.index_select(0, rows);
    Tensor own = scores.gather(1, before.unsqueeze(1)).view(-1);
    scores.scatter_(1, before.unsqueeze(1), INFINITY);
    Tensor others = groupMinima(scores);
    Tensor changed = others.amin(new long[] {1}, false).lt(own).nonzero().view(-1);
    if (changed.numel() > 0) {
      Tensor from = before.index_select(0, changed);
      Tensor candidates = scores.index_select(0, changed);
      T_TensorTensor_T least = torch.min(candidates, 1);
      Tensor to = least.get1();
      candidates.scatter_(1, from.unsqueeze(1), own.index_select(0, changed).unsqueeze(1));
      candidates.scatter_(1, to.unsqueeze(1), INFINITY);
      others.index_copy_(0, changed, groupMinima(candidates));
      own.index_copy_(0, changed, least.get0());
      assigned.index_copy_(0, rows.index_select(0, changed), to);
      Tensor values = x.index_select(0, changed).to(ScalarType.Double);
      sums.index_add_(0, to, values);
      sums.index_add_(0, from, values, MINUS_ONE);
    }
    Tensor squares = points.squaredNorms().index_select(0, rows);
    upper.index_copy_(0, rows, atMost(own, squares, margin));
    lower.index_copy_(0, rows, atLeast(others, squares, margin));
  }

  private int[] empty() {
    return IntStream.range(0, clusters).filter(k -> counts[k] == 0).toArray();
  }

  /**
   * Gives each cluster that has lost its rows the row that lies farthest from its centre. A cluster
   * stays empty when every other row coincides with its centre or is alone in its cluster.
   */
  private void refillEmpty() {
    unfillable = false;
    if (empty().length == 0) {
      return;
    }
    lower.zero_();
    reassign();
    float[] distance = Tensors.floats(upper);
    float[] margin = Tensors.floats(margins());
    long[] cluster = Tensors.longs(assigned);
    for (int k : empty()) {
      int worst = -1;
      for (int i = 0; i < distance.length; i++) {
        if (counts[(int) cluster[i]] > 1
            && distance[i] * distance[i] > 4 * margin[i]
            && (worst < 0 || distance[i] > distance[worst])) {
          worst = i;
        }
      }
      if (worst < 0) {
        unfillable = true;
        return;
      }
      hand(worst, (int) cluster[worst], k);
      cluster[worst] = k;
      distance[worst] = 0;
    }
  }

  private void hand(int row, int from, int to) {
    Tensor index = onDevice(Tensors.of(new long[] {row}, 1));
    Tensor values = points.rows(index).to(ScalarType.Double).view(-1);
    sums.select(0, from).sub_(values);
    sums.select(0, to).copy_(values);
    counts[from]--;
    counts[to] = 1;
    assigned.index_fill_(0, index, new Scalar((long) to));
    upper.index_fill_(0, index, INFINITY);
  }

  private Tensor onDevice(Tensor host) {
    return host.to(points.device(), host.scalar_type());
  }

  /**
   * Steps until the centres' summed squared movement is at most {@code enough} and no empty cluster
   * can be filled.
   *
   * @return whether that came within {@code mostSteps}
   */
  boolean run(double enough, int mostSteps) {
    boolean settled = false;
    for (int i = 0; i < mostSteps && !settled; i++) {
      settled = step() <= enough && (unfillable || empty().length == 0);
    }
    return settled;
  }

  /** Steps made. */
  int steps() {
    return steps;
  }

  /** Rows measured against all centres, over all steps. */
  long measured() {
    return measured;
  }

  /**
   * {@code -sum_k n_k ||m_k||^2} with {@code m_k} the mean of cluster {@code k}: the inertia of the
   * partition less a number that depends on the rows alone.
   */
  double relativeInertia() {
    try (NativeScope scope = new NativeScope()) {
      double[] squares = Tensors.doubles(sums.square().sum(1));
      double total = 0;
      for (int k = 0; k < clusters; k++) {
        total -= squares[k] / Math.max(1, counts[k]);
      }
      return total;
    }
  }

  /**
   * The means of these clusters in another form of the same rows.
   *
   * @param rows where the means are taken
   * @param source the row of {@code rows} that each of this object's rows stands for
   * @return float32 {@code [clusters, rows.dims()]}, owned by the current scope; zero for a cluster
   *     without rows
   */
  Tensor means(CenteredRows rows, int[] source) {
    try (NativeScope scope = new NativeScope()) {
      Tensor totals = Devices.zeros(rows.device(), ScalarType.Double, clusters, rows.dims());
      rows.forEach(
          source,
          (from, x) ->
              totals.index_add_(0, assigned.narrow(0, from, x.size(0)), x.to(ScalarType.Double)));
      return scope.keep(totals.mul_(inverseCounts()).to(ScalarType.Float));
    }
  }

  /** float32 {@code [clusters, dims]}; the rows are assigned to the nearest of these. */
  Tensor centers() {
    return realCenters();
  }

  /** Each row's cluster, int64 {@code [rows]}, owned by this object. */
  Tensor assigned() {
    return assigned;
  }

  @Override
  public void close() {
    centers.close();
    sums.close();
    assigned.close();
    upper.close();
    lower.close();
  }
}
