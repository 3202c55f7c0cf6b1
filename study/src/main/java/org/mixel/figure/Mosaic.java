package org.mixel.figure;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;

/**
 * Images of one shape in a grid, row after row, with a thin gutter between and around them.
 *
 * <p>A mosaic is nothing but pixels and looks the same everywhere; {@link #labelled} sets text
 * beside it.
 */
public final class Mosaic implements Figure {
  /** Largest picture made; larger ones are refused before memory is taken. */
  public static final int MAX_PIXELS = 1 << 28;

  /** Larger pictures of colour images stand in pages as JPEG. */
  private static final int MAX_PNG_BYTES = 1 << 16;

  private static final float JPEG_QUALITY = 0.8f;

  /** Pixels between and around images; frames are drawn in them. */
  static final int GUTTER = 2;

  /** The gutter's colour: a grey on which black, white and coloured images all end visibly. */
  static final int BACKGROUND = 0x9aa0a8;

  /** The colour of places left empty. */
  static final int NOTHING = 0x848a92;

  /** The colour of values that are not numbers. */
  static final int NOT_A_NUMBER = 0xff00ff;

  /** The colour of hidden pixels. */
  static final int HIDDEN = 0x6a7fb5;

  /**
   * How images are laid out.
   *
   * @param columns images in a row, at least 1
   * @param scale each pixel becomes {@code scale * scale} equal ones, at least 1
   * @param group columns that belong together, such as 2 for observed and completed pairs: a wider
   *     gutter follows every {@code group} columns; 0 for none
   * @param lead columns before the first group, such as 1 for the original
   */
  public record Options(int columns, int scale, int group, int lead) {
    /**
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Options {
      atLeast("columns", columns, 1);
      atLeast("scale", scale, 1);
      atLeast("group", group, 0);
      atLeast("lead", lead, 0);
    }

    private static void atLeast(String name, int value, int least) {
      if (value < least) {
        throw new IllegalArgumentException(name + " must be at least " + least + ", got " + value);
      }
    }

    /** Ten columns, unscaled, no groups. */
    public static Options defaults() {
      return new Options(10, 1, 0, 0);
    }

    /** As {@link #defaults()}, at the scale at which small images are readable. */
    public static Options readable(ImageShape shape) {
      return defaults().withScale(readableScale(shape));
    }

    /** The scale at which small images are readable: 28x28 digits are shown doubled. */
    public static int readableScale(ImageShape shape) {
      return Math.max(1, Math.round(56f / Math.max(shape.height(), shape.width())));
    }

    public Options withColumns(int columns) {
      return new Options(columns, scale, group, lead);
    }

    public Options withScale(int scale) {
      return new Options(columns, scale, group, lead);
    }

    /** See {@link #group} and {@link #lead}. */
    public Options withGroups(int lead, int group) {
      return new Options(columns, scale, group, lead);
    }

    /** How many wider gutters lie left of a column. */
    int gapsBefore(int column) {
      if (column < lead) {
        return 0;
      }
      int first = lead > 0 ? 1 : 0;
      return first + (group == 0 ? 0 : (column - lead) / group);
    }
  }

  private final int tileWidth;
  private final int tileHeight;
  private final int count;
  private final boolean colored;
  private final Options options;
  private final int width;
  private final int height;
  private final int[] rgb;

  private Mosaic(ImageShape shape, int count, Options options) {
    this.options = options;
    this.count = count;
    colored = shape.channels() > 1;
    tileWidth = Math.multiplyExact(shape.width(), options.scale());
    tileHeight = Math.multiplyExact(shape.height(), options.scale());
    width = left(options.columns() - 1) + tileWidth + GUTTER;
    long pixels = ((long) rows() * rowStep() + GUTTER) * width;
    if (pixels > MAX_PIXELS) {
      throw new InputException(
          "a picture of %d images would have %d pixels, more than %d; show fewer"
              .formatted(count, pixels, MAX_PIXELS));
    }
    height = top(rows());
    rgb = new int[(int) pixels];
    Arrays.fill(rgb, BACKGROUND);
  }

  /**
   * Images given as arrays.
   *
   * @param shape the shape of every image
   * @param tiles the images, row after row
   * @throws IllegalArgumentException if there are none, or one has another shape
   */
  public static Mosaic of(ImageShape shape, List<Tile> tiles, Options options) {
    if (tiles.isEmpty()) {
      throw new IllegalArgumentException("a mosaic needs at least one image");
    }
    Mosaic mosaic = new Mosaic(shape, tiles.size(), options);
    for (int i = 0; i < tiles.size(); i++) {
      mosaic.paint(i, tiles.get(i), shape);
    }
    return mosaic;
  }

