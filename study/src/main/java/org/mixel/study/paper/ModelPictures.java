package org.mixel.study.paper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.figure.ComponentFigure;
import org.mixel.figure.Mosaic;
import org.mixel.figure.Tile;
import org.mixel.io.Masks;
import org.mixel.mfa.Component;
import org.mixel.mfa.Inpainting;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Reconstruction;
import org.mixel.mfa.Scoring;
import org.mixel.neural.NetworkModel;
import org.mixel.page.MixturePictures;
import org.mixel.report.Block;
import org.mixel.tensor.ComputeDevice;

/**
 * Models from inside: components, outliers, completions, reconstructions and likelihoods of
 * mixtures (the paper's Figures 6, 7 and 21), and pairs of a mixture's sample and its translation
 * (its Figure 8).
 */
final class ModelPictures {
  /** Names of pictures. */
  static final String PAIRS = "pairs";

  static final String COMPONENTS = "components";
  static final String COMBINATIONS = "combinations";
  static final String OUTLIERS = "outliers";
  static final String COMPLETIONS = "completions";
  static final String RECONSTRUCTIONS = "reconstructions";

  /** Names of likelihoods. */
  static final String TRAIN = "nats per training image";

  static final String UNSEEN = "nats per unseen image";

  /** The name of the noise's standard deviation, in units of pixels. */
  static final String NOISE = "noise";

  private static final List<String> HALVES = List.of("right", "left", "bottom", "top");
  private static final int COMPLETED_OF_EACH = 4;
  private static final int PAIRS_SHOWN = 30;
  private static final int COMPONENTS_SHOWN = 8;
  private static final int FACTORS_SHOWN = 5;
  private static final int OUTLIERS_SHOWN = 40;
  private static final int RECONSTRUCTED = 6;
  private static final int COMBINATION_STEPS = 7;
  private static final double COMBINATION_LIMIT = 1.5;

  private final MixtureOfFactorAnalyzers model;
  private final Split split;
  private final Progress progress;
  private final Map<String, Block.Picture> pictures = new LinkedHashMap<>();
  private final Map<String, Double> facts = new LinkedHashMap<>();

  private ModelPictures(MixtureOfFactorAnalyzers model, Split split, Progress progress) {
    this.model = model;
    this.split = split;
    this.progress = progress;
  }

  /**
   * A model from inside.
   *
   * @param pictures by their names
   * @param facts figures by their names
   */
  record Inside(Map<String, Block.Picture> pictures, Map<String, Double> facts) {}

  /** Samples of the mixture that a network translates, and what it makes of them. */
  static Inside ofTranslation(Path file, long seed, ComputeDevice device) {
    try (NetworkModel model = NetworkModel.load(file, device)) {
      ImageShape shape = model.architecture().shape().orElseThrow();
      NetworkModel.Translations drawn = model.translations(PAIRS_SHOWN, seed);
      List<Tile> tiles = new ArrayList<>();
      for (int at = 0; at < drawn.given().length; at += shape.dims()) {
        tiles.add(Tile.of(Arrays.copyOfRange(drawn.given(), at, at + shape.dims())));
        tiles.add(Tile.of(Arrays.copyOfRange(drawn.made(), at, at + shape.dims())));
      }
      Block.Picture pairs =
          new Block.Picture(
              Mosaic.of(
                  shape, tiles, Mosaic.Options.readable(shape).withColumns(12).withGroups(0, 2)),
              "Pairs of a mixture's sample and its translation",
              "Samples of the mixture (left of each pair) and what pix2pix makes of them (right).");
      return new Inside(Map.of(PAIRS, pairs), Map.of());
    }
  }

  /** A mixture of the study's own number of components. */
  static Inside ofMixture(Path file, Split split, ComputeDevice device, Progress progress) {
    try (MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(file, device)) {
      ModelPictures inside = new ModelPictures(model, split, progress);
      double[] likelihoods = Scoring.logLikelihood(model, split.counted(), progress);
      inside.judge(Arrays.stream(likelihoods).average().orElseThrow());
      inside.components();
      inside.outliers(likelihoods);
      inside.completions();
      inside.reconstructions();
      return inside.all();
    }
  }

  /** One of several mixtures of growing size. */
  static Inside ofSeries(Path file, Split split, ComputeDevice device, Progress progress) {
    try (MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(file, device)) {
      ModelPictures inside = new ModelPictures(model, split, progress);
      inside.judge(Scoring.meanLogLikelihood(model, split.counted(), progress));
      inside.reconstructions();
      return inside.all();
    }
  }

