package org.mixel.memorization;

import static org.mixel.InputException.require;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.stat.MannWhitney;
import org.mixel.stat.PrecedenceTest;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RandomStream;

/**
 * Whether a model repeats its training rows: are its rows nearer to them than rows that the model
 * has never seen?
 *
 * <p>Distances of candidate rows to their nearest reference row are compared with those of unseen
 * rows, all at once by the rank-sum statistic (the data-copying test of Meehan, Chaudhuri and
 * Dasgupta, 2020, with one cell) and in the lower tail, where partial copying shows ({@link
 * #tooNear}). Smooth samples, blurred ones and those drawn without noise, are near to every row, so
 * that alone proves nothing: {@link #copied} asks whether they are nearer to reference rows than to
 * unseen rows, which smoothness does not explain. Nor does it explain rows that are equal to
 * reference rows, where unseen rows never are.
 *
 * @param candidate name of the candidate
 * @param rows number of candidate rows that were checked
 * @param unseen name of the unseen set
 * @param unseenRows unseen rows that were compared with them
 * @param medianDistance of the candidate rows to their nearest reference row
 * @param unseenMedianDistance of the unseen rows
 * @param tooNear share of candidate rows nearer than the nearest twentieth of the unseen rows
 * @param expectedTooNear its mean for fresh rows, about 0.05
 * @param tooNearP one-sided p-value of {@code tooNear}, exact where no distances are equal (a
 *     precedence test)
 * @param mannWhitneyZ standard normal for fresh rows, negative if candidates tend to be nearer
 * @param exactCopies candidate rows at distance 0 of a reference row
 * @param unseenExactCopies unseen rows at distance 0 of a reference row
 * @param exactCopiesP one-sided p-value of {@code exactCopies} against those (Fisher's exact test)
 * @param copied estimated share of candidate rows that follow reference rows
 * @param copiedError its standard error for fresh rows
 * @param copiedP one-sided p-value of {@code copied}
 * @param nearest the candidate rows nearest to a reference row, nearest first
 * @param byCell the test in the cells of a partition; null where none was given
 */
