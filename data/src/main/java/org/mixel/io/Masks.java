package org.mixel.io;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.Mask;
import org.mixel.data.Samples;
import org.mixel.data.format.MaskFiles;

/** Masks by name, from pictures and from {@code .npy} files. */
public final class Masks {
  private Masks() {}

  /**
   * A mask of given rows.
   *
   * @param mask the hidden part of images: a half ({@code left}, {@code right}, {@code top}, {@code
   *     bottom}), the middle square of half the width and height ({@code center}), or a picture of
   *     their size whose bright pixels (over one half) are hidden; or an {@code .npy} file as
   *     {@link MaskFiles#read} describes it
   * @param shape the shape of the rows if they are images
   * @throws InputException if the mask is unknown, cannot be read, or is not of these rows
   */
  public static Mask read(String mask, Samples samples, Optional<ImageShape> shape) {
    if (mask.toLowerCase(Locale.ROOT).endsWith(".npy")) {
      return MaskFiles.read(Path.of(mask), samples);
    }
    ImageShape image =
        shape.orElseThrow(
            () ->
                new InputException(
                    "`mask` %s: the rows of %s are not images; give the mask as a .npy file"
                        .formatted(mask, samples.name())));
    boolean[] hidden =
        switch (mask) {
          case "left" -> box(image, 0, 0, image.width() / 2, image.height());
          case "right" -> box(image, image.width() / 2, 0, image.width(), image.height());
          case "top" -> box(image, 0, 0, image.width(), image.height() / 2);
          case "bottom" -> box(image, 0, image.height() / 2, image.width(), image.height());
          case "center" -> center(image);
          default -> picture(mask, image);
        };
    boolean[] observed = new boolean[image.dims()];
    for (int j = 0; j < observed.length; j++) {
      observed[j] = !hidden[j % hidden.length];
    }
    return Mask.except(observed);
  }

  private static boolean[] center(ImageShape shape) {
    int left = shape.width() / 4;
    int top = shape.height() / 4;
    return box(shape, left, top, left + shape.width() / 2, top + shape.height() / 2);
  }

  private static boolean[] box(ImageShape shape, int left, int top, int right, int bottom) {
    boolean[] hidden = new boolean[shape.height() * shape.width()];
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        hidden[y * shape.width() + x] = true;
      }
    }
    return hidden;
  }

  private static boolean[] picture(String mask, ImageShape shape) {
    if (!mask.contains(".")) {
      throw new InputException(
          "mask must be left, right, top, bottom, center, a picture or a .npy file, got " + mask);
    }
    return MaskFiles.readPicture(Path.of(mask), shape);
  }
}
