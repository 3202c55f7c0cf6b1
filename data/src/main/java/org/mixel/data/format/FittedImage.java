package org.mixel.data.format;

import static org.mixel.InputException.require;

import org.mixel.data.DataOptions;
import org.mixel.data.DataOptions.Box;
import org.mixel.data.DataOptions.Center;
import org.mixel.data.DataOptions.Size;
import org.mixel.data.ImageShape;

/**
 * One image file brought to the shape of other images: the largest rectangle about its middle that
 * has their proportions, resized; colours become grey by their luminance (ITU-R BT.601), or grey is
 * repeated in all channels.
 *
 * @param pixels in the shape asked for, in CHW order, from 0 to 1
 * @param note in words, the size that the image had, and what was done to it
 */
public record FittedImage(float[] pixels, String note) {
  private static final double[] LUMINANCE = {0.299, 0.587, 0.114};

  /**
   * Decodes and fits a file.
   *
   * @param content the file's bytes
   * @param name the file, as errors call it
   * @param mostSide wider or higher images are refused before they are decoded
   * @param shape the shape asked for
   * @throws InputException if it is not an image, too large, cut off or damaged
   */
  public static FittedImage read(byte[] content, String name, int mostSide, ImageShape shape) {
    ImageDecoder.Pixels image =
        FileErrors.naming(
            name,
            () ->
                ImageDecoder.decode(
                    content,
                    name,
                    (width, height) ->
                        require(
                            Math.max(width, height) <= mostSide,
                            "%s: claims %dx%d pixels; at most %d a side are decoded"
                                .formatted(name, width, height, mostSide))));
    Size size = new Size(shape.width(), shape.height());
    DataOptions options = DataOptions.defaults().withSize(size).withCrop(new Center());
    byte[] fitted =
        CropResize.of(image.channels(), image.height(), image.width(), options, name)
            .apply(image.values());
    return new FittedImage(inChannels(fitted, image.channels(), shape), note(image, size, shape));
  }

  private static String note(ImageDecoder.Pixels image, Size size, ImageShape shape) {
    Box kept = CropResize.middle(image.width(), image.height(), size);
    StringBuilder note = new StringBuilder("%dx%d".formatted(image.width(), image.height()));
    if (kept.width() < image.width() || kept.height() < image.height()) {
      note.append(", %dx%d about the middle taken".formatted(kept.width(), kept.height()));
    }
    if (kept.width() != size.width() || kept.height() != size.height()) {
      note.append(", resized to ").append(size);
    }
    if (image.channels() > shape.channels()) {
      note.append(", made grey");
    }
    return note.toString();
  }

  private static float[] inChannels(byte[] pixels, int channels, ImageShape shape) {
    int plane = shape.width() * shape.height();
    float[] values = new float[shape.dims()];
    for (int j = 0; j < values.length; j++) {
      values[j] =
          channels > shape.channels()
              ? grey(pixels, j, plane)
              : (pixels[channels < shape.channels() ? j % plane : j] & 0xff) / 255f;
    }
    return values;
  }

  private static float grey(byte[] pixels, int at, int plane) {
    double sum = 0;
    for (int c = 0; c < LUMINANCE.length; c++) {
      sum += LUMINANCE[c] * (pixels[c * plane + at] & 0xff);
    }
    return (float) (sum / 255);
  }
}