public record Memorization(
    String candidate,
    int rows,
    String unseen,
    int unseenRows,
    double medianDistance,
    double unseenMedianDistance,
    double tooNear,
    double expectedTooNear,
    double tooNearP,
    double mannWhitneyZ,
    int exactCopies,
    int unseenExactCopies,
    double exactCopiesP,
    double copied,
    double copiedError,
    double copiedP,
    List<Pair> nearest,
    @Nullable CellCopies byCell) {
  private static final double TAIL = 0.05;
  private static final int FEWEST_UNSEEN = 20;
  private static final int PAIRS = 16;
  private static final double SIGNIFICANT = 0.01;
  private static final double MOST_TOO_NEAR = 2 * TAIL;
  private static final double MOST_COPIED = 0.05;

  private static final double MOST_EXACT = 0.01;

  /** The largest error at which copies of half of the rows would be detected (2.33 errors). */
  private static final double LARGEST_ERROR = 0.2;

  /** The conclusion from the figures. */
  public enum Verdict {
    /** Rows equal reference rows, or follow them. */
    COPIES("repeats the reference"),
    /** Nothing that fresh or smooth rows would not show. */
    NO_COPYING_SEEN("no copying seen"),
    /** Rows are suspiciously near or equal to reference rows; more unseen rows would show why. */
    TOO_FEW_UNSEEN("too few unseen rows to tell");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    /** In words, as tables show it. */
    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * A candidate row and its nearest reference row.
   *
   * @param row row of the candidate
   * @param referenceRow row of the reference
   * @param distance Euclidean, of weighted columns if there were weights
   * @param relative the distance over the median of the unseen rows' distances
   */
  public record Pair(int row, int referenceRow, double distance, double relative) {}

  /**
   * The rows that are checked.
   *
   * @param maxRows most rows of the candidate and of the unseen set, random ones if there are more
   * @param seed chooses the rows
   */
  public record Options(int maxRows, long seed) {
    /**
     * @throws InputException if {@code maxRows} is below 20
     */
    public Options {
      require(maxRows >= FEWEST_UNSEEN, "rows to look at must be at least 20, got " + maxRows);
    }

    /** 5,000 rows, seed 0. */
    public static Options defaults() {
      return new Options(5000, 0);
    }

    /** The same with another number of rows. */
    public Options withMaxRows(int count) {
      return new Options(count, seed);
    }

    /** The same with another seed. */
    public Options withSeed(long number) {
      return new Options(maxRows, number);
    }
  }

  /** Keeps its own copy of the list. */
  public Memorization {
    nearest = List.copyOf(nearest);
  }

  /** Looks for copies in one candidate on the CPU, unweighted, with the default options. */
  public static Memorization of(Samples candidate, Samples reference, Samples unseen) {
    return of(
            List.of(candidate),
            reference,
            unseen,
            null,
            Options.defaults(),
            ComputeDevice.CPU,
            Progress.SILENT)
        .get(0);
  }

  /**
   * Looks for copies in several candidates, without a partition.
   *
   * @throws InputException as with one
   */
  public static List<Memorization> of(
      List<Samples> candidates,
      Samples reference,
      Samples unseen,
      float @Nullable [] weights,
      Options options,
      ComputeDevice device,
      Progress progress) {
    return of(candidates, reference, unseen, weights, null, options, device, progress);
  }

  /**
   * Looks for copies in several candidates.
   *
   * @param reference the rows that the models were trained on, all of which are searched
   * @param unseen rows from the same source that the models have not seen, at least 20
   * @param weights a factor for each column, as semi-whitening asks, or null for none
   * @param partition the cells in which copies are looked for one by one, or null for none
   * @return one for each candidate
   * @throws InputException if rows differ in their number of values, a value is not finite, there
   *     are too few unseen rows, or half of them are rows of the reference
   */
  public static List<Memorization> of(
      List<Samples> candidates,
      Samples reference,
      Samples unseen,
      float @Nullable [] weights,
      CellCopies.@Nullable Partition partition,
      Options options,
      ComputeDevice device,
      Progress progress) {
    require(
        unseen.rows() >= FEWEST_UNSEEN,
        "%s has %d rows; to compare with unseen rows takes at least %d"
            .formatted(unseen.name(), unseen.rows(), FEWEST_UNSEEN));
    Search search = (rows, among) -> NearestRows.of(rows, among, weights, device, progress);
    int[] some = chosen(unseen.rows(), options);
    NearestRows fresh = search.nearest(unseen.select(some), reference);
    requireUnseen(fresh, unseen, reference);
    int[] freshCells = partition == null ? new int[0] : partition.cells(unseen.select(some));
    return candidates.stream()
        .map(
            candidate -> {
              int[] rows = chosen(candidate.rows(), options);
              NearestRows near = search.nearest(candidate.select(rows), reference);
              NearestRows other = search.nearest(candidate.select(rows), unseen);
              PrecedenceTest tail = PrecedenceTest.of(near.distances(), fresh.distances(), TAIL);
              CopiedShare copied =
                  CopiedShare.of(near, reference.rows(), other, unseen.rows(), tail.threshold());
              CellCopies byCell =
                  partition == null
                      ? null
                      : CellCopies.of(
                          near.distances(),
                          partition.cells(candidate.select(rows)),
                          fresh.distances(),
                          freshCells);
              return of(candidate.name(), rows, near, unseen.name(), fresh, tail, copied, byCell);
            })
        .toList();
  }

  /** {@link NearestRows} with the same weights and device. */
  @FunctionalInterface
  private interface Search {
    NearestRows nearest(Samples rows, Samples among);
  }

  private static Memorization of(
      String candidate,
      int[] rows,
      NearestRows near,
      String unseen,
      NearestRows fresh,
      PrecedenceTest tail,
      CopiedShare copied,
      @Nullable CellCopies byCell) {
    double median = median(fresh.distances());
    int copies = copies(near);
    int freshCopies = copies(fresh);
    return new Memorization(
        candidate,
        rows.length,
        unseen,
        fresh.rows(),
        median(near.distances()),
        median,
        tail.share(),
        tail.expected(),
        tail.pValue(),
        MannWhitney.z(near.distances(), fresh.distances()),
        copies,
        freshCopies,
        exactP(near.rows(), copies, fresh.rows(), freshCopies),
        copied.share(),
        copied.error(),
        copied.pValue(),
        nearest(rows, near, median),
        byCell);
  }

  private static void requireUnseen(NearestRows fresh, Samples unseen, Samples reference) {
    int copies = copies(fresh);
    require(
        2 * copies < fresh.rows(),
        "%s is not unseen: %d of %d rows are rows of %s; give rows that were not trained on"
            .formatted(unseen.name(), copies, fresh.rows(), reference.name()));
  }

  private static int copies(NearestRows nearest) {
    return (int) Arrays.stream(nearest.distances()).filter(distance -> distance == 0).count();
  }

  /** Fisher's exact test, one-sided. */
  private static double exactP(int rows, int copies, int freshRows, int freshCopies) {
    return HypergeometricDistribution.of(rows + freshRows, copies + freshCopies, rows)
        .survivalProbability(copies - 1);
  }

  private static int[] chosen(int rows, Options options) {
    try (RandomStream random = RandomStream.of(options.seed())) {
      return random.chooseRising(options.maxRows(), rows);
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private static List<Pair> nearest(int[] rows, NearestRows near, double median) {
    return IntStream.range(0, rows.length)
        .boxed()
        .sorted(Comparator.comparingDouble(near::distance))
        .limit(PAIRS)
        .map(i -> new Pair(rows[i], near.nearest(i), near.distance(i), near.distance(i) / median))
        .toList();
  }

  /**
   * The conclusion from the figures.
   *
   * <p>{@link Verdict#COPIES} if more than a tenth of the rows are too near, significantly so (p
   * below 0.01), and more than a twentieth follow reference rows, significantly too. Also if at
   * least a hundredth of the rows are exact copies, significantly more than of the unseen rows, and
   * less than a hundredth of those are (where fresh rows are often equal to reference rows,
   * equality proves nothing).
   *
   * <p>{@link Verdict#TOO_FEW_UNSEEN} if otherwise as many rows are too near, but even half of the
   * rows following reference rows would not be seen ({@code copiedError} above 0.2); or if as many
   * are exact copies, but not significantly.
   */
  public Verdict judge() {
    boolean near = tooNear > MOST_TOO_NEAR && tooNearP < SIGNIFICANT;
    boolean follow = copied > MOST_COPIED && copiedP < SIGNIFICANT;
    boolean exact = exactCopies >= MOST_EXACT * rows && unseenExactCopies < MOST_EXACT * unseenRows;
    if ((near && follow) || (exact && exactCopiesP < SIGNIFICANT)) {
      return Verdict.COPIES;
    }
    return exact || (near && copiedError > LARGEST_ERROR)
        ? Verdict.TOO_FEW_UNSEEN
        : Verdict.NO_COPYING_SEEN;
  }

  /** Whether {@link #judge} found copies. */
  public boolean copies() {
    return judge() == Verdict.COPIES;
  }

  /** {@link #judge} in words. */
  public String verdict() {
    return judge().toString();
  }

  /** All of this as JSON. */
  public ObjectNode toJson() {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("candidate", candidate)
            .put("rows", rows)
            .put("unseen", unseen)
            .put("unseen_rows", unseenRows)
            .put("median_distance", medianDistance)
            .put("unseen_median_distance", unseenMedianDistance)
            .put("too_near", tooNear)
            .put("expected_too_near", expectedTooNear)
            .put("too_near_p", tooNearP)
            .put("mann_whitney_z", mannWhitneyZ)
            .put("exact_copies", exactCopies)
            .put("unseen_exact_copies", unseenExactCopies)
            .put("exact_copies_p", exactCopiesP)
            .put("copied", copied)
            .put("copied_error", copiedError)
            .put("copied_p", copiedP)
            .put("copies", copies())
            .put("verdict", verdict());
    ArrayNode pairs = node.putArray("nearest");
    for (Pair pair : nearest) {
      pairs
          .addObject()
          .put("row", pair.row())
          .put("reference_row", pair.referenceRow())
          .put("distance", pair.distance())
          .put("relative", pair.relative());
    }
    return node;
  }
}
