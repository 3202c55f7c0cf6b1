package org.mixel.metric;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.Progress;
import org.mixel.stat.Interval;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;
import org.mixel.tensor.Threads;

/**
 * The statistics of a {@link PqMass} in all tessellations: of the sets as they are, of the deals,
 * and of the sets without each of their rows.
 *
 * <p>Owns native memory until {@link #close()}.
 */
final class CellStatistics implements AutoCloseable {
  /** Values that differ by no more, as a share, are equal. */
  private static final double ROUNDING = 1e-11;

  private final Tessellations tessellations;
  private final int rows;
  private final int first;
  private final int cells;

  /** Float32 {@code [rows, 2 + deals]}: ones, then {@link Deals#marks}. */
  private final Tensor marks;

  /** 0, for rows of the candidate the number of cells and 1; int64 {@code [rows]}. */
  private final Tensor offsets;

  /** Of each tessellation, as {@link Deals#marks}. */
  private final double[][] statistics;

  private final int[] freedom;

  private CellStatistics(Tessellations tessellations, Deals deals, Device device) {
    this.tessellations = tessellations;
    rows = deals.rows();
    first = deals.referenceRows();
    cells = tessellations.cells();
    statistics = new double[tessellations.count()][];
    freedom = new int[tessellations.count()];
    try (NativeScope scope = new NativeScope()) {
      Tensor assigned = deals.marks(device);
      Tensor ones = torch.ones_like(assigned.narrow(1, 0, 1));
      marks = NativeScope.own(torch.cat(new TensorVector(ones, assigned), 1).to(ScalarType.Float));
      offsets = NativeScope.own(Devices.zeros(device, ScalarType.Long, rows));
      offsets.narrow(0, first, (long) rows - first).fill_(new Scalar(cells + 1));
    }
  }

  /**
   * The value of the sets beside those of the deals.
   *
   * @param stage hears of each tessellation
   */
  static Estimate of(
      Tessellations tessellations, Deals deals, Device device, Progress.Stage stage) {
    try (CellStatistics statistics = new CellStatistics(tessellations, deals, device)) {
      return statistics.estimate(stage);
    }
  }

  private Estimate estimate(Progress.Stage stage) {
    int count = tessellations.count();
    double[][] parts = new double[count][];
    Threads.divide(
        marks.device(),
        count,
        (worker, workers) -> {
          try (NativeScope scope = new NativeScope()) {
            Tensor own = Devices.zeros(marks.device(), ScalarType.Double, 2, rows);
            for (int t = worker; t < count; t += workers) {
              try (NativeScope inner = new NativeScope()) {
                count(t, own);
              }
              synchronized (stage) {
                stage.advance(1);
              }
            }
            parts[worker] = Tensors.doubles(own);
          }
        });
    double[] lost = new double[2 * rows];
    for (double[] part : parts) {
      for (int i = 0; part != null && i < lost.length; i++) {
        lost[i] += part[i];
      }
    }
    double degrees = IntStream.of(freedom).sum();
    if (degrees == 0) {
      return new Estimate(1, 0.0, new Interval(1, 1), 1.0);
    }
    double[] values = new double[(int) marks.size(1) - 1];
    Arrays.setAll(
        values, b -> Arrays.stream(statistics).mapToDouble(own -> own[b]).sum() / degrees);
    double[] without = new double[rows];
    Arrays.setAll(
        without,
        i -> {
          double left = degrees - lost[rows + i];
          return left > 0 ? (values[0] * degrees - lost[i]) / left : 1;
        });
    double error =
        Math.sqrt(
            KernelSums.jackknife(Arrays.copyOfRange(without, 0, first))
                + KernelSums.jackknife(Arrays.copyOfRange(without, first, rows)));
    return Estimate.large(
        values[0], error, Arrays.copyOfRange(values, 1, values.length), ROUNDING * values[0]);
  }

  /**
   * Computes the statistics of a tessellation.
   *
   * @param lost {@code [2, rows]}, to which is added how much smaller the statistic of the sets and
   *     its degrees of freedom are without each row
   */
  private void count(int tessellation, Tensor lost) {
    Tensor cell = tessellations.cells(tessellation);
    Tensor counts =
        Devices.zeros(marks.device(), ScalarType.Float, cells + 1L, marks.size(1))
            .index_add_(0, cell, marks)
            .narrow(0, 0, cells)
            .to(ScalarType.Double);
    Tensor pooled = counts.narrow(1, 0, 1);
    Tensor ofFirst = counts.narrow(1, 1, marks.size(1) - 1);
    double[] sizes = Tensors.doubles(pooled);
    double[] own = Tensors.doubles(ofFirst.narrow(1, 0, 1));
    double all = Arrays.stream(sizes).sum();
    double[] n = Tensors.doubles(ofFirst.sum(0));
    double[] shares =
        Tensors.doubles(ofFirst.square().div_(pooled.clamp_min(new Scalar(1))).sum(0));
    double[] values = new double[n.length];
    Arrays.setAll(values, b -> statistic(shares[b], n[b], all));
    statistics[tessellation] = values;
    freedom[tessellation] =
        Math.max(0, (int) Arrays.stream(sizes).filter(size -> size > 0).count() - 1);

    double[] table = new double[4 * (cells + 1)];
    for (int k = 0; k < cells; k++) {
      double emptied = sizes[k] == 1 && freedom[tessellation] > 0 ? 1 : 0;
      for (int set = 0; set < 2; set++) {
        double a = own[k] - 1 + set;
        double share = shares[0] + (a * a / Math.max(1, sizes[k] - 1));
        share -= own[k] * own[k] / Math.max(1, sizes[k]);
        int at = set * (cells + 1) + k;
        table[at] = values[0] - statistic(share, n[0] - 1 + set, all - 1);
        table[2 * (cells + 1) + at] = emptied;
      }
    }
    Tensor changes = Tensors.of(table, 2, 2L * (cells + 1)).to(marks.device(), ScalarType.Double);
    lost.add_(changes.index_select(1, cell.add(offsets)));
  }

  /**
   * Pearson's statistic.
   *
   * @param shares the sum over cells of the squared count of the first set by that of both
   * @param n the first set's rows
   * @param all those of both sets
   */
  private static double statistic(double shares, double n, double all) {
    return n <= 0 || n >= all ? 0 : (shares - n * n / all) * all * all / (n * (all - n));
  }

  @Override
  public void close() {
    marks.close();
    offsets.close();
  }
}
