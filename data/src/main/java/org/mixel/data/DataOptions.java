package org.mixel.data;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;

/**
 * Options for opening data. Nothing is cropped or resized by default.
 *
 * @param layout the order of the axes of a four-dimensional array, or null to derive it from its
 *     shape
 * @param size the size to which images are resized, or null to keep theirs
 * @param crop the part of each image that is kept, cut out before resizing, or null to keep all
 */
public record DataOptions(@Nullable Layout layout, @Nullable Size size, @Nullable Crop crop)
    implements Serializable {
  private static final DataOptions DEFAULTS = new DataOptions(null, null, null);

  /** Layout derived from the shape, images as they are. */
  public static DataOptions defaults() {
    return DEFAULTS;
  }

  /** These options with another layout. */
  public DataOptions withLayout(@Nullable Layout layout) {
    return new DataOptions(layout, size, crop);
  }

  /** These options with another size. */
  public DataOptions withSize(@Nullable Size size) {
    return new DataOptions(layout, size, crop);
  }

  /** These options with another crop. */
  public DataOptions withCrop(@Nullable Crop crop) {
    return new DataOptions(layout, size, crop);
  }

  /** The options that differ from the defaults, as words of a command: {@code --size 64x64}. */
  public List<String> words() {
    Map<String, @Nullable Object> given = new LinkedHashMap<>();
    given.put("--layout", layout);
    given.put("--size", size);
    given.put("--crop", crop);
    return given.entrySet().stream()
        .filter(option -> option.getValue() != null)
        .flatMap(option -> Stream.of(option.getKey(), String.valueOf(option.getValue())))
        .toList();
  }

  /** The order of the axes of an array of images: {@code n} images of {@code c} channels. */
  public enum Layout {
    /** {@code (n, h, w, c)}. */
    NHWC,
    /** {@code (n, c, h, w)}. */
    NCHW;

    /**
     * Reads an option's text.
     *
     * @param text {@code nhwc} or {@code nchw}
     * @throws InputException if it is neither
     */
    public static Layout parse(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "nhwc" -> NHWC;
        case "nchw" -> NCHW;
        default -> throw new InputException("layout must be nhwc or nchw, got '" + text + "'");
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The size of an image.
   *
   * @param width columns of pixels
   * @param height rows of pixels
   */
  public record Size(int width, int height) implements Serializable {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})[xX](\\d{1,6})");

    /**
     * @throws InputException if the size has no pixels or more than an image may have
     */
    public Size {
      if (width < 1 || height < 1 || (long) width * height > ImageShape.MAX_DIMS / 3) {
        throw new InputException("unusable image size " + width + "x" + height);
      }
    }

    /**
     * Reads an option's text.
     *
     * @param text width by height: {@code 64x64}
     * @throws InputException if it is not of that form
     */
    public static Size parse(String text) {
      Matcher form = FORM.matcher(text.strip());
      if (!form.matches()) {
        throw new InputException("size must be WxH such as 64x64, got '" + text + "'");
      }
      return new Size(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
    }

    @Override
    public String toString() {
      return width + "x" + height;
    }
  }

  /** Which part of an image is kept. */
  public sealed interface Crop extends Serializable permits Box, Center {
    /** Numbers of the box form: {@code 25,50,128,128}. */
    Pattern FORM =
        Pattern.compile("(\\d{1,6})\\s*,\\s*(\\d{1,6})\\s*,\\s*(\\d{1,6})\\s*,\\s*(\\d{1,6})");

    /**
     * Reads an option's text.
     *
     * @param text {@code center}, or left, top, width and height in pixels: {@code 25,50,128,128}
     * @throws InputException if it is neither
     */
    static Crop parse(String text) {
      if (text.strip().equalsIgnoreCase("center")) {
        return new Center();
      }
      Matcher form = FORM.matcher(text.strip());
      if (!form.matches()) {
        throw new InputException(
            "crop must be center, or left,top,width,height such as 25,50,128,128, got '"
                + text
                + "'");
      }
      return new Box(
          Integer.parseInt(form.group(1)),
          Integer.parseInt(form.group(2)),
          Integer.parseInt(form.group(3)),
          Integer.parseInt(form.group(4)));
    }
  }

  /**
   * A fixed rectangle, in pixels of the image as it is stored.
   *
   * @param left columns left of it
   * @param top rows above it
   * @param width its columns
   * @param height its rows
   */
  public record Box(int left, int top, int width, int height) implements Crop {
    /**
     * @throws InputException if it lies outside every image or holds no pixel
     */
    public Box {
      if (left < 0 || top < 0 || width < 1 || height < 1) {
        throw new InputException(
            "unusable crop %d,%d,%d,%d: it has no pixels".formatted(left, top, width, height));
      }
    }

    @Override
    public String toString() {
      return left + "," + top + "," + width + "," + height;
    }
  }

  /**
   * The largest rectangle about the middle that has the proportions of the size asked for; the
   * largest square when none is.
   */
  public record Center() implements Crop {
    @Override
    public String toString() {
      return "center";
    }
  }
}
