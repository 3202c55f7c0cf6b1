package org.mixel.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.figure.BinFigure;
import org.mixel.figure.BinFigure.Bin;
import org.mixel.figure.Mosaic;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.VoronoiBins;
import org.mixel.report.Block;
import org.mixel.stat.TwoProportionTest;

/** The bins of an NDB evaluation: those that differ, and the largest and smallest of all. */
public final class BinBlocks {
  /** Bins of a group that are shown at once; the rest unfolds. */
  private static final int OPEN = 4;

  /** A longer table unfolds. */
  private static final int OPEN_ROWS = 10;

  /** More of them stand in several pictures. */
  private static final int PER_PICTURE = 20;

  /** Rows shown of each bin and set. */
  private static final int MEMBERS = 8;

  /** The same where there may be hundreds of bins. */
  private static final int FOLDED_MEMBERS = 5;

  private static final int EXTREMES = 15;

  private final VoronoiBins bins;
  private final NdbResult result;
  private final Samples reference;
  private final Samples candidate;

  private BinBlocks(VoronoiBins bins, NdbResult result, Samples reference, Samples candidate) {
    this.bins = bins;
    this.result = result;
    this.reference = reference;
    this.candidate = candidate;
  }

  /**
   * Every bin that differs, the over-filled and then the under-filled ones, each group by effect:
   * in pictures (paper, Fig. 5, 10-13), or in tables where rows are no images.
   *
   * @return nothing if no bin differs
   */
  public static List<Block> differing(
      VoronoiBins bins, NdbResult result, Samples reference, Samples candidate) {
    if (result.ndb() == 0) {
      return List.of();
    }
    BinBlocks blocks = new BinBlocks(bins, result, reference, candidate);
    List<Integer> over = blocks.group(true);
    List<Integer> under = blocks.group(false);
    List<Block> all = new ArrayList<>();
    all.add(
        new Block.Text(
            "Of %d bins %s over-fills %d and under-fills %d."
                .formatted(bins.bins(), result.candidate(), over.size(), under.size())));
    all.addAll(blocks.show(over, true));
    all.addAll(blocks.show(under, false));
    return all;
  }

  /**
   * The bins of the reference that hold most and fewest rows (paper, Fig. 10-13).
   *
   * @param reference images
   * @return a picture of the largest, and one of the smallest if those are others
   */
  public static List<Block.Picture> extremes(VoronoiBins bins, Samples reference) {
    int[] counts = bins.counts();
    List<Integer> order =
        IntStream.range(0, counts.length)
            .boxed()
            .sorted(Comparator.comparingInt(bin -> -counts[bin]))
            .toList();
    int largest = Math.min(EXTREMES, order.size());
    int smallest = Math.min(EXTREMES, order.size() - largest);
    List<Block.Picture> pictures = new ArrayList<>();
    pictures.add(members(bins, reference, order.subList(0, largest), "largest"));
    if (smallest > 0) {
      List<Integer> last = order.subList(order.size() - smallest, order.size());
      pictures.add(members(bins, reference, last, "smallest"));
    }
    return pictures;
  }

  private static Block.Picture members(
      VoronoiBins bins, Samples reference, List<Integer> chosen, String which) {
    ImageShape shape = reference.shape().orElseThrow();
    int[] counts = bins.counts();
    double rows = IntStream.of(counts).sum();
    List<Bin> shown = new ArrayList<>();
    for (int bin : chosen) {
      List<float[]> members = rows(reference, bins.members().of(bin), MEMBERS);
      shown.add(Bin.of(bin, counts[bin] / rows, center(bins, bin, members, shape), members));
    }
    return new Block.Picture(
        BinFigure.members(shown, shape, MEMBERS, Mosaic.Options.readableScale(shape)),
        "Centres and members of " + chosen.size() + " bins",
        "The %d %s of %d bins of %s: number and share, the centre framed, real members."
            .formatted(chosen.size(), which, bins.bins(), bins.referenceName()));
  }

