package org.mixel.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.figure.ComponentFigure;
import org.mixel.figure.Drawing;
import org.mixel.figure.Mosaic;
import org.mixel.figure.Tile;
import org.mixel.mfa.Component;
import org.mixel.mfa.Inpainting;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/**
 * A mixture of images in pictures: its components, completions and reconstructions of rows, its
 * outliers.
 */
public final class MixturePictures {
  private static final int COMPONENTS_PER_ROW = 4;

  private MixturePictures() {}

  /**
   * The shape of a model's rows.
   *
   * @throws InputException if they are not images
   */
  public static ImageShape shapeOf(MixtureOfFactorAnalyzers model) {
    return model
        .shape()
        .orElseThrow(
            () ->
                new InputException(
                    "the model is not of images: it stores no image shape, so there is nothing to"
                        + " draw"));
  }

  /** The components of largest weight, heaviest first. */
  public static int[] heaviest(MixtureOfFactorAnalyzers model, int count) {
    double[] weights = model.weights();
    return IntStream.range(0, weights.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer k) -> -weights[k]))
        .limit(count)
        .mapToInt(k -> k)
        .toArray();
  }

  /**
   * Mean, noise and factors of components (the paper's Figures 6a and 19).
   *
   * @param factors most factors shown
   * @throws InputException if a component does not exist, or the model is not of images
   */
  public static Drawing components(MixtureOfFactorAnalyzers model, int[] components, int factors) {
    ImageShape shape = shapeOf(model);
    List<ComponentFigure.Component> shown = new ArrayList<>();
    for (int k : components) {
      Component component = model.component(k);
      shown.add(
          new ComponentFigure.Component(
              String.format(Locale.ROOT, "%d, %.2f %%", k, 100 * component.weight()),
              component.mean(),
              component.factors(),
              component.noiseVariance()));
    }
    return ComponentFigure.of(
        shown, shape, factors, COMPONENTS_PER_ROW, Mosaic.Options.readableScale(shape));
  }

  /**
   * Rows with their completions: the original, the part that was observed, then each completion
   * (the paper's Figure 7b).
   *
   * @param originals rows with all that is known of them
   * @param rows the same, NaN where a value is hidden
   * @param observed which of the {@code d} values are known, the same in all rows, or null if only
   *     NaN hides
   * @throws InputException if the model is not of images, or of others
   */
  public static Mosaic completions(
      MixtureOfFactorAnalyzers model,
      Samples originals,
      Samples rows,
      boolean @Nullable [] observed,
      Inpainting.Options options,
      Progress progress) {
    ImageShape shape = shapeOf(model);
    Samples completed = Inpainting.complete(model, rows, observed, options, progress);
    int draws = options.draws();
    List<Tile> tiles = new ArrayList<>();
    for (int i = 0; i < rows.rows(); i++) {
      Tile original = Tile.of(originals.row(i));
      tiles.add(original);
      tiles.add(original.hiding(hiddenPixels(rows.row(i), observed, shape)));
      for (int s = 0; s < draws; s++) {
        tiles.add(Tile.of(completed.row(i * draws + s)));
      }
    }
    return groups(tiles, 2 + draws, shape);
  }

  /** Rows, each beside its reconstruction. */
  public static Mosaic reconstructions(
      List<float[]> originals, List<float[]> reconstructed, ImageShape shape) {
    List<Tile> tiles = new ArrayList<>();
    for (int i = 0; i < originals.size(); i++) {
      tiles.add(Tile.of(originals.get(i)));
      tiles.add(Tile.of(reconstructed.get(i)));
    }
    return groups(tiles, 2, shape);
  }

  private static Mosaic groups(List<Tile> tiles, int perRow, ImageShape shape) {
    int across = Math.max(1, Math.min(12, tiles.size()) / perRow);
    return Mosaic.of(
        shape,
        tiles,
        Mosaic.Options.readable(shape).withColumns(perRow * across).withGroups(0, perRow));
  }

  /** Pixels of which a channel is hidden. */
  static boolean[] hiddenPixels(float[] row, boolean @Nullable [] observed, ImageShape shape) {
    boolean[] hidden = new boolean[shape.height() * shape.width()];
    for (int j = 0; j < row.length; j++) {
      hidden[j % hidden.length] |= Float.isNaN(row[j]) || (observed != null && !observed[j]);
    }
    return hidden;
  }

  /**
   * Row numbers, the least likely first, without rows of which nothing is observed.
   *
   * @param samples the rows, NaN where a value is missing or hidden
   * @param logLikelihood of each row
   * @param count most rows
   */
  public static int[] leastLikely(Samples samples, double[] logLikelihood, int count) {
    return IntStream.range(0, logLikelihood.length)
        // The log-likelihood of no value is 0.
        .filter(i -> logLikelihood[i] != 0 || isObserved(samples.row(i)))
        .boxed()
        .sorted(Comparator.comparingDouble(i -> logLikelihood[i]))
        .limit(count)
        .mapToInt(i -> i)
        .toArray();
  }

  private static boolean isObserved(float[] row) {
    for (float value : row) {
      if (!Float.isNaN(value)) {
        return true;
      }
    }
    return false;
  }

  /** Images of a set side by side. */
  public static Mosaic grid(Samples samples, int[] rows, int columns) {
    ImageShape shape =
        samples
            .shape()
            .orElseThrow(
                () -> new InputException(samples.name() + ": its rows are not images to draw"));
    return Mosaic.of(samples, rows, Mosaic.Options.readable(shape).withColumns(columns));
  }
}
