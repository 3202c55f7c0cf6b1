package org.mixel.ndb;

import static org.mixel.InputException.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.cluster.KMeans;
import org.mixel.data.RowSize;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;

/**
 * The whole evaluation: bins of a reference, and candidates tested on them.
 *
 * <pre>{@code
 * NdbResult result = Ndb.test(reference, candidate);
 * System.out.println(result); // NDB/K, Jensen-Shannon divergence and p, beside those of equal sets
 * }</pre>
 *
 * <p>Methods without a device work on the CPU, and those without a {@link Progress} in silence.
 */
public final class Ndb {
  private static final int MOST_SEEDS = 1000;

  /** Rows of both sides of distant sets that are dealt out in a {@link JointTest}. */
  public static final int MOST_DEALT = 4_000_000;

  private Ndb() {}

  /**
   * The sets of bins that are placed, and how candidates are tested on them.
   *
   * @param bins numbers of bins {@code K}
   * @param seeds bins are placed once for each number of bins and seed
   * @param alpha significance level of each bin's test, in (0, 1)
   * @param candidateRows most rows of a candidate that are tested, drawn at random
   * @param equalRows whether as many rows are counted on both sides, a random part of the larger
   * @param binning how bins are placed; its own number of bins and seed are not used
   */
  public record Options(
      List<Integer> bins,
      List<Long> seeds,
      double alpha,
      int candidateRows,
      boolean equalRows,
      VoronoiBins.Options binning) {
    /**
     * @throws InputException if alpha is outside (0, 1), a number of bins or of rows is below 2, or
     *     a number of bins or a seed is missing or given twice
     */
    public Options {
      bins = List.copyOf(bins);
      seeds = List.copyOf(seeds);
      requireDistinct("bins", bins);
      requireDistinct("seeds", seeds);
      for (int k : bins) {
        binning = binning.withBins(k);
      }
      require(alpha > 0 && alpha < 1, "alpha must lie between 0 and 1, got " + alpha);
      require(candidateRows >= 2, "candidate-rows must be at least 2, got " + candidateRows);
    }

    /** 100, 200 and 300 bins, seed 0, alpha 0.05, all rows of a candidate. */
    public static Options defaults() {
      return new Options(
          List.of(100, 200, 300),
          List.of(0L),
          0.05,
          Integer.MAX_VALUE,
          false,
          VoronoiBins.Options.defaults());
    }

    /** The same with other numbers of bins. */
    public Options withBins(List<Integer> bins) {
      return new Options(bins, seeds, alpha, candidateRows, equalRows, binning);
    }

    /** The same with other numbers of bins. */
    public Options withBins(Integer... bins) {
      return withBins(List.of(bins));
    }

    /**
     * The same with the seeds {@code first}, {@code first + 1}, ...
     *
     * @param count how many, from 1 to 1,000
     * @throws InputException if it is another number
     */
    public Options withSeeds(long first, int count) {
      require(
          count >= 1 && count <= MOST_SEEDS,
          "seeds must be from 1 to " + MOST_SEEDS + ", got " + count);
      List<Long> seeds = LongStream.range(0, count).mapToObj(i -> first + i).toList();
      return new Options(bins, seeds, alpha, candidateRows, equalRows, binning);
    }

    /** The same with another significance level. */
    public Options withAlpha(double alpha) {
      return new Options(bins, seeds, alpha, candidateRows, equalRows, binning);
    }

    /** The same with another limit on the rows of a candidate. */
    public Options withCandidateRows(int candidateRows) {
      return new Options(bins, seeds, alpha, candidateRows, equalRows, binning);
    }

    /** The same with or without as many rows on both sides. */
    public Options withEqualRows(boolean equalRows) {
      return new Options(bins, seeds, alpha, candidateRows, equalRows, binning);
    }

    /** The same with bins placed in another way. */
    public Options withBinning(VoronoiBins.Options binning) {
      return new Options(bins, seeds, alpha, candidateRows, equalRows, binning);
    }

    /** One for each number of bins and seed, in the order of the results. */
    List<VoronoiBins.Options> binnings() {
      return bins.stream()
          .flatMap(k -> seeds.stream().map(seed -> binning.withBins(k).withSeed(seed)))
          .toList();
    }

    private static void requireDistinct(String name, List<?> values) {
      require(!values.isEmpty(), name + " must hold at least one number");
      require(
          new HashSet<>(values).size() == values.size(), name + " holds a number twice: " + values);
    }
  }

  /** Tests one candidate at level 0.05 on 100 bins. */
  public static NdbResult test(Samples reference, Samples candidate) {
    return test(reference, candidate, VoronoiBins.Options.defaults());
  }