  private List<Integer> group(boolean over) {
    return result.different().stream()
        .filter(bin -> result.tests().get(bin).difference() > 0 == over)
        .toList();
  }

  private List<Block> show(List<Integer> group, boolean over) {
    if (group.isEmpty()) {
      return List.of();
    }
    if (reference.shape().isEmpty()) {
      return List.of(table(group, over));
    }
    ImageShape shape = reference.shape().get();
    int open = Math.min(OPEN, group.size());
    List<Block> blocks = new ArrayList<>();
    blocks.add(picture(group.subList(0, open), over, shape, MEMBERS));
    List<Block> more = new ArrayList<>();
    for (int from = open; from < group.size(); from += PER_PICTURE) {
      int to = Math.min(from + PER_PICTURE, group.size());
      more.add(picture(group.subList(from, to), over, shape, FOLDED_MEMBERS));
    }
    if (!more.isEmpty()) {
      blocks.add(new Block.Folded((group.size() - open) + " more " + kind(over), more));
    }
    return blocks;
  }

  private Block.Picture picture(List<Integer> group, boolean over, ImageShape shape, int members) {
    List<Bin> shown = group.stream().map(number -> bin(number, members)).toList();
    return new Block.Picture(
        BinFigure.compare(
            shown,
            bins.countedName(),
            result.candidate(),
            shape,
            members,
            Mosaic.Options.readableScale(shape)),
        "Centres and members of " + shown.size() + " " + kind(over),
        caption(over)
            + (bins.shape().isPresent()
                ? " Each bin's centre"
                : " The mean of the real members shown")
            + " is framed; then real members, then the candidate's.");
  }

  private Block table(List<Integer> group, boolean over) {
    Block.Table table =
        Block.Table.of(
            caption(over),
            Block.Column.number("Bin"),
            Block.Column.number("Share in " + bins.countedName(), "%.2f %%"),
            Block.Column.number("Share in " + result.candidate(), "%.2f %%"),
            Block.Column.number("z"),
            Block.Column.number("p", "%.2g"));
    for (int bin : group) {
      TwoProportionTest test = result.tests().get(bin);
      table =
          table.row(
              bin,
              100 * test.referenceProportion(),
              100 * test.candidateProportion(),
              String.format(Locale.ROOT, "%+.1f", test.z()).replace('-', '−'),
              test.p());
    }
    return group.size() <= OPEN_ROWS
        ? table
        : new Block.Folded(group.size() + " " + kind(over), List.of(table));
  }

  private String kind(boolean over) {
    return "%s of %d bins".formatted(over ? "over-filled" : "under-filled", bins.bins());
  }

  private String caption(boolean over) {
    return String.format(
        Locale.ROOT,
        over
            ? "Too many: of %d bins, those that %s fills more than %s, the largest excess first."
            : "Too few: of %d bins, those that %s fills less than %s, the largest gap first.",
        bins.bins(),
        result.candidate(),
        bins.countedName());
  }

  private Bin bin(int number, int members) {
    TwoProportionTest test = result.tests().get(number);
    List<float[]> real = rows(reference, bins.members().of(number), members);
    return new Bin(
        number,
        test.referenceProportion(),
        test.candidateProportion(),
        test.z(),
        center(bins, number, real, reference.shape().orElseThrow()),
        real,
        rows(candidate, result.members().of(number), members));
  }

  /** Of bins of features, which are no pictures, the mean of the real members shown. */
  private static float[] center(
      VoronoiBins bins, int bin, List<float[]> members, ImageShape shape) {
    if (bins.shape().isPresent()) {
      return bins.center(bin);
    }
    float[] mean = new float[shape.dims()];
    for (float[] member : members) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += member[j] / members.size();
      }
    }
    return mean;
  }

  private static List<float[]> rows(Samples samples, int[] rows, int most) {
    return Arrays.stream(rows).limit(most).mapToObj(samples::row).toList();
  }
}
