package org.mixel.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.stat.Interval;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Threads;

/**
 * The Frechet distance of two sets (Heusel, Ramsauer, Unterthiner, Nessler and Hochreiter, 2017,
 * <i>GANs trained by a two time-scale update rule converge to a local Nash equilibrium</i>; of
 * normal distributions, Dowson and Landau, 1982): of their means {@code m} and their covariances
 * {@code S}, which are divided by the number of rows less 1,
 *
 * <pre>|m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2))</pre>
 *
 * in float64. The trace of the root is a sum of singular values, so it is real and loses nothing
 * where a covariance is singular: those of {@code X1 X2'} where rows are few, {@code X} being the
 * rows less their mean by the root of their number less 1, else those of the product of two roots
 * of the covariances.
 *
 * <p>The distance of finite sets is too large by about a number divided by the rows. {@link
 * #infinite} is where a line through the distances of parts of the sets, by one over the number of
 * rows, meets 0 (Chong and Forsyth, 2020, <i>Effectively unbiased FID and Inception Score and where
 * to find them</i>). It needs several times more rows than values.
 *
 * <p>The error is that of the first-order change of the distance with each row (the delta method).
 * Equal sets are all rows dealt out anew, 39 to 199 times by the cost.
 *
 * <p>Immutable.
 *
 * @param distance the distance, at least 0
 * @param infinite the distance for infinitely many rows, which can be below 0; null if a set has
 *     fewer than 8 rows
 * @param notes what was left out to bound the cost, a line each
 */
public record FrechetDistance(Estimate distance, @Nullable Double infinite, List<String> notes) {
  /** The largest matrix whose singular values are taken. */
  static final int LARGEST = 4096;

  /** Deals times the cube of the size of their matrices. */
  private static final double DEAL_COST = 2e10;

  private static final int MOST_DEALS = 199;

  /** The parts whose distances are extrapolated have one row of so many. */
  private static final double[] PARTS = {1, 1.5, 2, 2.5, 3, 3.5, 4};

  private static final int FEWEST_ROWS = 8;

  /** Distances that differ by less, as a share of the traces, are equal. */
  private static final double ROUNDING = 1e-10;

  /** Copies its notes. */
  public FrechetDistance {
    notes = List.copyOf(notes);
  }

  /** Compares two sets on the CPU with seed 0. */
  public static FrechetDistance of(Samples reference, Samples candidate) {
    return of(reference, candidate, 0, ComputeDevice.CPU, Progress.SILENT);
  }

  /**
   * Compares two sets. Of rows of more than 4,096 values at most 2,048 random rows of each set are
   * taken, if there are more than 4,096 in all.
   *
   * @param reference pixels in [0, 1], or features
   * @param candidate rows of as many values
   * @param seed deals the rows out
   * @throws InputException if a set has one row, the rows differ in their number of values, or a
   *     value is not finite
   */
  public static FrechetDistance of(
      Samples reference, Samples candidate, long seed, ComputeDevice device, Progress progress) {
    KernelDistance.requireTwoRows(reference, candidate);
    PooledProducts.requireSameWidth(reference, candidate);
    List<String> notes = new ArrayList<>();
    long rows = (long) reference.rows() + candidate.rows();
    Samples first = reference;
    Samples second = candidate;
    if (reference.dims() > LARGEST && rows > LARGEST) {
      first = some(reference, seed);
      second = some(candidate, seed + 1);
      rows = first.rows() + second.rows();
      notes.add(
          "frechet: %d and %d random rows, for rows of more than %d values"
              .formatted(first.rows(), second.rows(), LARGEST));
    }
    try (NativeScope scope = new NativeScope();
        CovarianceSpace space =
            rows <= Math.min(2L * reference.dims(), LARGEST)
                ? RowSpace.of(first, second, device)
                : ColumnSpace.of(first, second, seed, device)) {
      return of(space, seed, notes, progress);
    }
  }

  private static Samples some(Samples samples, long seed) {
    try (RandomStream random = RandomStream.of(seed)) {
      return samples.rows() <= LARGEST / 2
          ? samples
          : samples.select(random.chooseRising(LARGEST / 2, samples.rows()));
    }
  }

  private static FrechetDistance of(
      CovarianceSpace space, long seed, List<String> notes, Progress progress) {
    if (space.size() == 0) {
      return new FrechetDistance(new Estimate(0, 0.0, new Interval(0, 0), 1.0), 0.0, notes);
    }
    int n = space.referenceRows();
    int all = space.rows();
    int count =
        (int)
            Math.max(
                Estimate.FEWEST_DEALS, Math.min(MOST_DEALS, DEAL_COST / Math.pow(space.size(), 3)));
    double[] dealt = new double[count];
    Deals deals = new Deals(all, n, count, seed);
    int[] first = IntStream.range(0, n).toArray();
    int[] second = IntStream.range(n, all).toArray();
    try (Progress.Stage stage = progress.begin("Frechet distance", count + PARTS.length + 1)) {
      // Decompositions of this size gain little from a second thread, so each has one of its own.
      Threads.divide(
          space.device(),
          count,
          (worker, workers) -> {
            for (int b = worker; b < count; b += workers) {
              int[] chosen = deals.reference(b);
              dealt[b] = space.distance(chosen, others(chosen, all));
              synchronized (stage) {
                stage.advance(1);
              }
            }
          });
      double asTheyAre = space.distance(first, second);
      double p = Estimate.share(dealt, asTheyAre - ROUNDING * space.trace());
      if (space.scale() != 1) {
        notes.add(
            "frechet: sets of %d and %d random rows were dealt out; their band is scaled to all rows"
                .formatted(n, all - n));
      }
      Interval band = Interval.central(dealt, Estimate.OUTSIDE).dividedBy(1 / space.scale());
      Estimate distance =
          new Estimate(
              space.distance(),
              space.error(),
              band,
              p,
              Estimate.Dealt.of(asTheyAre, dealt, false, space.scale() == 1));
      stage.advance(1);
      return new FrechetDistance(distance, infinite(space, asTheyAre, seed, stage), notes);
    }
  }

  /** The intercept of the line through the distances of parts. */
  private static @Nullable Double infinite(
      CovarianceSpace space, double whole, long seed, Progress.Stage stage) {
    int n = space.referenceRows();
    int m = space.rows() - n;
    if (Math.min(n, m) < FEWEST_ROWS) {
      return null;
    }
    double[] distances = new double[PARTS.length];
    try (RandomStream random = RandomStream.of(seed).split(-1)) {
      for (int i = 0; i < distances.length; i++) {
        int[] first = random.choose((int) Math.round(n / PARTS[i]), n);
        int[] second = random.choose((int) Math.round(m / PARTS[i]), m);
        for (int j = 0; j < second.length; j++) {
          second[j] += n;
        }
        distances[i] = i == 0 ? whole : space.distance(first, second);
        stage.advance(1);
      }
    }
    double x = Arrays.stream(PARTS).average().orElseThrow();
    double y = Arrays.stream(distances).average().orElseThrow();
    double products = 0;
    double squares = 0;
    for (int i = 0; i < PARTS.length; i++) {
      products += (PARTS[i] - x) * (distances[i] - y);
      squares += (PARTS[i] - x) * (PARTS[i] - x);
    }
    return y - products / squares * x;
  }

  private static int[] others(int[] chosen, int all) {
    boolean[] taken = new boolean[all];
    for (int row : chosen) {
      taken[row] = true;
    }
    int[] rest = new int[all - chosen.length];
    int at = 0;
    for (int i = 0; i < all; i++) {
      if (!taken[i]) {
        rest[at++] = i;
      }
    }
    return rest;
  }
}