  /**
   * Tests one candidate at level 0.05.
   *
   * @param binning how the bins are placed, and how many
   * @throws InputException as {@link #run(Samples, List, Options, ComputeDevice, Progress)}
   */
  public static NdbResult test(Samples reference, Samples candidate, VoronoiBins.Options binning) {
    Options options =
        Options.defaults()
            .withBins(binning.bins())
            .withSeeds(binning.seed(), 1)
            .withBinning(binning);
    return run(reference, List.of(candidate), options).results().get(0);
  }

  /** Places bins and tests the candidates on them, on the CPU. */
  public static NdbReport run(Samples reference, List<Samples> candidates, Options options) {
    return run(reference, candidates, options, ComputeDevice.CPU, Progress.SILENT);
  }

  /** Places bins and tests the candidates on them; rows of the reference are counted. */
  public static NdbReport run(
      Samples reference,
      List<Samples> candidates,
      Options options,
      ComputeDevice device,
      Progress progress) {
    return run(reference, null, candidates, options, device, progress);
  }

  /**
   * Places bins and tests the candidates on them. The reference is read and hashed once; unusable
   * candidates are refused before anything is clustered.
   *
   * @param reference places the bins
   * @param counted rows of the same source that no model has seen, all of which are counted; the
   *     reference then places bins with all its rows (at most {@code maxRows}), in either mode.
   *     Without it (null) rows of the reference are counted, and a model that was trained on them
   *     and repeats them seems better than it is
   * @throws InputException if a set has fewer than 2 rows or a value that is not finite, if rows
   *     are of different sizes, if two candidates have one name, if the counted rows are those of
   *     the reference, or if there are more bins than rows
   */
  public static NdbReport run(
      Samples reference,
      @Nullable Samples counted,
      List<Samples> candidates,
      Options options,
      ComputeDevice device,
      Progress progress) {
    DataCheck.requireUsable("reference", reference);
    if (counted != null) {
      requireUsable("counted set", counted, reference);
    }
    for (Samples candidate : candidates) {
      requireUsable("candidate", candidate, reference);
    }
    requireNames(candidates.stream().map(Samples::name).toList());
    HashedRows known = HashedRows.of(reference, progress);
    HashedRows unseen = counted == null ? null : HashedRows.unseen(counted, known, progress);
    List<VoronoiBins> bins = new ArrayList<>();
    for (VoronoiBins.Options binning : options.binnings()) {
      bins.add(VoronoiBins.fit(known, unseen, binning, device, progress));
    }
    return compareAll(bins, candidates, options, device, progress);
  }

  /**
   * The same on the CPU for sets whose rows lie elsewhere: their rows are chosen, counted and dealt
   * out as if they were here. Where there are more than {@link #MOST_DEALT} of both sides, the
   * report holds no {@link JointTest}.
   *
   * @throws InputException as for rows that are here, and if random centres are to be whitened
   */
  public static NdbReport run(
      DistantRows reference, List<DistantRows> candidates, Options options, Progress progress) {
    RowSize size = new RowSize(reference.dims(), reference.shape());
    for (DistantRows each : candidates) {
      RowSize its = new RowSize(each.dims(), each.shape());
      DataCheck.requireComparable("candidate", each.name(), its, size);
    }
    requireNames(candidates.stream().map(DistantRows::name).toList());
    List<VoronoiBins> bins = new ArrayList<>();
    for (VoronoiBins.Options binning : options.binnings()) {
      bins.add(VoronoiBins.fit(reference, binning, progress));
    }
    return compare(bins, candidates.stream().map(Tested::of).toList(), options);
  }

  /**
   * Tests the candidates on bins that were placed before; see {@link BinsFile}.
   *
   * @param bins sets of bins of one reference, at least one
   * @param options whose significance level and limit on rows apply
   * @throws InputException as {@link #run(Samples, List, Options, ComputeDevice, Progress)}
   */
  public static NdbReport run(
      List<VoronoiBins> bins,
      List<Samples> candidates,
      Options options,
      ComputeDevice device,
      Progress progress) {
    for (Samples candidate : candidates) {
      DataCheck.requireComparable("candidate", candidate, bins.get(0).dims(), bins.get(0).shape());
      DataCheck.requireUsable("candidate", candidate);
    }
    requireNames(candidates.stream().map(Samples::name).toList());
    return compareAll(bins, candidates, options, device, progress);
  }

  /**
   * Checks a set before it is compared with a reference, for callers with other work to do first.
   *
   * @param role how the message calls the set, such as {@code candidate}
   * @throws InputException if it has fewer than 2 rows, a value that is not finite or rows of
   *     another size than the reference
   */
  public static void requireUsable(String role, Samples set, Samples reference) {
    DataCheck.requireComparable(role, set, reference.dims(), reference.shape());
    DataCheck.requireUsable(role, set);
  }

