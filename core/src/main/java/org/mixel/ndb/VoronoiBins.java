package org.mixel.ndb;

import static org.mixel.InputException.require;

import java.io.Serializable;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;

/**
 * {@code K} Voronoi cells of a reference set, and how many of its rows each holds.
 *
 * <p>The rows that are counted are part of the reference, or rows of another set from its source.
 * Clustering looks at some rows and some dimensions; every centre is then the mean of its rows in
 * all {@code d} dimensions, and a row belongs to the nearest centre in all of them (paper, appendix
 * A.1). Without clustering, centres are random rows ({@link Clustering#RANDOM}). Immutable and safe
 * for use by several threads; holds no native memory.
 */
public final class VoronoiBins {
  private final Options options;
  private final Fingerprint reference;
  private final @Nullable Fingerprint counted;
  private final Placement placement;
  private final int[] counts;

  /** The bin of each counted row, in the order of the rows; null until they are at hand. */
  private final int @Nullable [] assigned;

  private final BinMembers members;

  VoronoiBins(
      Options options,
      Fingerprint reference,
      @Nullable Fingerprint counted,
      Placement placement,
      int[] counts,
      int @Nullable [] assigned,
      BinMembers members) {
    this.options = options;
    this.reference = reference;
    this.counted = counted;
    this.placement = placement;
    this.counts = counts;
    this.assigned = assigned;
    this.members = members;
  }

  /**
   * How bins are placed. Saved bins are used again only under equal options.
   *
   * @param bins number of bins {@code K}, at least 2 and at most the rows that place the centres
   * @param clustering method that groups the rows that place the centres
   * @param mode the rows that place the centres and those that are counted
   * @param whiten measure distances on pixels divided by their standard deviation over the placing
   *     rows (over all rows where centres are random rows); pixels that hardly vary are left out
   * @param restarts k-means seedings, of which the best is kept; Ward's clustering has none
   * @param maxRows most rows that place the centres
   * @param maxDims most dimensions that the clustering looks at
   * @param seed fixes the split, the choice of rows and dimensions, the k-means seeding and the
   *     members
   */
  public record Options(
      int bins,
      Clustering clustering,
      ReferenceMode mode,
      boolean whiten,
      int restarts,
      int maxRows,
      int maxDims,
      long seed) {
    /**
     * @throws InputException if a number is out of its range
     */
    public Options {
      requireAtLeast("bins", 2, bins);
      requireAtLeast("restarts", 1, restarts);
      requireAtLeast("max-rows", 2, maxRows);
      requireAtLeast("max-dims", 1, maxDims);
    }

    /**
     * 100 bins by k-means, held-out, not whitened, seed 0, and the paper's limits: 10 restarts on
     * at most 80,000 rows and 2,000 dimensions.
     */
    public static Options defaults() {
      return new Options(
          100, Clustering.KMEANS, ReferenceMode.HELD_OUT, false, 10, 80_000, 2_000, 0);
    }

    /** The same with another number of bins. */
    public Options withBins(int bins) {
      return new Options(bins, clustering, mode, whiten, restarts, maxRows, maxDims, seed);
    }

    /** The same with rows grouped in another way. */
    public Options withClustering(Clustering clustering) {
      return new Options(bins, clustering, mode, whiten, restarts, maxRows, maxDims, seed);
    }

    /** The same with another reference mode. */
    public Options withMode(ReferenceMode mode) {
      return new Options(bins, clustering, mode, whiten, restarts, maxRows, maxDims, seed);
    }

    /** The same with or without semi-whitening. */
    public Options withWhiten(boolean whiten) {
      return new Options(bins, clustering, mode, whiten, restarts, maxRows, maxDims, seed);
    }

    /** The same with another number of k-means seedings. */
    public Options withRestarts(int restarts) {
      return new Options(bins, clustering, mode, whiten, restarts, maxRows, maxDims, seed);
    }

    /** The same with another limit on the rows that place the centres. */
    public Options withMaxRows(int maxRows) {
      return new Options(bins, clustering, mode, whiten, restarts, maxRows, maxDims, seed);
    }

    /** The same with another limit on the dimensions that k-means looks at. */
    public Options withMaxDims(int maxDims) {
      return new Options(bins, clustering, mode, whiten, restarts, maxRows, maxDims, seed);
    }

    /** The same with another seed. */
    public Options withSeed(long seed) {
      return new Options(bins, clustering, mode, whiten, restarts, maxRows, maxDims, seed);
    }

    /** One line for messages: {@code 100 bins, held-out, seed 0, ...}. */
    @Override
    public String toString() {
      return "%d bins, %s, %s, seed %d, %d restarts, max-rows %d, max-dims %d%s"
          .formatted(
              bins, clustering, mode, seed, restarts, maxRows, maxDims, whiten ? ", whitened" : "");
    }

    private static void requireAtLeast(String name, int least, int value) {
      require(value >= least, name + " must be at least " + least + ", got " + value);
    }
  }

