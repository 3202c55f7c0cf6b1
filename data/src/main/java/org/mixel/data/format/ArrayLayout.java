package org.mixel.data.format;

import static org.mixel.InputException.require;

import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.DataOptions.Layout;
import org.mixel.data.ImageShape;

/**
 * The meaning of the axes of an array, and the places of the values of a CHW row in a stored row.
 *
 * @param rows number of rows
 * @param dims values per row
 * @param shape the shape of a row, or null when rows are not images
 * @param order value {@code j} of a row is value {@code order[j]} of the stored row, or null when
 *     they lie as they should
 */
record ArrayLayout(int rows, int dims, @Nullable ImageShape shape, int @Nullable [] order) {
  private static final int MAX_ROWS = Integer.MAX_VALUE - 8;

  /**
   * @param layout the order of the axes of a four-dimensional array, or null to tell it
   * @throws InputException if the array is not one of rows, or is ambiguous
   */
  static ArrayLayout of(ArrayHeader header, @Nullable Layout layout) {
    long[] axes = header.shape();
    if (axes.length == 0) {
      throw new InputException(
          header.file() + ": has the shape (), a single number; data has rows of values");
    }
    int rows = atMost(MAX_ROWS, axes[0], header);
    return switch (axes.length) {
      case 2 -> new ArrayLayout(rows, atMost(ImageShape.MAX_DIMS, axes[1], header), null, null);
      case 3 -> images(header, rows, -1, 1, 2);
      case 4 -> fourAxes(header, rows, layout);
      case 1 ->
          throw new InputException(
              "%s: has the shape %s, one number per row (labels?); data has rows of values"
                  .formatted(header.file(), header.shapeText()));
      default ->
          throw new InputException(
              "%s: has the shape %s; data has the shape (n, d), (n, h, w), (n, h, w, c) or (n, c, h, w)"
                  .formatted(header.file(), header.shapeText()));
    };
  }

  /**
   * For images stored by columns: {@code (n, c, w, h)}.
   *
   * @throws InputException if that is not a shape of images
   */
  static ArrayLayout transposed(ArrayHeader header) {
    return images(header, atMost(MAX_ROWS, header.shape()[0], header), 1, 3, 2);
  }

  private static ArrayLayout fourAxes(ArrayHeader header, int rows, @Nullable Layout layout) {
    boolean last = isChannels(header.shape()[3]);
    boolean second = isChannels(header.shape()[1]);
    if (layout == null && last && second) {
      throw new InputException(
          "%s: the shape %s can be read in two ways; add `layout` nhwc or `layout` nchw"
              .formatted(header.file(), header.shapeText()));
    }
    boolean channelsLast = layout == null ? last : layout == Layout.NHWC;
    if (channelsLast ? !last : !second) {
      throw new InputException(
          "%s: the shape %s has no axis of 1 or 3 channels%s"
              .formatted(
                  header.file(),
                  header.shapeText(),
                  layout == null ? "" : " where " + layout + " has it"));
    }
    return channelsLast ? images(header, rows, 3, 1, 2) : images(header, rows, 1, 2, 3);
  }

  private static boolean isChannels(long length) {
    return length == 1 || length == 3;
  }

  /** Axes of the channels (or -1), the rows of pixels and the columns of pixels. */
  private static ArrayLayout images(ArrayHeader header, int rows, int c, int h, int w) {
    long[] axes = header.shape();
    long values = header.dataBytes() / header.element().bytes() / axes[0];
    atMost(ImageShape.MAX_DIMS, values, header);
    ImageShape shape = new ImageShape(c < 0 ? 1 : (int) axes[c], (int) axes[h], (int) axes[w]);
    int channelStride = c < 0 ? 0 : stride(header, c);
    int heightStride = stride(header, h);
    int widthStride = stride(header, w);
    boolean inPlace =
        (shape.width() == 1 || widthStride == 1)
            && (shape.height() == 1 || heightStride == shape.width())
            && (shape.channels() == 1 || channelStride == shape.width() * shape.height());
    int @Nullable [] order =
        inPlace ? null : order(shape, channelStride, heightStride, widthStride);
    return new ArrayLayout(rows, shape.dims(), shape, order);
  }

  private static int[] order(
      ImageShape shape, int channelStride, int heightStride, int widthStride) {
    int[] order = new int[shape.dims()];
    int j = 0;
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          order[j++] = channel * channelStride + y * heightStride + x * widthStride;
        }
      }
    }
    return order;
  }

  /** How far apart neighbours along an axis lie within one row. */
  private static int stride(ArrayHeader header, int axis) {
    long[] axes = header.shape();
    int stride = 1;
    for (int other = 1; other < axes.length; other++) {
      if (header.columnMajor() ? other < axis : other > axis) {
        stride *= (int) axes[other];
      }
    }
    return stride;
  }

  private static int atMost(int most, long length, ArrayHeader header) {
    require(
        length <= most,
        "%s: the shape %s is too large: at most %d rows of %d values"
            .formatted(header.file(), header.shapeText(), MAX_ROWS, ImageShape.MAX_DIMS));
    return (int) length;
  }
}