  /** Tests one candidate at level 0.05 on bins that were placed before. */
  public static NdbResult compare(VoronoiBins bins, Samples candidate) {
    return compare(bins, candidate, 0.05, ComputeDevice.CPU, Progress.SILENT);
  }

  /**
   * Tests one candidate on bins that were placed before.
   *
   * @param alpha significance level of each bin's test, in (0, 1)
   * @throws InputException if the candidate has fewer than 2 rows, a value that is not finite or
   *     rows of another size than the reference, or alpha is outside (0, 1)
   */
  public static NdbResult compare(
      VoronoiBins bins, Samples candidate, double alpha, ComputeDevice device, Progress progress) {
    Options options = Options.defaults().withAlpha(alpha);
    return run(List.of(bins), List.of(candidate), options, device, progress).results().get(0);
  }

  private static NdbReport compareAll(
      List<VoronoiBins> bins,
      List<Samples> candidates,
      Options options,
      ComputeDevice device,
      Progress progress) {
    return compare(
        bins, candidates.stream().map(each -> Tested.of(each, device, progress)).toList(), options);
  }

  /**
   * A candidate.
   *
   * @param dealt whether its rows are dealt out in a joint test, whatever the number
   * @param bins tells the bins of chosen rows
   */
  private record Tested(
      String name, int rows, boolean dealt, BiFunction<VoronoiBins, int[], int[]> bins) {
    static Tested of(Samples set, ComputeDevice device, Progress progress) {
      return new Tested(
          set.name(),
          set.rows(),
          true,
          (bins, rows) ->
              bins.assign(rows.length < set.rows() ? set.select(rows) : set, device, progress));
    }

    static Tested of(DistantRows set) {
      return new Tested(
          set.name(),
          set.rows(),
          false,
          (bins, rows) -> {
            int[] all = set.assign(bins.cells());
            return rows.length < all.length
                ? IntStream.of(rows).map(row -> all[row]).toArray()
                : all;
          });
    }
  }

  private static NdbReport compare(
      List<VoronoiBins> bins, List<Tested> candidates, Options options) {
    List<NdbResult> results = new ArrayList<>();
    List<double[]> joint = new ArrayList<>();
    for (Tested candidate : candidates) {
      List<JointTest.Table> tables = new ArrayList<>();
      for (VoronoiBins each : bins) {
        int[] rows = testedRows(candidate.rows(), each, options);
        int[] assigned = candidate.bins().apply(each, rows);
        int[] counts = options.equalRows() ? each.counts(rows.length) : each.counts();
        results.add(NdbResult.of(each, counts, candidate.name(), assigned, rows, options.alpha()));
        tables.add(table(each, rows, assigned, options));
      }
      VoronoiBins any = bins.get(0);
      int pooled = Math.addExact(any.countedSetRows(), candidate.rows());
      if (candidate.dealt() || pooled <= MOST_DEALT) {
        joint.add(
            JointTest.adjusted(
                tables, any.countedSetRows(), candidate.rows(), any.options().seed()));
      }
    }
    List<String> names = candidates.stream().map(Tested::name).toList();
    return new NdbReport(
        bins,
        results,
        joint.size() == names.size()
            ? JointTest.of(names, joint.toArray(double[][]::new))
            : List.of());
  }

  private static JointTest.Table table(
      VoronoiBins bins, int[] rows, int[] assigned, Options options) {
    int[] ids = bins.countedIds();
    int[] binOf = bins.countedBins();
    if (options.equalRows() && rows.length < ids.length) {
      int[] sorted =
          Arrays.stream(KMeans.members(binOf, bins.bins())).flatMapToInt(IntStream::of).toArray();
      int[] part = IntStream.of(bins.part(rows.length)).map(place -> sorted[place]).toArray();
      int[] all = ids;
      ids = IntStream.of(part).map(place -> all[place]).toArray();
      binOf = IntStream.of(part).map(place -> bins.countedBins()[place]).toArray();
    }
    return new JointTest.Table(bins.bins(), ids, binOf, rows, assigned);
  }

  /** The rows of a candidate that are tested on a set of bins, rising. */
  static int[] testedRows(Samples candidate, VoronoiBins bins, Options options) {
    return testedRows(candidate.rows(), bins, options);
  }

  private static int[] testedRows(int all, VoronoiBins bins, Options options) {
    int most = Math.min(options.candidateRows(), all);
    most = options.equalRows() ? Math.min(most, bins.countedRows()) : most;
    return Choice.CANDIDATE_ROWS.drawRising(most, all, bins.options().seed());
  }

  private static void requireNames(List<String> candidates) {
    Set<String> names = new HashSet<>();
    for (String candidate : candidates) {
      require(
          names.add(candidate), "two candidates are called " + candidate + "; give each set once");
    }
  }
}