  private Inside all() {
    return new Inside(pictures, facts);
  }

  private void judge(double unseen) {
    facts.put(TRAIN, Scoring.meanLogLikelihood(model, split.train(), progress));
    facts.put(UNSEEN, unseen);
    facts.put(NOISE, model.noiseDeviation());
  }

  private void components() {
    int[] shown = spread();
    pictures.put(
        COMPONENTS,
        new Block.Picture(
            MixturePictures.components(model, shown, Math.min(FACTORS_SHOWN, model.factors())),
            "Components of a mixture",
            "Components at even distances in the heavier half: mean and noise variance on top; then"
                + " factors added, alone and taken away."));
    if (model.factors() >= 2) {
      ImageShape shape = MixturePictures.shapeOf(model);
      Component lively =
          IntStream.of(shown)
              .mapToObj(model::component)
              .max(Comparator.comparingDouble(ModelPictures::energy))
              .orElseThrow();
      pictures.put(
          COMBINATIONS,
          new Block.Picture(
              ComponentFigure.grid(
                  lively.mean(),
                  lively.factors()[0],
                  lively.factors()[1],
                  shape,
                  COMBINATION_STEPS,
                  COMBINATION_LIMIT,
                  Mosaic.Options.readableScale(shape)),
              "Two factors of a component varied together",
              "The first two factors of one of these components, varied together; the mean is in"
                  + " the middle."));
    }
  }

  /** Components of different weights; the heaviest alone are often alike. */
  private int[] spread() {
    int[] heavier = MixturePictures.heaviest(model, (model.components() + 1) / 2);
    int count = Math.min(COMPONENTS_SHOWN, heavier.length);
    return IntStream.range(0, count).map(i -> heavier[i * heavier.length / count]).toArray();
  }

  /** Of the first two factors. */
  private static double energy(Component component) {
    double sum = 0;
    for (float[] factor : List.of(component.factors()[0], component.factors()[1])) {
      for (float value : factor) {
        sum += value * value;
      }
    }
    return sum;
  }

  private void outliers(double[] likelihoods) {
    int[] rows = MixturePictures.leastLikely(split.counted(), likelihoods, OUTLIERS_SHOWN);
    pictures.put(
        OUTLIERS,
        new Block.Picture(
            MixturePictures.grid(split.counted(), rows, 10),
            "The least likely of the unseen images",
            String.format(
                Locale.ROOT,
                "The %d least likely of %,d unseen images.",
                rows.length,
                split.counted().rows())));
  }

  /** Halves of unseen images, completed. */
  private void completions() {
    int count = Math.min(split.counted().rows(), HALVES.size() * COMPLETED_OF_EACH);
    Samples originals = split.counted().select(IntStream.range(0, count).toArray());
    ImageShape shape = MixturePictures.shapeOf(model);
    float[] hidden = new float[count * shape.dims()];
    for (int i = 0; i < count; i++) {
      String half = HALVES.get(i % HALVES.size());
      boolean[] observed = Masks.read(half, originals, originals.shape()).observed(0);
      float[] row = originals.row(i);
      for (int j = 0; j < row.length; j++) {
        hidden[i * row.length + j] = observed[j] ? row[j] : Float.NaN;
      }
    }
    Samples rows = StoredSamples.ofFloats("halves", shape.dims(), shape, hidden);
    pictures.put(
        COMPLETIONS,
        new Block.Picture(
            MixturePictures.completions(
                model, originals, rows, null, Inpainting.Options.defaults(), progress),
            "Unseen images, their halves, and the halves completed",
            "The first unseen images: the original, the half that the mixture is shown, and its"
                + " completion."));
  }

  private void reconstructions() {
    int count = Math.min(split.counted().rows(), RECONSTRUCTED);
    Samples rows = split.counted().select(IntStream.range(0, count).toArray());
    List<float[]> originals = IntStream.range(0, count).mapToObj(rows::row).toList();
    List<float[]> reconstructed = new ArrayList<>();
    Reconstruction.of(
        model,
        rows,
        progress,
        batch -> {
          for (int at = 0; at < batch.length; at += rows.dims()) {
            reconstructed.add(Arrays.copyOfRange(batch, at, at + rows.dims()));
          }
        });
    pictures.put(
        RECONSTRUCTIONS,
        new Block.Picture(
            MixturePictures.reconstructions(
                originals, reconstructed, MixturePictures.shapeOf(model)),
            "Images and their reconstructions",
            String.format(Locale.ROOT, "Components: %,d.", model.components())));
  }
}