  /** Places the bins and counts the reference rows in them, on the CPU. */
  public static VoronoiBins fit(Samples reference, Options options) {
    return fit(reference, options, ComputeDevice.CPU, Progress.SILENT);
  }

  /**
   * Places the bins and counts the reference rows in them.
   *
   * @throws InputException if the reference has fewer than 2 rows, a value that is not finite, or
   *     too few (different) rows for so many bins
   */
  public static VoronoiBins fit(
      Samples reference, Options options, ComputeDevice device, Progress progress) {
    DataCheck.requireUsable("reference", reference);
    return fit(HashedRows.of(reference, progress), null, options, device, progress);
  }

  /**
   * Places the bins by all rows of the reference, and counts rows of another set in them.
   *
   * @param counted rows of the same source that no model has seen
   * @throws InputException as without them, and if they are the rows of the reference
   */
  public static VoronoiBins fit(
      Samples reference,
      Samples counted,
      Options options,
      ComputeDevice device,
      Progress progress) {
    DataCheck.requireUsable("reference", reference);
    Ndb.requireUsable("counted set", counted, reference);
    HashedRows known = HashedRows.of(reference, progress);
    return fit(known, HashedRows.unseen(counted, known, progress), options, device, progress);
  }

  /**
   * The same for sets that were checked and hashed before.
   *
   * @param counted the rows that are counted in place of the reference's, all of which may then
   *     place the centres; null for none
   */
  static VoronoiBins fit(
      HashedRows reference,
      @Nullable HashedRows counted,
      Options options,
      ComputeDevice device,
      Progress progress) {
    Samples rows = reference.samples();
    ReferenceSplit split = ReferenceSplit.of(rows.rows(), counted != null, options);
    Placement placement = Placement.of(rows, split, options, device, progress);
    require(
        counted != null || split.counting().length >= 2,
        "%d bins about random rows leave no 2 rows of reference %s to be counted; ask for fewer bins"
            .formatted(options.bins(), rows.name()));
    int[] ids =
        counted == null ? split.counting() : IntStream.range(0, counted.samples().rows()).toArray();
    Samples counting = counted == null ? rows.select(ids) : counted.samples();
    int[] assigned = placement.assign(counting, device, progress);
    return new VoronoiBins(
        options,
        reference.fingerprint(),
        counted == null ? null : counted.fingerprint(),
        placement,
        count(assigned, options.bins()),
        assigned,
        BinMembers.choose(assigned, ids, options.bins(), options.seed()));
  }

  /**
   * Places the bins by some rows of a set that lies elsewhere, which come here, and counts others
   * where they are.
   */
  static VoronoiBins fit(DistantRows reference, Options options, Progress progress) {
    boolean random = options.clustering() == Clustering.RANDOM;
    require(
        !(random && options.whiten()),
        "random centres of a set that lies elsewhere cannot be whitened");
    require(reference.rows() >= 2, "reference " + reference.name() + " has fewer than 2 rows");
    ReferenceSplit split = ReferenceSplit.of(reference.rows(), false, options);
    Placement.requireRows(reference.name(), reference.rows(), options.bins(), split);
    Samples placing = reference.take(split.placing());
    DataCheck.requireUsable("reference", placing);
    int[] all = IntStream.range(0, placing.rows()).toArray();
    Placement placement =
        Placement.of(
            placing,
            new ReferenceSplit(split.heldOut(), all, split.counting()),
            options,
            ComputeDevice.CPU,
            progress);
    int[] bins = reference.assign(cells(placement));
    int[] assigned = IntStream.of(split.counting()).map(row -> bins[row]).toArray();
    Fingerprint known =
        new Fingerprint(
            reference.name(), "", reference.rows(), placing.dims(), placing.shape().orElse(null));
    return new VoronoiBins(
        options,
        known,
        null,
        placement,
        count(assigned, options.bins()),
        assigned,
        BinMembers.choose(assigned, split.counting(), options.bins(), options.seed()));
  }

  /** The centres alone, which tell the bin of a row, and can travel to other machines. */
  public Cells cells() {
    return cells(placement);
  }

  private static Cells cells(Placement centres) {
    return rows -> centres.assign(rows, ComputeDevice.CPU, Progress.SILENT);
  }

  /** Tells the bins of rows, on the CPU. */
  @FunctionalInterface
  public interface Cells extends Serializable {
    /**
     * @param rows of the reference's size
     * @return one bin per row
     * @throws InputException if a value is not finite
     */
    int[] assign(Samples rows);
  }

  /** The bin of each row, found on the CPU. */
  public int[] assign(Samples samples) {
    return assign(samples, ComputeDevice.CPU, Progress.SILENT);
  }

