package org.mixel.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.SampleWriter;
import org.mixel.figure.Mosaic;
import org.mixel.figure.Tile;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Sampler;
import org.mixel.study.MixturePictures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mixel sample}: draws rows of a model. */
@Command(
    name = "sample",
    header = "Draw samples of a model.",
    description =
        "Without --noise and --clip, rows are A z + mu as the paper draws them, and values may leave"
            + " [0, 1].",
    sortOptions = false)
final class SampleCommand extends Subcommand {
  /** A picture of more images than this shows nothing. */
  private static final int MOST_IN_MOSAIC = 10_000;

  @Mixin private ModelFile model = new ModelFile();

  @Option(names = "-n", required = true, paramLabel = "N", description = "How many.")
  private int count;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT",
      description = "x.npy, x.npz, x.png (a mosaic), or a folder of PNG files.")
  private Path output;

  @Option(names = "--noise", description = "Add the model's pixel noise.")
  private boolean noise;

  @Option(names = "--clip", description = "Clip values to [0, 1].")
  private boolean clip;

  @Mixin private DeviceChoice device = new DeviceChoice();

  private record Drawn(int rows, int dims, long seed, boolean noise, boolean clip, String output) {}

  @Override
  Answer run(Session session) {
    if (count < 1) {
      throw new InputException("-n must be at least 1, got " + count);
    }
    boolean picture = output.toString().toLowerCase(Locale.ROOT).endsWith(".png");
    if (picture && count > MOST_IN_MOSAIC) {
      throw new InputException(
          "a mosaic shows at most "
              + MOST_IN_MOSAIC
              + " images, got -n "
              + count
              + "; write a .npy file or a folder");
    }
    try (MixtureOfFactorAnalyzers mixture = model.open(device.device());
        Sampler sampler = Sampler.of(mixture, noise, session.seed())) {
      if (picture) {
        mosaic(mixture, sampler, session.progress());
      } else {
        rows(mixture, sampler, session.progress());
      }
      Drawn drawn =
          new Drawn(count, mixture.dims(), session.seed(), noise, clip, output.toString());
      return Answer.of(
          drawn, String.format(Locale.ROOT, "%s: %,d samples", drawn.output(), drawn.rows()));
    }
  }

  private void rows(MixtureOfFactorAnalyzers mixture, Sampler sampler, Progress progress) {
    ImageShape shape = mixture.shape().orElse(null);
    try (SampleWriter writer =
            SampleWriter.create(output, count, mixture.dims(), shape, ElementType.FLOAT32);
        Progress.Stage stage = progress.begin("sampling", count)) {
      for (int done = 0; done < count; ) {
        int step = Math.min(sampler.batchRows(), count - done);
        writer.write(clipped(sampler.nextRows(step)));
        done += step;
        stage.advance(step);
      }
    }
  }

  private void mosaic(MixtureOfFactorAnalyzers mixture, Sampler sampler, Progress progress) {
    ImageShape shape = MixturePictures.shapeOf(mixture);
    List<Tile> tiles = new ArrayList<>();
    try (Progress.Stage stage = progress.begin("sampling", count)) {
      while (tiles.size() < count) {
        int step = Math.min(sampler.batchRows(), count - tiles.size());
        float[] rows = sampler.nextRows(step);
        for (int at = 0; at < rows.length; at += shape.dims()) {
          tiles.add(Tile.of(Arrays.copyOfRange(rows, at, at + shape.dims())));
        }
        stage.advance(step);
      }
    }
    int columns = (int) Math.ceil(Math.sqrt(count));
    Mosaic.of(
            shape,
            tiles,
            Mosaic.Options.defaults()
                .withColumns(columns)
                .withScale(columns <= 20 ? Mosaic.Options.readableScale(shape) : 1))
        .writePng(output);
  }

  private float[] clipped(float[] rows) {
    if (clip) {
      for (int i = 0; i < rows.length; i++) {
        rows[i] = Math.min(1, Math.max(0, rows[i]));
      }
    }
    return rows;
  }
}
