package org.mixel.cli;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.RowSampler;
import org.mixel.io.SampleWriter;
import org.mixel.neural.ModelSampler;
import org.mixel.page.SamplePictures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mixel sample}: draws rows of a model. */
@Command(
    name = "sample",
    header = "Draw samples of a model.",
    description =
        "Of a mixture or of a network that mixel train made. Without --noise and --clip, rows of a"
            + " mixture are A z + mu as the paper draws them, and values may leave [0, 1].",
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
      description =
          "x.npy, x.npz, x.png (a mosaic), or a folder of PNG files: a name without an ending, or with a / behind it.")
  private String output;

  @Option(names = "--noise", description = "Add a mixture's pixel noise.")
  private boolean noise;

  @Option(names = "--clip", description = "Clip values to [0, 1].")
  private boolean clip;

  @Mixin private DeviceChoice device = new DeviceChoice();

  private record Drawn(int rows, int dims, long seed, boolean noise, boolean clip, String output) {}

  @Override
  Answer run(Session session) {
    require(count >= 1, "-n must be at least 1, got " + count);
    RowsOutput place = RowsOutput.of(output);
    require(
        !place.mosaic() || count <= MOST_IN_MOSAIC,
        "a mosaic shows at most %d images, got -n %d; write a .npy file or a folder"
            .formatted(MOST_IN_MOSAIC, count));
    place.addTo(new Places().reads(model.file())).check();
    try (RowSampler sampler =
        ModelSampler.open(model.file(), noise, session.seed(), device.device())) {
      require(
          !clip || sampler.shape().isPresent(),
          "--clip is for images, and the rows of " + model.file() + " are none");
      if (place.mosaic()) {
        mosaic(sampler, place.path(), session.progress());
      } else {
        place.requireSpace(count, sampler.dims(), sampler.type());
        rows(sampler, place.path(), session.progress());
      }
      Drawn drawn = new Drawn(count, sampler.dims(), session.seed(), noise, clip, place.toString());
      return Answer.of(drawn, "%s: %,d samples".formatted(drawn.output(), drawn.rows()));
    }
  }

  private void rows(RowSampler sampler, Path file, Progress progress) {
    ImageShape shape = sampler.shape().orElse(null);
    try (SampleWriter writer =
            SampleWriter.create(file, count, sampler.dims(), shape, sampler.type());
        Progress.Stage stage = progress.begin("sampling", count)) {
      for (int done = 0; done < count; ) {
        int step = Math.min(sampler.batchRows(), count - done);
        writer.write(clipped(sampler.nextDoubles(step)));
        done += step;
        stage.advance(step);
      }
    }
  }

  private void mosaic(RowSampler sampler, Path file, Progress progress) {
    ImageShape shape =
        sampler
            .shape()
            .orElseThrow(
                () ->
                    new InputException(
                        model.file() + ": its rows are not images; write them to a .npy file"));
    SamplePictures.mosaic(sampler.take("samples", count, progress), shape).writePng(file);
  }

  private double[] clipped(double[] rows) {
    if (clip) {
      for (int i = 0; i < rows.length; i++) {
        rows[i] = Math.min(1, Math.max(0, rows[i]));
      }
    }
    return rows;
  }
}
