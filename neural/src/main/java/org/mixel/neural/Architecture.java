package org.mixel.neural;

import static java.util.Objects.requireNonNull;
import static org.mixel.InputException.require;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.neural.network.Pyramid;

/**
 * The sizes that a model's networks are built from.
 *
 * @param kind the name of the model's kind, as {@link Recipe#of} knows it
 * @param dims values of a row
 * @param image the shape of a row, or null if rows are not images
 * @param width channels of the first level, or values of a hidden layer
 * @param latent values of a latent row; 0 where a mixture is what is drawn from
 * @param given the shape of the images that are translated, or null where none are
 * @param levels how often the sides of images are halved; 0 where rows are numbers, or networks
 *     have a rule of their own
 */
public record Architecture(
    String kind,
    int dims,
    @Nullable ImageShape image,
    int width,
    int latent,
    @Nullable ImageShape given,
    int levels) {
  /** The metadata's key that tells a file of a model from other safetensors files. */
  public static final String KIND = "mixel_model";

  private static final String LEVELS = "levels";
  private static final int FIRST_SMALLEST_SIDE = 4;
  private static final int MOST_WIDTH = 4096;
  private static final int MOST_LATENT = 1 << 16;

  /**
   * @throws InputException if a size is out of its range, or rows must be images and are not
   */
  public Architecture {
    Recipe recipe = Recipe.of(kind);
    requireRange("`width`", width, 1, MOST_WIDTH);
    requireRange("`latent`", latent, recipe.needsMixture() ? 0 : 1, MOST_LATENT);
    requireRange("dims", dims, 1, ImageShape.MAX_DIMS);
    require(
        image == null || image.dims() == dims,
        "%s images do not have %d values".formatted(image, dims));
    require(
        image != null || !recipe.needsImages(),
        kind + " is trained on images, but rows are numbers without shape");
    require(
        (given != null) == recipe.translates(),
        "images are translated by pix2pix alone, and always there");
    require(
        given == null || image == null || given.channels() == image.channels(),
        "the mixture is of %s images, but the data are %s".formatted(given, image));
    if (image != null && recipe.smallestSide() > 0) {
      Pyramid.requireLevels(image, levels);
    } else {
      require(levels == 0, "a %s of such rows has no levels, got %d".formatted(kind, levels));
    }
  }

  private static void requireRange(String name, int value, int least, int most) {
    require(
        value >= least && value <= most,
        "%s must be from %d to %d, got %d".formatted(name, least, most, value));
  }

  /**
   * The architecture of a model of these rows.
   *
   * @param width null for the recipe's own
   * @param latent null for the recipe's own
   * @param given the shape of the images that are translated, or null where none are
   */
  public static Architecture of(
      Recipe recipe,
      Samples rows,
      @Nullable Integer width,
      @Nullable Integer latent,
      @Nullable ImageShape given) {
    ImageShape image = rows.shape().orElse(null);
    return new Architecture(
        recipe.kind(),
        rows.dims(),
        image,
        width == null ? recipe.defaultWidth(image != null) : width,
        latent == null ? recipe.defaults().latent() : latent,
        given,
        image == null || recipe.smallestSide() == 0
            ? 0
            : Pyramid.of(image, recipe.smallestSide()).levels());
  }

  /** The levels of a file that does not say them, as none of the first version does. */
  private static int firstLevels(String kind, @Nullable ImageShape image) {
    int smallest = Recipe.of(kind).smallestSide();
    return image == null || smallest == 0
        ? 0
        : Pyramid.evenLevels(image, Math.max(FIRST_SMALLEST_SIDE, smallest));
  }

  /** The levels of images, where there are any. */
  Pyramid pyramid() {
    return new Pyramid(requireNonNull(image), levels);
  }

  /** The recipe of the kind, with its authors' settings. */
  Recipe recipe() {
    return Recipe.of(kind);
  }

  /** The shape of a row when rows are images. */
  public Optional<ImageShape> shape() {
    return Optional.ofNullable(image);
  }

  /** As text, to be stored beside the parameters. */
  public Map<String, String> toMetadata() {
    Map<String, String> texts = new TreeMap<>();
    texts.put(KIND, kind);
    texts.put("dims", Integer.toString(dims));
    texts.put("width", Integer.toString(width));
    texts.put("latent", Integer.toString(latent));
    put(texts, "image_shape", image);
    put(texts, "given_shape", given);
    if (levels != firstLevels(kind, image)) {
      texts.put(LEVELS, Integer.toString(levels));
    }
    return texts;
  }

  private static void put(Map<String, String> texts, String name, @Nullable ImageShape shape) {
    if (shape != null) {
      texts.put(name, shape.toMetadata());
    }
  }

  /**
   * From the text of {@link #toMetadata}.
   *
   * @throws InputException if something is missing or impossible
   */
  static Architecture ofMetadata(Map<String, String> texts) {
    String kind = text(texts, KIND);
    ImageShape image = image(texts, "image_shape");
    return new Architecture(
        kind,
        number(texts, "dims"),
        image,
        number(texts, "width"),
        number(texts, "latent"),
        image(texts, "given_shape"),
        texts.containsKey(LEVELS) ? number(texts, LEVELS) : firstLevels(kind, image));
  }

  private static String text(Map<String, String> texts, String name) {
    String text = texts.get(name);
    if (text == null) {
      throw new InputException("its metadata lack " + name);
    }
    return text;
  }

  private static int number(Map<String, String> texts, String name) {
    String text = text(texts, name);
    require(text.matches("[0-9]{1,9}"), name + " is no number: " + text);
    return Integer.parseInt(text);
  }

  private static @Nullable ImageShape image(Map<String, String> texts, String name) {
    String text = texts.get(name);
    return text == null ? null : ImageShape.ofMetadata(name, text);
  }
}
