package org.mixel.data;

import java.io.Serializable;
import org.mixel.InputException;

/**
 * The shape of an image whose pixels are stored in channel-major (CHW) order.
 *
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param height rows of pixels
 * @param width columns of pixels
 */
public record ImageShape(int channels, int height, int width) implements Serializable {
  /** Largest number of values of one image; larger ones are refused before memory is taken. */
  public static final int MAX_DIMS = 1 << 24;

  /**
   * @throws InputException if there are other than 1 or 3 channels, or no pixels, or too many
   */
  public ImageShape {
    if (channels != 1 && channels != 3) {
      throw new InputException("images have 1 or 3 channels, got " + channels);
    }
    if (height < 1 || width < 1 || (long) channels * height * width > MAX_DIMS) {
      throw new InputException("unusable image size " + width + "x" + height + "x" + channels);
    }
  }

  /**
   * From the text of {@link #toMetadata}.
   *
   * @param name the name of the text in the message
   * @throws InputException if it is not the shape of an image
   */
  public static ImageShape ofMetadata(String name, String text) {
    if (!text.matches("[0-9]{1,8},[0-9]{1,8},[0-9]{1,8}")) {
      throw new InputException(name + " is not channels,height,width: " + text);
    }
    String[] sizes = text.split(",", -1);
    return new ImageShape(
        Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]), Integer.parseInt(sizes[2]));
  }

  /** {@code channels,height,width}, to be stored beside a model. */
  public String toMetadata() {
    return channels + "," + height + "," + width;
  }

  /** Values per image: {@code channels * height * width}. */
  public int dims() {
    return channels * height * width;
  }

  /** Width by height, and the channels when there are several: {@code 28x28}, {@code 32x32x3}. */
  @Override
  public String toString() {
    return width + "x" + height + (channels == 1 ? "" : "x" + channels);
  }
}
