package org.mixel.data.format;

import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.DataOptions;
import org.mixel.data.DataOptions.Box;
import org.mixel.data.DataOptions.Center;
import org.mixel.data.DataOptions.Size;
import org.mixel.data.ImageShape;

/** Cuts and resizes images of one shape, as the options ask. Immutable. */
final class Framing {
  private final ImageShape from;
  private final ImageShape to;
  private final Box kept;
  private final @Nullable Resampling resampling;

  private Framing(ImageShape from, Box kept, @Nullable Size size) {
    this.from = from;
    this.kept = kept;
    if (size == null || (size.width() == kept.width() && size.height() == kept.height())) {
      this.to = new ImageShape(from.channels(), kept.height(), kept.width());
      this.resampling = null;
    } else {
      this.to = new ImageShape(from.channels(), size.height(), size.width());
      this.resampling = new Resampling(kept.width(), kept.height(), size.width(), size.height());
    }
  }

  /**
   * @param from the shape of the images as they are stored
   * @param file the file, as errors call it
   * @throws InputException if the crop does not lie within such an image
   */
  static Framing of(ImageShape from, DataOptions options, String file) {
    Box kept = new Box(0, 0, from.width(), from.height());
    if (options.crop() instanceof Center) {
      kept = middle(from, options.size());
    } else if (options.crop() instanceof Box box) {
      if ((long) box.left() + box.width() > from.width()
          || (long) box.top() + box.height() > from.height()) {
        throw new InputException(
            file + ": " + from + ", so the crop " + box + " does not lie within it");
      }
      kept = box;
    }
    return new Framing(from, kept, options.size());
  }

  private static Box middle(ImageShape from, @Nullable Size size) {
    long w = size == null ? 1 : size.width();
    long h = size == null ? 1 : size.height();
    int width = (int) Math.max(1, Math.min(from.width(), from.height() * w / h));
    int height = (int) Math.max(1, Math.min(from.height(), from.width() * h / w));
    return new Box((from.width() - width) / 2, (from.height() - height) / 2, width, height);
  }

  /** The shape of the images afterwards. */
  ImageShape shape() {
    return to;
  }

  /** Whether images stay as they are. */
  boolean isIdentity() {
    return from.equals(to);
  }

  /**
   * @param image CHW pixels; not changed, and returned as they are when nothing is to be done
   */
  byte[] apply(byte[] image) {
    if (isIdentity()) {
      return image;
    }
    byte[] cut = new byte[from.channels() * kept.width() * kept.height()];
    for (int line = 0; line < from.channels() * kept.height(); line++) {
      System.arraycopy(image, start(line), cut, line * kept.width(), kept.width());
    }
    if (resampling == null) {
      return cut;
    }
    float[] values = new float[cut.length];
    for (int j = 0; j < cut.length; j++) {
      values[j] = cut[j] & 0xff;
    }
    float[] resized = resize(values, resampling);
    byte[] pixels = new byte[resized.length];
    for (int j = 0; j < pixels.length; j++) {
      pixels[j] = (byte) Math.max(0, Math.min(255, Math.round(resized[j])));
    }
    return pixels;
  }

  /**
   * @param image CHW values; not changed, and returned as they are when nothing is to be done
   */
  float[] apply(float[] image) {
    if (isIdentity()) {
      return image;
    }
    float[] cut = new float[from.channels() * kept.width() * kept.height()];
    for (int line = 0; line < from.channels() * kept.height(); line++) {
      System.arraycopy(image, start(line), cut, line * kept.width(), kept.width());
    }
    return resampling == null ? cut : resize(cut, resampling);
  }

  /** Where a kept line of pixels starts in the whole image; lines run through all channels. */
  private int start(int line) {
    int channel = line / kept.height();
    int y = kept.top() + line % kept.height();
    return (channel * from.height() + y) * from.width() + kept.left();
  }

  private float[] resize(float[] cut, Resampling resampling) {
    float[] resized = new float[to.dims()];
    int fromPlane = kept.width() * kept.height();
    int toPlane = to.width() * to.height();
    for (int channel = 0; channel < to.channels(); channel++) {
      resampling.apply(cut, channel * fromPlane, resized, channel * toPlane);
    }
    return resized;
  }
}
