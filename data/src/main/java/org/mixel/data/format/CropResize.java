package org.mixel.data.format;

import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.DataOptions;
import org.mixel.data.DataOptions.Box;
import org.mixel.data.DataOptions.Center;
import org.mixel.data.DataOptions.Size;
import org.mixel.data.ImageShape;

/**
 * Cuts and resizes images of one size, as the options ask. Immutable.
 *
 * <p>The target size is the one asked for, or else that of the rectangle to cut out. Images of this
 * size are left alone, so that one set of options serves a set that must be cut and another that
 * has the target size.
 */
final class CropResize {
  private final int height;
  private final int width;
  private final Box kept;
  private final boolean leavesAlone;
  private final ImageShape shape;
  private final @Nullable Resampling resampling;

  /** Width and height, of which nothing is asked yet. */
  private record Extent(int width, int height) {
    long pixels() {
      return (long) width * height;
    }

    @Override
    public String toString() {
      return width + "x" + height;
    }
  }

  private CropResize(
      int channels, int height, int width, Box kept, boolean leavesAlone, @Nullable Size size) {
    this.height = height;
    this.width = width;
    this.kept = kept;
    this.leavesAlone = leavesAlone;
    if (size == null || (size.width() == kept.width() && size.height() == kept.height())) {
      this.shape = new ImageShape(channels, kept.height(), kept.width());
      this.resampling = null;
    } else {
      this.shape = new ImageShape(channels, size.height(), size.width());
      this.resampling = new Resampling(kept.width(), kept.height(), size.width(), size.height());
    }
  }

  /**
   * For images as they are stored, of {@code channels} by {@code height} by {@code width} values.
   *
   * @param file the file, as errors call it
   * @throws InputException if the crop does not lie within such an image, or what is left of it is
   *     larger than {@link ImageShape} allows
   */
  static CropResize of(int channels, int height, int width, DataOptions options, String file) {
    Box kept = new Box(0, 0, width, height);
    boolean leavesAlone = false;
    if (options.crop() instanceof Center) {
      kept = middle(width, height, options.size());
    } else if (new Extent(width, height).equals(target(options))) {
      leavesAlone = options.crop() != null && !options.crop().equals(kept);
    } else if (options.crop() instanceof Box box) {
      if ((long) box.left() + box.width() > width || (long) box.top() + box.height() > height) {
        throw new InputException(
            "%s: %dx%d, so the crop %s does not lie within it".formatted(file, width, height, box));
      }
      kept = box;
    }
    if (options.size() == null
        && (long) channels * kept.width() * kept.height() > ImageShape.MAX_DIMS) {
      throw new InputException(
          "%s: %dx%d is more than an image may have; add `size` or `crop`"
              .formatted(file, width, height));
    }
    return new CropResize(channels, height, width, kept, leavesAlone, options.size());
  }

  /**
   * For all images of a set; tells it when they are left alone.
   *
   * @throws InputException as {@link #of}
   */
  static CropResize ofSet(int channels, int height, int width, ReadRequest request, String file) {
    CropResize cropResize = of(channels, height, width, request.options(), file);
    if (cropResize.leavesAlone) {
      tellLeftAlone(request, "");
    }
    return cropResize;
  }

  /**
   * Tells that images were not cut.
   *
   * @param which of the set, with a colon and a space behind; empty for all
   */
  static void tellLeftAlone(ReadRequest request, String which) {
    request
        .progress()
        .tell(
            "%s: %s%s already, so `crop` %s is not applied"
                .formatted(
                    request.name(), which, target(request.options()), request.options().crop()));
  }

  /**
   * For rows of numbers, which have as many values as images of the size asked for and are then
   * left alone.
   *
   * @throws InputException if there is something to do to them
   */
  static void leaveAlone(String file, int dims, ReadRequest request) {
    DataOptions options = request.options();
    if (options.size() == null && options.crop() == null) {
      return;
    }
    Extent size = target(options);
    if (size == null || (dims != size.pixels() && dims != 3 * size.pixels())) {
      throw new InputException(
          file
              + ": has rows of numbers, not images, so `size` and `crop` cannot apply; leave them"
              + " out");
    }
    request
        .progress()
        .tell(
            "%s: rows of %d numbers, as many as images of %s have, are taken as they are"
                .formatted(request.name(), dims, size));
  }

  /** The size that the options ask for; null when that depends on the image. */
  private static @Nullable Extent target(DataOptions options) {
    if (options.size() != null) {
      return new Extent(options.size().width(), options.size().height());
    }
    return options.crop() instanceof Box box ? new Extent(box.width(), box.height()) : null;
  }

  /** The largest rectangle about the middle that has a size's proportions; null for a square. */
  static Box middle(int width, int height, @Nullable Size size) {
    long w = size == null ? 1 : size.width();
    long h = size == null ? 1 : size.height();
    int keptWidth = (int) Math.max(1, Math.min(width, height * w / h));
    int keptHeight = (int) Math.max(1, Math.min(height, width * h / w));
    return new Box((width - keptWidth) / 2, (height - keptHeight) / 2, keptWidth, keptHeight);
  }

  /** The shape of the images afterwards. */
  ImageShape shape() {
    return shape;
  }

  /** Whether there is something to cut out, but images have the size already. */
  boolean leavesAlone() {
    return leavesAlone;
  }

  /** Whether images stay as they are. */
  boolean isIdentity() {
    return resampling == null && kept.width() == width && kept.height() == height;
  }

  /**
   * @param image CHW pixels; not changed, and returned as they are if nothing changes
   */
  byte[] apply(byte[] image) {
    if (isIdentity()) {
      return image;
    }
    byte[] pixels = new byte[shape.dims()];
    if (resampling == null) {
      crop(image, pixels);
      return pixels;
    }
    float[] resized =
        resize(
            resampling,
            (start, line) -> {
              for (int x = 0; x < line.length; x++) {
                line[x] = image[start + x] & 0xff;
              }
            });
    for (int j = 0; j < pixels.length; j++) {
      pixels[j] = (byte) Math.max(0, Math.min(255, Math.round(resized[j])));
    }
    return pixels;
  }

  /**
   * @param image CHW values; not changed, and returned as they are if nothing changes
   */
  float[] apply(float[] image) {
    if (isIdentity()) {
      return image;
    }
    if (resampling != null) {
      return resize(
          resampling, (start, line) -> System.arraycopy(image, start, line, 0, line.length));
    }
    float[] values = new float[shape.dims()];
    crop(image, values);
    return values;
  }

  /** Copies the kept lines; both are arrays of one type. */
  private void crop(Object image, Object cropped) {
    for (int line = 0; line < shape.channels() * kept.height(); line++) {
      int start = start(line / kept.height(), line % kept.height());
      System.arraycopy(image, start, cropped, line * kept.width(), kept.width());
    }
  }

  /** Reads the kept pixels of a line, from its start in the image. */
  private interface Line {
    void read(int start, float[] line);
  }

  private float[] resize(Resampling steps, Line source) {
    float[] resized = new float[shape.dims()];
    for (int c = 0; c < shape.channels(); c++) {
      int channel = c;
      steps.apply(
          (y, line) -> source.read(start(channel, y), line),
          resized,
          channel * shape.height() * shape.width());
    }
    return resized;
  }

  /** Where a kept line of pixels starts in the whole image. */
  private int start(int channel, int y) {
    return (channel * height + kept.top() + y) * width + kept.left();
  }
}
