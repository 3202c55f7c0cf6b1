package org.mixel.study;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.figure.Mosaic;
import org.mixel.figure.Tile;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.neural.NetworkModel;
import org.mixel.report.Block;
import org.mixel.report.Report;
import org.mixel.tensor.ComputeDevice;

/**
 * Mixtures and networks together: pairs of its samples and their translations (the paper's Figure
 * 8), and the likelihood and components of a mixture that was trained adversarially (section 5.2).
 */
final class MixturesOfNetworks {
  private static final int PAIRS = 30;
  private static final int COMPONENTS = 8;

  private MixturesOfNetworks() {}

  /**
   * @param models the folder of a study's models
   */
  static Report.Section section(
      Path models,
      Samples train,
      Samples test,
      long seed,
      ComputeDevice device,
      Progress progress) {
    List<Block> blocks = new ArrayList<>();
    Path translation = models.resolve("pix2pix.net");
    if (Files.exists(translation)) {
      blocks.add(pairs(translation, seed, device));
    }
    Path adversarial = models.resolve("adversarial-mfa.mfa");
    if (Files.exists(adversarial)) {
      blocks.add(
          likelihoods(models.resolve("mfa.mfa"), adversarial, train, test, device, progress));
      try (MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(adversarial, device)) {
        blocks.add(
            new Block.Picture(
                MixturePictures.components(
                    model, MixturePictures.heaviest(model, COMPONENTS), model.factors()),
                "Components of the adversarial mixture",
                "The heaviest components of the adversarially trained mixture: mean and noise"
                    + " variance on top; then each factor added, alone and taken away."));
      }
    }
    return new Report.Section("Sharp images of a mixture", blocks);
  }

  private static Block.Picture pairs(Path file, long seed, ComputeDevice device) {
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

  private static Block.Table likelihoods(
      Path likely,
      Path adversarial,
      Samples train,
      Samples test,
      ComputeDevice device,
      Progress progress) {
    Block.Table table =
        Block.Table.of(
            "Mean log-likelihood in nats per image: training as an adversary costs what training"
                + " by likelihood gains.",
            Block.Column.text("Mixture"),
            Block.Column.number("training images", "%.1f"),
            Block.Column.number("test images", "%.1f"));
    for (Path file : List.of(likely, adversarial)) {
      try (MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(file, device)) {
        table =
            table.row(
                file.equals(likely) ? "by likelihood" : "adversarial",
                Scoring.meanLogLikelihood(model, train, progress),
                Scoring.meanLogLikelihood(model, test, progress));
      }
    }
    return table;
  }
}
