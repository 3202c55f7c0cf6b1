package org.mixel.figure;

import java.util.ArrayList;
import java.util.List;
import org.mixel.data.ImageShape;
import org.mixel.figure.Mark.Anchor;

/** The images that share a bin, behind the bin's centre in a red frame (paper, Fig. 5, 10-13). */
public final class BinFigure {
  private static final double SIZE = 13;
  private static final double SMALL = 12;

  private BinFigure() {}

  /**
   * One bin of a partition of image space, as pictures; the arrays are not copied.
   *
   * @param number its index in the test's result
   * @param referenceShare proportion of the reference rows in it
   * @param candidateShare proportion of the candidate rows, or NaN without a candidate
   * @param z the test's statistic, positive where the candidate has more; NaN where there is none
   * @param centre the mean image
   * @param reference some reference images of the bin
   * @param candidate some candidate images of the bin; may be empty
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Bin(
      int number,
      double referenceShare,
      double candidateShare,
      double z,
      float[] centre,
      List<float[]> reference,
      List<float[]> candidate) {
    public Bin {
      reference = List.copyOf(reference);
      candidate = List.copyOf(candidate);
    }

    /** A bin without a candidate. */
    public static Bin of(int number, double share, float[] centre, List<float[]> members) {
      return new Bin(number, share, Double.NaN, Double.NaN, centre, members, List.of());
    }
  }

  /**
   * Bins below each other: for each its number, shares and {@code z}, then the centre, images of
   * the reference and images of the candidate.
   *
   * @param bins in the order shown
   * @param reference name of the reference set
   * @param candidate name of the other set
   * @param members images shown of each set, at least 1
   * @param scale pixels of the picture for each pixel of an image, at least 1
   */
  public static Drawing compare(
      List<Bin> bins,
      String reference,
      String candidate,
      ImageShape shape,
      int members,
      int scale) {
    Mosaic.Options layout = layout(1 + 2 * members, scale).withGroups(1, members);
    List<Mark> marks = new ArrayList<>();
    double y = SIZE;
    double width = 0;
    for (Bin bin : bins) {
      List<Tile> tiles = row(bin, members);
      add(tiles, bin.candidate(), members);
      Mosaic mosaic = Mosaic.of(shape, tiles, layout);
      if (marks.isEmpty()) {
        heading(marks, reference, mosaic, 1, y);
        heading(marks, candidate, mosaic, 1 + members, y);
      }
      y += 22;
      caption(marks, bin, reference, candidate, y, mosaic.width());
      y += 7;
      marks.add(new Mark.Picture(0, y, mosaic));
      y += mosaic.height();
      width = mosaic.width();
    }
    return new Drawing(width, y, marks);
  }

  /**
   * Bins below each other: for each its number and share, the centre, images of the reference.
   *
   * @param members images shown of each bin, at least 1
   * @param scale pixels of the picture for each pixel of an image, at least 1
   */
  public static Drawing members(List<Bin> bins, ImageShape shape, int members, int scale) {
    List<Tile> tiles = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (Bin bin : bins) {
      tiles.addAll(row(bin, members));
      labels.add("%d: %s".formatted(bin.number(), Shares.percent(bin.referenceShare())));
    }
    Mosaic.Options layout = layout(1 + members, scale).withGroups(1, 0);
    return Mosaic.of(shape, tiles, layout).labelled(labels, List.of());
  }

  private static Mosaic.Options layout(int columns, int scale) {
    return Mosaic.Options.defaults().withColumns(columns).withScale(scale);
  }

  private static List<Tile> row(Bin bin, int members) {
    List<Tile> tiles = new ArrayList<>();
    tiles.add(Tile.of(bin.centre()).framed(Tile.RED));
    add(tiles, bin.reference(), members);
    return tiles;
  }

  /** Adds exactly {@code count} tiles. */
  private static void add(List<Tile> tiles, List<float[]> images, int count) {
    for (int i = 0; i < count; i++) {
      tiles.add(i < images.size() ? Tile.of(images.get(i)) : Tile.EMPTY);
    }
  }

  /** A set's name above its images. */
  private static void heading(List<Mark> marks, String name, Mosaic mosaic, int column, double y) {
    double x = mosaic.left(column);
    double room = mosaic.left(mosaic.options().columns() / 2) - mosaic.left(1);
    String text = Mark.Text.fitted(name, SMALL, room);
    marks.add(Mark.Text.of(x, y, text, SMALL, Anchor.START, Ink.MUTED));
  }

  private static void caption(
      List<Mark> marks, Bin bin, String reference, String candidate, double y, double width) {
    boolean over = bin.candidateShare() > bin.referenceShare();
    marks.add(Mark.Path.triangle(6, y - 0.36 * SIZE, 5, over, over ? Ink.OVER : Ink.UNDER));
    double left = 17;
    String bare = caption(bin, "", "");
    double room = (width - left - Mark.Text.widthOf(bare, SIZE)) / 2;
    String text =
        caption(
            bin, Mark.Text.fitted(reference, SIZE, room), Mark.Text.fitted(candidate, SIZE, room));
    marks.add(Mark.Text.of(left, y, text, SIZE, Anchor.START, Ink.TEXT));
  }

  private static String caption(Bin bin, String reference, String candidate) {
    return "bin %d: %s of %s, %s of %s, %s"
        .formatted(
            bin.number(),
            Shares.percent(bin.referenceShare()),
            reference,
            Shares.percent(bin.candidateShare()),
            candidate,
            Shares.z(bin.z()));
  }
}
