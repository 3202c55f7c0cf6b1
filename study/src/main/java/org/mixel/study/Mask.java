package org.mixel.study;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.mixel.InputException;
import org.mixel.data.ImageShape;

/** Which part of an image is hidden. */
public final class Mask {
  private Mask() {}

  /**
   * The values that stay visible.
   *
   * @param mask the hidden part: a half ({@code left}, {@code right}, {@code top}, {@code bottom}),
   *     the middle square of half the width and height ({@code center}), or a picture of the
   *     image's size whose bright pixels (over one half) are hidden
   * @param shape of the images
   * @return for each value in CHW order whether it is observed
   * @throws InputException if the mask is unknown, or a picture of another size
   */
  public static boolean[] observed(String mask, ImageShape shape) {
    boolean[] hidden =
        switch (mask) {
          case "left" -> box(shape, 0, 0, shape.width() / 2, shape.height());
          case "right" -> box(shape, shape.width() / 2, 0, shape.width(), shape.height());
          case "top" -> box(shape, 0, 0, shape.width(), shape.height() / 2);
          case "bottom" -> box(shape, 0, shape.height() / 2, shape.width(), shape.height());
          case "center" -> center(shape);
          default -> picture(mask, shape);
        };
    int pixels = hidden.length;
    boolean[] observed = new boolean[shape.dims()];
    for (int j = 0; j < observed.length; j++) {
      observed[j] = !hidden[j % pixels];
    }
    return observed;
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
    boolean[] hidden = new boolean[shape.height() * shape.width()];
    try (ImageInputStream in = ImageIO.createImageInputStream(new File(mask))) {
      Iterator<ImageReader> readers =
          in == null ? Collections.emptyIterator() : ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new InputException(mask + ": not a picture that can be read; draw the mask as PNG");
      }
      ImageReader reader = readers.next();
      reader.setInput(in);
      // The size is checked before the picture is decoded.
      if (reader.getWidth(0) != shape.width() || reader.getHeight(0) != shape.height()) {
        throw new InputException(
            String.format(
                "%s: %dx%d, but the images are %dx%d; draw the mask at their size",
                mask, reader.getWidth(0), reader.getHeight(0), shape.width(), shape.height()));
      }
      BufferedImage picture = reader.read(0);
      for (int p = 0; p < hidden.length; p++) {
        Color color = new Color(picture.getRGB(p % shape.width(), p / shape.width()));
        hidden[p] = color.getRed() + color.getGreen() + color.getBlue() > 3 * 127;
      }
    } catch (IOException e) {
      throw new InputException(mask + ": cannot be read: " + e.getMessage(), e);
    }
    return hidden;
  }
}