  /**
   * Images of a data set.
   *
   * @param samples a set of images
   * @param rows which of them to show
   * @throws IllegalArgumentException if the rows are not images, or there are none
   */
  public static Mosaic of(Samples samples, int[] rows, Options options) {
    ImageShape shape =
        samples
            .shape()
            .orElseThrow(
                () -> new IllegalArgumentException(samples.name() + " does not hold images"));
    List<Tile> tiles = new ArrayList<>();
    for (int row : rows) {
      tiles.add(Tile.of(samples.row(row)));
    }
    return of(shape, tiles, options);
  }

  private void paint(int index, Tile tile, ImageShape shape) {
    int left = left(index % options.columns());
    int top = top(index / options.columns());
    if (tile.frame() >= 0) {
      fill(
          left - GUTTER,
          top - GUTTER,
          2 * GUTTER + tileWidth,
          2 * GUTTER + tileHeight,
          tile.frame());
    }
    float[] values = tile.values();
    if (values == null) {
      fill(left, top, tileWidth, tileHeight, NOTHING);
      return;
    }
    boolean[] hidden = tile.hidden();
    int pixels = shape.height() * shape.width();
    if (values.length != shape.dims() || (hidden != null && hidden.length != pixels)) {
      throw new IllegalArgumentException("image " + index + " is not of shape " + shape);
    }
    int scale = options.scale();
    for (int y = 0; y < shape.height(); y++) {
      for (int x = 0; x < shape.width(); x++) {
        int p = y * shape.width() + x;
        int color = hidden != null && hidden[p] ? HIDDEN : color(values, p, pixels);
        fill(left + x * scale, top + y * scale, scale, scale, color);
      }
    }
  }

  private static int color(float[] values, int p, int pixels) {
    float red = values[p];
    float green = values.length == pixels ? red : values[p + pixels];
    float blue = values.length == pixels ? red : values[p + 2 * pixels];
    if (Float.isNaN(red) || Float.isNaN(green) || Float.isNaN(blue)) {
      return NOT_A_NUMBER;
    }
    return level(red) << 16 | level(green) << 8 | level(blue);
  }

  private static int level(float value) {
    return Math.round(Math.min(1, Math.max(0, value)) * 255);
  }

  private void fill(int left, int top, int w, int h, int color) {
    for (int y = top; y < top + h; y++) {
      Arrays.fill(rgb, y * width + left, y * width + left + w, color);
    }
  }

  /**
   * This mosaic with text beside it.
   *
   * @param rowLabels one for each row from the top, on its left; may be fewer
   * @param columnLabels one for each group of columns (the leading one first), or for each column
   *     where there are no groups, above them; may be fewer
   */
  public Drawing labelled(List<String> rowLabels, List<String> columnLabels) {
    return Labels.around(this, rowLabels, columnLabels);
  }

  /** Rows of images. */
  public int rows() {
    return (count + options.columns() - 1) / options.columns();
  }

  /** The first pixel column of a column of images. */
  int left(int column) {
    int gap = 2 + 3 * GUTTER;
    return GUTTER + column * (tileWidth + GUTTER) + options.gapsBefore(column) * gap;
  }

  /** The first pixel row of a row of images. */
  int top(int row) {
    return GUTTER + row * rowStep();
  }

  private int rowStep() {
    return tileHeight + GUTTER;
  }

  int tileWidth() {
    return tileWidth;
  }

  int tileHeight() {
    return tileHeight;
  }

  Options options() {
    return options;
  }

  @Override
  public double width() {
    return width;
  }

  @Override
  public double height() {
    return height;
  }

  @Override
  public BufferedImage image() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, width, height, rgb, 0, width);
    return image;
  }

  /**
   * The picture as a {@code data:} address: as PNG, but large pictures of colour images as JPEG,
   * for a report shows hundreds of them.
   */
  String dataUri() {
    byte[] png = png();
    return colored && png.length > MAX_PNG_BYTES
        ? "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg())
        : "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
  }

  /** A photograph in a tenth of the bytes of PNG. */
  private byte[] jpeg() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam options = writer.getDefaultWriteParam();
      options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      options.setCompressionQuality(JPEG_QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image(), null, null), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  @Override
  public String html(String alt) {
    return "<img src=\"%s\" width=\"%d\" height=\"%d\" alt=\"%s\">"
        .formatted(dataUri(), width, height, Markup.escape(alt));
  }
}
