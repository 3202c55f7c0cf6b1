package org.mixel.study.paper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.figure.Mosaic;
import org.mixel.figure.Tile;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.neural.NetworkModel;
import org.mixel.page.MixturePictures;
import org.mixel.report.Block;
import org.mixel.tensor.ComputeDevice;

/**
 * Models from inside: pairs of a mixture's sample and its translation (the paper's Figure 8), and
 * components and likelihoods of mixtures (its Figure 6 and section 5.2).
 */
final class ModelPictures {
  private static final int PAIRS = 30;
  private static final int COMPONENTS = 8;

  /** Names of likelihoods. */
  static final String TRAIN = "nats per training image";

  static final String UNSEEN = "nats per unseen image";

  private ModelPictures() {}

  /** Samples of the mixture that a network translates, and what it makes of them. */
  static Block.Picture pairs(Path file, long seed, ComputeDevice device) {
    try (NetworkModel model = NetworkModel.load(file, device)) {
      ImageShape shape = model.architecture().shape().orElseThrow();
      NetworkModel.Translations drawn = model.translations(PAIRS, seed);
      List<Tile> tiles = new ArrayList<>();
      for (int at = 0; at < drawn.given().length; at += shape.dims()) {
        tiles.add(Tile.of(Arrays.copyOfRange(drawn.given(), at, at + shape.dims())));
        tiles.add(Tile.of(Arrays.copyOfRange(drawn.made(), at, at + shape.dims())));
      }
      return new Block.Picture(
          Mosaic.of(shape, tiles, Mosaic.Options.readable(shape).withColumns(12)),
          "Pairs of a mixture's sample and its translation",
          "Samples of the mixture (left of each pair) and what pix2pix makes of them (right).");
    }
  }

  /** The heaviest components of a mixture. */
  static Block.Picture components(Path file, ComputeDevice device) {
    try (MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(file, device)) {
      return new Block.Picture(
          MixturePictures.components(
              model, MixturePictures.heaviest(model, COMPONENTS), Math.min(5, model.factors())),
          "Components of a mixture",
          "The heaviest components: mean and noise variance on top; then factors added, alone and"
              + " taken away.");
    }
  }

  /** Mean log-likelihoods of a mixture. */
  static Map<String, Double> likelihoods(
      Path file, Split split, ComputeDevice device, Progress progress) {
    try (MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(file, device)) {
      Map<String, Double> likelihoods = new LinkedHashMap<>();
      likelihoods.put(TRAIN, Scoring.meanLogLikelihood(model, split.train(), progress));
      likelihoods.put(UNSEEN, Scoring.meanLogLikelihood(model, split.counted(), progress));
      return likelihoods;
    }
  }
}
