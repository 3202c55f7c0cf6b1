package org.mixel.data.format;

import java.io.IOException;
import java.io.InputStream;
import org.mixel.InputException;
import org.mixel.data.Coding;
import org.mixel.data.DataOptions;
import org.mixel.data.ImageShape;

/**
 * One image file of a set: decoded, then cut and resized as asked. Grey images have one channel.
 *
 * @param shape of the image afterwards
 * @param values bytes in CHW order
 * @param coding of the file
 * @param leftAlone whether there was something to cut out, but the image has the size already
 */
public record FramedImage(ImageShape shape, byte[] values, Coding coding, boolean leftAlone) {
  /**
   * Decodes a file.
   *
   * @param content the file's bytes
   * @param name the file, as errors call it
   * @param options size and crop
   * @throws InputException if it is not an image, too large, cut off or damaged, or the crop does
   *     not lie within it
   */
  public static FramedImage read(byte[] content, String name, DataOptions options) {
    ImageDecoder.Pixels image = FileErrors.naming(name, () -> ImageDecoder.decode(content, name));
    CropResize cropResize =
        CropResize.of(image.channels(), image.height(), image.width(), options, name);
    return new FramedImage(
        cropResize.shape(),
        cropResize.apply(image.values()),
        image.coding(),
        cropResize.leavesAlone());
  }

  /**
   * The bytes of a file, 256 MiB at most.
   *
   * @param in the file; stays open
   * @param name the file, as errors call it
   * @throws InputException if it has more
   */
  public static byte[] content(InputStream in, String name) throws IOException {
    return ImageFiles.limited(in, name);
  }

  /**
   * Whether the readers of folders take a file, by its ending; hidden files and those of hidden
   * folders are left out.
   *
   * @param path within the folder
   */
  public static boolean isName(String path) {
    return ImageFiles.isImage(path);
  }

  /**
   * Refuses an image of another height or width than those before it.
   *
   * @param name the file, as the message calls it
   * @param set the shape of the others
   * @throws InputException if it is of another size
   */
  public static void requireSize(String name, ImageShape its, ImageShape set) {
    if (its.height() != set.height() || its.width() != set.width()) {
      throw new InputException(
          "%s: %dx%d, but the data set is %dx%d; add `size` %dx%d"
              .formatted(
                  name,
                  its.width(),
                  its.height(),
                  set.width(),
                  set.height(),
                  set.width(),
                  set.height()));
    }
  }

  /**
   * The values in one channel or three, grey being repeated.
   *
   * @param channels at least those of the image
   */
  public byte[] in(int channels) {
    return channels > shape.channels() ? tripled(values) : values;
  }

  /** A grey image in three channels. */
  static byte[] tripled(byte[] grey) {
    byte[] values = new byte[3 * grey.length];
    for (int c = 0; c < 3; c++) {
      System.arraycopy(grey, 0, values, c * grey.length, grey.length);
    }
    return values;
  }
}
