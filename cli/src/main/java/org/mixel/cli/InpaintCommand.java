package org.mixel.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.mixel.InputException;
import org.mixel.data.ElementType;
import org.mixel.data.SampleWriter;
import org.mixel.data.Samples;
import org.mixel.mfa.Inpainting;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.study.Mask;
import org.mixel.study.MixturePictures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mixel inpaint}: completes hidden parts of images. */
@Command(
    name = "inpaint",
    header = "Complete hidden parts of images from what is seen of them.",
    sortOptions = false)
final class InpaintCommand extends Subcommand {
  private static final int SHOWN = 48;

  @Mixin private ModelFile model = new ModelFile();

  @Parameters(index = "1", paramLabel = "DATA", description = "A file, a folder or a set's name.")
  private String data;

  @Option(
      names = "--mask",
      required = true,
      paramLabel = "left|right|top|bottom|center|FILE.png",
      description = "What is hidden; in a picture, its bright pixels.")
  private String mask;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT",
      description =
          "x.npy, x.npz or a folder for all completions; x.png for a mosaic of the first rows:"
              + " original, what is seen, completions.")
  private Path output;

  @Option(
      names = "--mode",
      paramLabel = "paper|mean|sample",
      defaultValue = "paper",
      description =
          "paper: by the most probable component; mean: of the whole mixture; sample: drawn"
              + " (default: ${DEFAULT-VALUE}).")
  private String mode;

  @Option(
      names = "--draws",
      paramLabel = "S",
      description = "Completions of each row; more than 1 needs --mode sample (default: 1).")
  private int draws = 1;

  @Mixin private DataReading reading = new DataReading();
  @Mixin private DeviceChoice device = new DeviceChoice();

  private record Completed(int rows, int draws, String mode, String mask, String output) {}

  @Override
  Answer run(Session session) {
    Inpainting.Mode how = Inpainting.Mode.of(mode);
    if (draws > 1 && how != Inpainting.Mode.SAMPLE) {
      throw new InputException(
          "--draws " + draws + " needs --mode sample: the others always give the same completion");
    }
    try (MixtureOfFactorAnalyzers mixture = model.open(device.device())) {
      Samples samples = reading.open(data, session);
      boolean[] observed = Mask.observed(mask, MixturePictures.shapeOf(mixture));
      boolean picture = output.toString().toLowerCase(Locale.ROOT).endsWith(".png");
      Samples rows =
          picture
              ? samples.select(IntStream.range(0, Math.min(SHOWN, samples.rows())).toArray())
              : samples;
      if (picture) {
        mosaic(mixture, rows, observed, how, session);
      } else {
        write(mixture, rows, observed, how, session);
      }
      Completed completed = new Completed(rows.rows(), draws, mode, mask, output.toString());
      return Answer.of(
          completed,
          String.format(
              Locale.ROOT, "%s: %,d rows completed", completed.output(), completed.rows()));
    }
  }

  private void mosaic(
      MixtureOfFactorAnalyzers mixture,
      Samples rows,
      boolean[] observed,
      Inpainting.Mode how,
      Session session) {
    int dims = mixture.dims();
    List<float[]> completed = new ArrayList<>();
    Inpainting.complete(
        mixture,
        rows,
        observed,
        how,
        draws,
        session.seed(),
        session.progress(),
        values -> {
          for (int at = 0; at < values.length; at += dims) {
            completed.add(Arrays.copyOfRange(values, at, at + dims));
          }
        });
    List<float[]> originals = IntStream.range(0, rows.rows()).mapToObj(rows::row).toList();
    MixturePictures.completions(originals, completed, observed, MixturePictures.shapeOf(mixture))
        .writePng(output);
  }

  private void write(
      MixtureOfFactorAnalyzers mixture,
      Samples rows,
      boolean[] observed,
      Inpainting.Mode how,
      Session session) {
    int count = Math.multiplyExact(rows.rows(), draws);
    try (SampleWriter writer =
        SampleWriter.create(
            output, count, mixture.dims(), mixture.shape().orElse(null), ElementType.FLOAT32)) {
      Inpainting.complete(
          mixture, rows, observed, how, draws, session.seed(), session.progress(), writer::write);
    }
  }
}
