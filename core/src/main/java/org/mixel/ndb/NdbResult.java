package org.mixel.ndb;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.mixel.stat.AdjustedP;
import org.mixel.stat.HomogeneityTest;
import org.mixel.stat.Interval;
import org.mixel.stat.JensenShannon;
import org.mixel.stat.TwoProportionTest;

/**
 * One candidate on one set of bins.
 *
 * @param candidate name of the set
 * @param rows rows of the candidate
 * @param referenceRows rows that were counted on the reference's side
 * @param seed the seed that placed the bins
 * @param alpha significance level of each bin's test
 * @param tests one for each bin
 * @param js Jensen-Shannon divergence of the two histograms, in nats
 * @param chiSquareP p-value of the chi-square test of all bins at once
 * @param expected NDB and the divergence under equality
 * @param excess the divergence less its mean under equality: the size of the difference
 * @param smallestLostMode the smallest share of the data that, lost in one bin of average size,
 *     would be found with probability 0.8 by Fisher's exact test at level alpha over the number of
 *     bins
 * @param members a few candidate rows of each bin
 */
public record NdbResult(
    String candidate,
    int rows,
    int referenceRows,
    long seed,
    double alpha,
    List<TwoProportionTest> tests,
    double js,
    double chiSquareP,
    PermutationNull expected,
    JsExcess excess,
    double smallestLostMode,
    BinMembers members) {
  /** A bin that expects fewer rows than this of a set is too small for the z-test to be exact. */
  public static final int FEW_ROWS = 5;

  /** Keeps its own copy of the list. */
  public NdbResult {
    tests = List.copyOf(tests);
  }

  /**
   * Tests a candidate whose rows are assigned to bins.
   *
   * @param reference counted rows in each bin
   * @param assigned the bin of each candidate row, from {@link VoronoiBins#assign}
   * @param ids the numbers of those rows
   * @param alpha significance level in (0, 1)
   */
  static NdbResult of(
      VoronoiBins bins,
      int[] reference,
      String candidate,
      int[] assigned,
      int[] ids,
      double alpha) {
    return of(
        bins.options().seed(),
        reference,
        candidate,
        VoronoiBins.count(assigned, bins.bins()),
        BinMembers.choose(assigned, ids, bins.bins(), bins.options().seed()),
        alpha);
  }

  /**
   * Tests counts.
   *
   * @param seed deals out the rows of equal sets
   * @param reference counted rows in each bin
   * @param candidate the name of the candidate
   * @param counts rows of the candidate in each bin
   * @param members some of its rows
   * @param alpha significance level in (0, 1)
   */
  static NdbResult of(
      long seed,
      int[] reference,
      String candidate,
      int[] counts,
      BinMembers members,
      double alpha) {
    int rows = IntStream.of(counts).sum();
    int referenceRows = IntStream.of(reference).sum();
    List<TwoProportionTest> tests =
        IntStream.range(0, counts.length)
            .mapToObj(k -> TwoProportionTest.of(reference[k], referenceRows, counts[k], rows))
            .toList();
    PermutationNull expected = PermutationNull.of(reference, counts, alpha, seed);
    return new NdbResult(
        candidate,
        rows,
        referenceRows,
        seed,
        alpha,
        tests,
        JensenShannon.divergence(reference, counts),
        HomogeneityTest.pValue(reference, counts),
        expected,
        JsExcess.of(reference, counts, expected.js(), seed),
        Power.smallestLostMode(referenceRows, rows, counts.length, alpha),
        members);
  }

  /**
   * One line: {@code samples.npy: 7 of 100 bins differ, NDB/K 0.070 (0.01 to 0.10 if equal), JS
   * 0.0014 (0.0008 to 0.0014 if equal), p 0.014}.
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: %d of %d bins differ, NDB/K %.3f (%s if equal), JS %.4f (%s if equal), p %.2g",
        candidate,
        ndb(),
        bins(),
        ndbOverK(),
        expectedNdbOverKBand().toString("%.2f"),
        js,
        expected.jsBand().toString("%.4f"),
        chiSquareP);
  }

  /** Number of bins, {@code K}. */
  public int bins() {
    return tests.size();
  }

  /** Number of statistically different bins. */
  public int ndb() {
    return different().size();
  }

  /** {@link #ndb()} over {@link #bins()}, in [0, 1]. */
  public double ndbOverK() {
    return (double) ndb() / bins();
  }

  /** Mean NDB/K under equality. */
  public double expectedNdbOverK() {
    return expected.ndb() / bins();
  }

  /** Central 95% of NDB/K under equality. */
  public Interval expectedNdbOverKBand() {
    return expected.ndbBand().dividedBy(bins());
  }

  /** Mean Jensen-Shannon divergence under equality, in nats. */
  public double expectedJs() {
    return expected.js();
  }

  /** The bins that differ, the largest difference of proportions first. */
  public List<Integer> different() {
    return byEffect(k -> tests.get(k).differs(alpha));
  }

  /**
   * The bins that differ by Holm's adjustment of the exact p-values, in the same order: with
   * probability {@code 1 - alpha} none of them is an accident.
   */
  public List<Integer> differentByHolm() {
    double[] adjusted = AdjustedP.holm(exactPValues());
    return byEffect(k -> adjusted[k] < alpha);
  }

  /**
   * The bins that differ by Benjamini and Hochberg's adjustment of the exact p-values, in the same
   * order: of these an expected share of at most {@code alpha} are accidents.
   */
  public List<Integer> differentByBenjaminiHochberg() {
    double[] adjusted = AdjustedP.benjaminiHochberg(exactPValues());
    return byEffect(k -> adjusted[k] < alpha);
  }

  /**
   * The p-value of each bin's z-test.
   *
   * @return a new array of {@code K} numbers in [0, 1]
   */
  public double[] pValues() {
    return tests.stream().mapToDouble(TwoProportionTest::p).toArray();
  }

  /** The exact p-value of each bin, likewise: those that are adjusted. */
  public double[] exactPValues() {
    return tests.stream().mapToDouble(TwoProportionTest::exactP).toArray();
  }

  /** Bins in which the smaller set expects fewer than {@link #FEW_ROWS} rows under equality. */
  public int sparseBins() {
    return (int) expectedRows().filter(rows -> rows < FEW_ROWS).count();
  }

  /** The fewest rows that the smaller set expects in a bin under equality. */
  public double fewestExpectedRows() {
    return expectedRows().min().orElseThrow();
  }

  private DoubleStream expectedRows() {
    double all = (double) referenceRows + rows;
    return tests.stream()
        .mapToDouble(
            test ->
                (test.referenceProportion() * referenceRows + test.candidateProportion() * rows)
                    / all
                    * Math.min(referenceRows, rows));
  }

  /**
   * The bins that hold more of the candidate than of the reference, the largest difference of
   * proportions first, whether or not they differ significantly.
   *
   * @param limit at most so many
   */
  public List<Integer> overfilled(int limit) {
    return byEffect(k -> tests.get(k).difference() > 0).stream().limit(limit).toList();
  }

  /** The bins that hold less of the candidate than of the reference, likewise. */
  public List<Integer> underfilled(int limit) {
    return byEffect(k -> tests.get(k).difference() < 0).stream().limit(limit).toList();
  }

  private List<Integer> byEffect(IntPredicate wanted) {
    return IntStream.range(0, bins())
        .filter(wanted)
        .boxed()
        .sorted(Comparator.comparingDouble(k -> -Math.abs(tests.get(k).difference())))
        .toList();
  }

  /**
   * Share of the candidate's rows in each bin.
   *
   * @return a new array of {@code K} numbers that sum to 1
   */
  public double[] proportions() {
    return tests.stream().mapToDouble(TwoProportionTest::candidateProportion).toArray();
  }

  /** Share of the counted reference rows in each bin, likewise. */
  public double[] referenceProportions() {
    return tests.stream().mapToDouble(TwoProportionTest::referenceProportion).toArray();
  }

  /** Standard error of the difference in each bin, for the band around the proportions. */
  public double[] standardErrors() {
    return tests.stream().mapToDouble(TwoProportionTest::standardError).toArray();
  }
}
