package org.mixel.ndb;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mixel.stat.AdjustedP;
import org.mixel.stat.DealtTests;
import org.mixel.stat.HomogeneityTest;

/**
 * One p-value of a candidate for all of its sets of bins: every number of bins and every seed.
 *
 * <p>The pooled rows are dealt out at random {@link #DEALS} times. A deal is one random order of
 * all rows; in each set of bins the first of those that take part in it are the candidate's. So the
 * sets of bins see the same rows change sides, and their chi-square statistics ({@link
 * HomogeneityTest}) depend on each other as those of the candidate do. p is the share of deals
 * whose smallest p-value over the sets of bins is as small (min-p; {@link DealtTests#minP}).
 *
 * <p>It is exact where all sets of bins count the same rows: of one seed, or of a counted set.
 * Held-out rows of several seeds overlap by half; then a deal keeps each set of bins exact, and
 * their dependence nearly.
 *
 * @param candidate name of the set
 * @param p the p-value, the smallest of {@code each}
 * @param pHolm the same adjusted for the number of candidates (Holm)
 * @param each the p-value of each set of bins, adjusted for their number
 */
public record JointTest(String candidate, double p, double pHolm, List<Double> each) {
  /** Number of random deals. */
  public static final int DEALS = 999;

  /** Keeps its own copy of the list. */
  public JointTest {
    each = List.copyOf(each);
  }

  /** Keeps the deals apart from those of {@link PermutationNull}, which have the seed itself. */
  private static final long STREAM = 0x6A6F696E74L;

  /**
   * The rows that take part in one set of bins.
   *
   * @param referenceRows places of the counted rows in their set
   * @param referenceBins the bin of each
   * @param candidateRows places of the tested rows in the candidate
   * @param candidateBins the bin of each
   */
  record Table(
      int bins,
      int[] referenceRows,
      int[] referenceBins,
      int[] candidateRows,
      int[] candidateBins) {
    double statistic() {
      return HomogeneityTest.statistic(
          VoronoiBins.count(referenceBins, bins), VoronoiBins.count(candidateBins, bins));
    }
  }

  /**
   * The p-values of one candidate's sets of bins, adjusted for their number.
   *
   * @param tables one for each set of bins, at least one
   * @param reference rows of the set that is counted
   * @param candidate rows of the candidate
   * @param seed fixes the deals
   */
  static double[] adjusted(List<Table> tables, int reference, int candidate, long seed) {
    List<Dealt> dealt =
        tables.stream().map(table -> new Dealt(table, reference, candidate)).toList();
    double[][] statistics = new double[tables.size()][1 + DEALS];
    for (int s = 0; s < statistics.length; s++) {
      statistics[s][0] = tables.get(s).statistic();
    }
    int[] order = IntStream.range(0, reference + candidate).toArray();
    SplittableRandom random = new SplittableRandom(seed ^ STREAM);
    for (int b = 1; b <= DEALS; b++) {
      List<Dealt> open = new ArrayList<>(dealt);
      open.forEach(Dealt::begin);
      for (int i = 0; !open.isEmpty(); i++) {
        int chosen = random.nextInt(i, order.length);
        int row = order[chosen];
        order[chosen] = order[i];
        order[i] = row;
        open.removeIf(each -> each.take(row));
      }
      for (int s = 0; s < statistics.length; s++) {
        statistics[s][b] = dealt.get(s).statistic();
      }
    }
    return DealtTests.minP(statistics);
  }

  /**
   * The tests of all candidates.
   *
   * @param adjusted of each candidate
   */
  static List<JointTest> of(List<String> candidates, double[][] adjusted) {
    double[] p = Arrays.stream(adjusted).mapToDouble(JointTest::least).toArray();
    double[] holm = AdjustedP.holm(p);
    return IntStream.range(0, p.length)
        .mapToObj(
            i ->
                new JointTest(
                    candidates.get(i), p[i], holm[i], Arrays.stream(adjusted[i]).boxed().toList()))
        .toList();
  }

  private static double least(double[] values) {
    return Arrays.stream(values).min().orElseThrow();
  }

  /** A set of bins whose smaller side takes rows in the order of a deal. */
  private static final class Dealt {
    private static final int ABSENT = -1;

    /** The bin of each pooled row, the reference's first. */
    private final int[] binOf;

    private final int[] pooled;
    private final int[] taken;
    private final int[] rest;
    private final int smaller;
    private int missing;

    Dealt(Table table, int reference, int candidate) {
      binOf = new int[reference + candidate];
      Arrays.fill(binOf, ABSENT);
      pooled = new int[table.bins()];
      taken = new int[table.bins()];
      rest = new int[table.bins()];
      place(table.referenceRows(), table.referenceBins(), 0);
      place(table.candidateRows(), table.candidateBins(), reference);
      smaller = Math.min(table.referenceRows().length, table.candidateRows().length);
    }

    private void place(int[] rows, int[] bins, int start) {
      for (int i = 0; i < rows.length; i++) {
        binOf[start + rows[i]] = bins[i];
        pooled[bins[i]]++;
      }
    }

    void begin() {
      Arrays.fill(taken, 0);
      missing = smaller;
    }

    /**
     * Takes a row if it takes part.
     *
     * @return whether the side is full now
     */
    boolean take(int row) {
      int bin = binOf[row];
      if (bin != ABSENT) {
        taken[bin]++;
        missing--;
      }
      return missing == 0;
    }

    /** The statistic is the same whichever side is the candidate's. */
    double statistic() {
      Arrays.setAll(rest, k -> pooled[k] - taken[k]);
      return HomogeneityTest.statistic(rest, taken);
    }
  }
}
