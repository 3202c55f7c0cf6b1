package org.mixel.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mixel.data.ImageShape;
import org.mixel.figure.Mark.Anchor;

/**
 * The parameters of a component of a mixture of factor analyzers (paper, Fig. 6 and 19): its mean
 * {@code mu} and noise variance {@code D} on top, then one row for each factor {@code A_i} with
 * {@code mu + A_i}, {@code 0.5 + A_i} and {@code mu - A_i}.
 */
public final class ComponentFigure {
  private static final double SIZE = 13;
  private static final double SMALL = 11;
  private static final double LABEL_WIDTH = 20;
  private static final double BETWEEN = 22;

  private ComponentFigure() {}

  /**
   * One component; the arrays are not copied.
   *
   * @param title heading of its picture, such as {@code component 17, 2.3 %}; kept short
   * @param mean {@code d} pixel values
   * @param factors {@code l} columns of the scale matrix, {@code d} values each
   * @param noiseVariance {@code d} variances
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Component(String title, float[] mean, float[][] factors, float[] noiseVariance) {}

  /**
   * Mean, noise variance and factors of several components. The noise is shown from black (0) to
   * white (the component's largest variance, which is printed above it).
   *
   * @param factors most factors shown, at least 1
   * @param perRow components side by side, at least 1
   * @param scale pixels of the picture for each pixel of an image, at least 1
   * @throws IllegalArgumentException if there are no components, or one does not fit the shape
   */
  public static Drawing of(
      List<Component> components, ImageShape shape, int factors, int perRow, int scale) {
    if (components.isEmpty()) {
      throw new IllegalArgumentException("no component to show");
    }
    List<Mark> marks = new ArrayList<>();
    double left = 0;
    double top = 0;
    double rowHeight = 0;
    double width = 0;
    for (int i = 0; i < components.size(); i++) {
      if (i > 0 && i % perRow == 0) {
        left = 0;
        top += rowHeight + BETWEEN;
        rowHeight = 0;
      }
      Drawing block = block(components.get(i), shape, factors, scale, left, top);
      marks.addAll(block.marks());
      width = Math.max(width, left + block.width());
      rowHeight = Math.max(rowHeight, block.height());
      left += block.width() + BETWEEN;
    }
    return new Drawing(width, top + rowHeight, marks);
  }

  /** One component with its top left corner at a place. */
  private static Drawing block(
      Component component, ImageShape shape, int factors, int scale, double left, double top) {
    float[] mean = component.mean();
    float[] noise = component.noiseVariance();
    int shown = Math.min(factors, component.factors().length);
    List<Mark> marks = new ArrayList<>();

    float largest = largest(noise);
    Mosaic.Options layout = Mosaic.Options.defaults().withScale(scale);
    List<Tile> above =
        List.of(Tile.of(mean), Tile.of(sum(noise, largest > 0 ? 1 / largest : 0, 0)));
    Mosaic pair = Mosaic.of(shape, above, layout.withColumns(2));
    List<Tile> changes = new ArrayList<>();
    for (int i = 0; i < shown; i++) {
      float[] factor = component.factors()[i];
      changes.add(Tile.of(sum(mean, factor, 1)));
      changes.add(Tile.of(sum(factor, 1, 0.5f)));
      changes.add(Tile.of(sum(mean, factor, -1)));
    }

    double y = top + SIZE;
    double middle = left + LABEL_WIDTH + threeWide(pair) / 2;
    marks.add(Mark.Text.of(middle, y, component.title(), SIZE, Anchor.MIDDLE, Ink.TEXT).inBold());
    y += 20;
    double pairLeft = Math.rint(middle - pair.width() / 2);
    captions(marks, pair, pairLeft, y, "mean μ", "D ≤ " + brief(largest));
    y += 6;
    marks.add(new Mark.Picture(pairLeft, y, pair));
    y += pair.height();
    if (shown > 0) {
      Mosaic rows = Mosaic.of(shape, changes, layout.withColumns(3));
      y += 18;
      captions(marks, rows, left + LABEL_WIDTH, y, "μ + A", "½ + A", "μ − A");
      y += 6;
      for (int i = 0; i < shown; i++) {
        double base = y + rows.top(i) + rows.tileHeight() / 2.0 + 4;
        String label = Integer.toString(i + 1);
        marks.add(Mark.Text.of(left + LABEL_WIDTH - 5, base, label, SMALL, Anchor.END, Ink.MUTED));
      }
      marks.add(new Mark.Picture(left + LABEL_WIDTH, y, rows));
      y += rows.height();
    }
    return new Drawing(LABEL_WIDTH + threeWide(pair), y - top, marks);
  }

  /**
   * Two factors varied together (paper, Fig. 6b): {@code mu + s A_i + t A_j} with {@code s} growing
   * from left to right and {@code t} from top to bottom; the mean, in the middle, is framed.
   *
   * @param mean {@code d} pixel values
   * @param across {@code A_i}, {@code d} values
   * @param down {@code A_j}, {@code d} values
   * @param steps images in a row and in a column, odd
   * @param limit {@code s} and {@code t} run from {@code -limit} to {@code limit}
   * @param scale pixels of the picture for each pixel of an image
   */
  public static Mosaic grid(
      float[] mean,
      float[] across,
      float[] down,
      ImageShape shape,
      int steps,
      double limit,
      int scale) {
    if (steps < 3 || steps % 2 == 0 || !(limit > 0)) {
      throw new IllegalArgumentException(
          "a grid needs an odd number of steps from 3 and a positive limit, got %d and %s"
              .formatted(steps, limit));
    }
    int half = steps / 2;
    List<Tile> tiles = new ArrayList<>();
    for (int row = -half; row <= half; row++) {
      float[] moved = sum(mean, down, (float) (limit * row / half));
      for (int column = -half; column <= half; column++) {
        Tile tile = Tile.of(sum(moved, across, (float) (limit * column / half)));
        tiles.add(row == 0 && column == 0 ? tile.framed(Tile.RED) : tile);
      }
    }
    return Mosaic.of(shape, tiles, Mosaic.Options.defaults().withColumns(steps).withScale(scale));
  }

  private static void captions(
      List<Mark> marks, Mosaic mosaic, double left, double y, String... texts) {
    for (int column = 0; column < texts.length; column++) {
      double x = left + mosaic.left(column) + mosaic.tileWidth() / 2.0;
      marks.add(Mark.Text.of(x, y, texts[column], SMALL, Anchor.MIDDLE, Ink.MUTED));
    }
  }

  /** Width of three images, from a mosaic of two. */
  private static double threeWide(Mosaic pair) {
    return pair.width() + pair.tileWidth() + Mosaic.GUTTER;
  }

  private static float[] sum(float[] a, float[] b, float times) {
    float[] result = a.clone();
    for (int j = 0; j < result.length; j++) {
      result[j] += times * b[j];
    }
    return result;
  }

  private static float[] sum(float[] a, float times, float constant) {
    float[] result = a.clone();
    for (int j = 0; j < result.length; j++) {
      result[j] = times * result[j] + constant;
    }
    return result;
  }

  private static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, value);
    }
    return largest;
  }

  /** Two significant digits. */
  private static String brief(double value) {
    return value >= 1e-4 || value == 0
        ? String.format(Locale.ROOT, "%.2g", value)
        : String.format(Locale.ROOT, "%.0e", value);
  }
}