  /**
   * The bin of each row.
   *
   * @param samples rows of the reference's size
   * @return one bin per row, in {@code [0, bins)}
   * @throws InputException if the rows are of another size, or a value is not finite
   */
  public int[] assign(Samples samples, ComputeDevice device, Progress progress) {
    DataCheck.requireComparable("candidate", samples, dims(), shape());
    return placement.assign(samples, device, progress);
  }

  /**
   * How many rows fall into each bin.
   *
   * @param assigned the bin of each row
   */
  public static int[] count(int[] assigned, int bins) {
    int[] counts = new int[bins];
    for (int bin : assigned) {
      counts[bin]++;
    }
    return counts;
  }

  /** How the bins were placed. */
  public Options options() {
    return options;
  }

  /** Number of bins {@code K}. */
  public int bins() {
    return options.bins();
  }

  /** Values per row, {@code d}. */
  public int dims() {
    return reference.dims();
  }

  /** The shape of a row when rows are images. */
  public Optional<ImageShape> shape() {
    return Optional.ofNullable(reference.shape());
  }

  /** The name of the reference set. */
  public String referenceName() {
    return reference.name();
  }

  /** The number of all rows of the reference set, counted or not. */
  public int referenceRows() {
    return reference.rows();
  }

  /** Whether rows of another set are counted, and none of the reference. */
  public boolean countsOthers() {
    return counted != null;
  }

  /** The name of the set whose rows are counted. */
  public String countedName() {
    return counted == null ? reference.name() : counted.name();
  }

  /** The number of rows that are counted. */
  public int countedRows() {
    return IntStream.of(counts).sum();
  }

  /** The rows of the reference that placed the centres, and those that were counted. */
  ReferenceSplit split() {
    return ReferenceSplit.of(reference.rows(), countsOthers(), options);
  }

  @Nullable Fingerprint counted() {
    return counted;
  }

  Placement placement() {
    return placement;
  }

  Fingerprint reference() {
    return reference;
  }

  /** The same bins, with other names for the same sets. */
  VoronoiBins named(Fingerprint sameRows, @Nullable Fingerprint sameCounted) {
    return new VoronoiBins(options, sameRows, sameCounted, placement, counts, assigned, members);
  }

  /**
   * The same bins with the counted rows found in them again.
   *
   * @param rows the set that is counted
   */
  VoronoiBins counting(Samples rows, ComputeDevice device, Progress progress) {
    int[] ids = countedIds();
    int[] found =
        placement.assign(ids.length < rows.rows() ? rows.select(ids) : rows, device, progress);
    return new VoronoiBins(options, reference, counted, placement, counts, found, members);
  }

  /** The rows that are counted, rising places in their set. */
  int[] countedIds() {
    return counted == null ? split().counting() : IntStream.range(0, counted.rows()).toArray();
  }

  /**
   * The bin of each counted row, in the order of {@link #countedIds}.
   *
   * @throws IllegalStateException if the bins were read without the rows
   */
  int[] countedBins() {
    if (assigned == null) {
      throw new IllegalStateException("the counted rows are not at hand");
    }
    return assigned;
  }

  /** Rows of the set that is counted, whether they are counted or not. */
  int countedSetRows() {
    return counted == null ? reference.rows() : counted.rows();
  }

  /**
   * One centre: the mean of the rows that placed it, in pixels (not whitened).
   *
   * @return a new array of {@code d} values
   */
  public float[] center(int bin) {
    return placement.center(bin);
  }

  /**
   * All centres.
   *
   * @return a new array of {@code K * d} values, centre after centre
   */
  public float[] centers() {
    float[] centers = new float[bins() * dims()];
    for (int bin = 0; bin < bins(); bin++) {
      System.arraycopy(placement.center(bin), 0, centers, bin * dims(), dims());
    }
    return centers;
  }

  /**
   * The factors that pixels are multiplied by before distances are taken; none when not whitened.
   *
   * @return a new array of {@code d} factors
   */
  public Optional<float[]> weights() {
    return Optional.ofNullable(placement.weights()).map(float[]::clone);
  }

  /**
   * Counted rows in each bin.
   *
   * @return a new array of {@code K} counts
   */
  public int[] counts() {
    return counts.clone();
  }

  /**
   * The counts of a random part of the counted rows.
   *
   * @param rows at most so many
   */
  int[] counts(int rows) {
    int[] part = new int[bins()];
    int bin = 0;
    int end = counts[0];
    for (int place : part(rows)) {
      while (place >= end) {
        end += counts[++bin];
      }
      part[bin]++;
    }
    return part;
  }

  /**
   * A random part of the counted rows, as rising places among them when they are sorted by bin.
   *
   * @param rows at most so many
   */
  int[] part(int rows) {
    int all = countedRows();
    return Choice.COUNTED_ROWS.drawRising(Math.min(rows, all), all, options.seed());
  }

  /** A few counted rows of each bin, as row numbers of the set that they belong to. */
  public BinMembers members() {
    return members;
  }
}
