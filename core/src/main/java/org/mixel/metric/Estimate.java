package org.mixel.metric;

import static org.mixel.InputException.require;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.stat.Interval;

/**
 * A figure of two sets, beside what equal sets would give.
 *
 * @param value the figure
 * @param error its standard error, or null where there is none
 * @param ifEqual the middle 95% of the figures of two sets of these sizes that are dealt out of the
 *     pooled rows at random, or null where none were dealt
 * @param p how often dealt sets give a figure as extreme as this, the sets as they are counted
 *     among them; null where none were dealt
 * @param dealt the figures of dealt sets, or null where none were dealt
 */
public record Estimate(
    double value,
    @Nullable Double error,
    @Nullable Interval ifEqual,
    @Nullable Double p,
    @Nullable Dealt dealt) {
  /** The share of dealt sets that lie outside {@link #ifEqual}. */
  static final double OUTSIDE = 0.05;

  /** The fewest deals that have a band. */
  static final int FEWEST_DEALS = 39;

  /**
   * The figure of the sets as they are, and those of deals. Estimates of the same sets by the same
   * seed have the same deals, where all rows were dealt out equally often.
   *
   * @param figures that of the sets first
   * @param twoSided whether small figures tell of a difference as well as large ones
   * @param allRows whether all rows were dealt out
   */
  public record Dealt(List<Double> figures, boolean twoSided, boolean allRows) {
    /** Keeps its own copy of the list. */
    public Dealt {
      figures = List.copyOf(figures);
    }

    static Dealt of(double value, double[] dealt, boolean twoSided, boolean allRows) {
      return new Dealt(
          DoubleStream.concat(DoubleStream.of(value), Arrays.stream(dealt)).boxed().toList(),
          twoSided,
          allRows);
    }

    /** How many sets were dealt. */
    public int deals() {
      return figures.size() - 1;
    }
  }

  /**
   * @throws InputException if there are too few deals for a band of 95%
   */
  static void requireDeals(int deals) {
    require(
        deals >= FEWEST_DEALS, "deals must be at least %d, got %d".formatted(FEWEST_DEALS, deals));
  }

  /** A figure without deals. */
  public Estimate(
      double value, @Nullable Double error, @Nullable Interval ifEqual, @Nullable Double p) {
    this(value, error, ifEqual, p, null);
  }

  /** The same, whose deals are not those of other figures. */
  public Estimate dealtByItself() {
    return dealt == null
        ? this
        : new Estimate(
            value, error, ifEqual, p, new Dealt(dealt.figures(), dealt.twoSided(), false));
  }

  /** A figure of which equal sets are not known. */
  static Estimate of(double value, @Nullable Double error) {
    return new Estimate(value, error, null, null);
  }

  /**
   * A figure that is large where sets differ.
   *
   * @param dealt figures of dealt sets, at least {@link #FEWEST_DEALS}
   * @param rounding figures that differ by no more are equal
   */
  static Estimate large(double value, @Nullable Double error, double[] dealt, double rounding) {
    double[] figures =
        Arrays.stream(dealt).map(x -> Math.abs(x - value) <= rounding ? value : x).toArray();
    return new Estimate(
        value,
        error,
        Interval.central(figures, OUTSIDE),
        share(figures, value),
        Dealt.of(value, figures, false, true));
  }

  /**
   * A figure that is large or small where sets differ: p is twice that of the nearer tail. Dealt
   * figures that are equal to it lie above or below by chance, so that p is uniform for equal sets
   * though shares of few rows often tie; p is 1 if all are equal to it.
   *
   * @param random breaks ties
   */
  static Estimate apart(
      double value, @Nullable Double error, double[] dealt, SplittableRandom random) {
    int above = 0;
    int ties = 0;
    for (double figure : dealt) {
      above += figure > value ? 1 : 0;
      ties += figure == value ? 1 : 0;
    }
    int reach = ties == dealt.length ? dealt.length / 2 : above + random.nextInt(ties + 1);
    double tail = Math.min(reach + 1, dealt.length + 1 - reach);
    double low = end(dealt);
    double high = -end(Arrays.stream(dealt).map(x -> -x).toArray());
    double p = Math.min(1, 2 * tail / (dealt.length + 1));
    return new Estimate(
        value, error, new Interval(low, high), p, Dealt.of(value, dealt, true, true));
  }

  /**
   * The lower end of the band: where figures tie, the one that leaves out most nearly its share.
   */
  private static double end(double[] dealt) {
    double[] sorted = dealt.clone();
    Arrays.sort(sorted);
    int wanted = (int) (OUTSIDE / 2 * (sorted.length + 1)) - 1;
    int first = wanted;
    int next = wanted;
    while (first > 0 && sorted[first - 1] == sorted[wanted]) {
      first--;
    }
    while (next < sorted.length - 1 && sorted[next] == sorted[wanted]) {
      next++;
    }
    return next - wanted < wanted - first ? sorted[next] : sorted[first];
  }

  /**
   * The share of all figures, the value itself among them, that reach a limit: a p-value that is
   * exact for deals at random.
   */
  static double share(double[] dealt, double limit) {
    long reach = Arrays.stream(dealt).filter(x -> x >= limit).count();
    return (reach + 1.0) / (dealt.length + 1);
  }
}
