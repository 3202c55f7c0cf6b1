package org.mixel.cli;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mixel.data.Mask;
import org.mixel.data.Samples;
import org.mixel.io.SampleWriter;
import org.mixel.mfa.Inpainting;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.page.MixturePictures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mixel inpaint}: completes hidden parts of images. */
@Command(
    name = "inpaint",
    header = "Complete hidden or missing parts of rows from what is seen of them.",
    sortOptions = false)
final class InpaintCommand extends Subcommand {
  private static final int SHOWN = 48;

  @Mixin private ModelFile model = new ModelFile();

  @Parameters(index = "1", paramLabel = "DATA", description = "A file, a folder or a set's name.")
  private String data;

  @Mixin private MaskChoice mask = new MaskChoice();

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT",
      description =
          "x.npy, x.npz or a folder (without an ending, or with a / behind it) for all completions;"
              + " x.png for a mosaic of the first rows:"
              + " original, what is seen, completions.")
  private String output;

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
      description =
          "Completions of each row, written one after the other before those of the next row; more"
              + " than 1 needs --mode sample (default: 1).")
  private int draws = 1;

  @Option(
      names = "--variance",
      paramLabel = "OUT.npy",
      description =
          "Also write how uncertain each hidden value is: its variance under the whole mixture, 0 for"
              + " observed values (needs --mode mean).")
  private @Nullable Path variance;

  @Mixin private DataReading reading = new DataReading();
  @Mixin private DeviceChoice device = new DeviceChoice();

  private record Completed(
      int rows,
      int draws,
      String mode,
      @Nullable String mask,
      String output,
      @Nullable String variance) {}

  /**
   * Rows to complete.
   *
   * @param originals rows with all that is known of them, for pictures
   * @param rows the same with NaN in what a mask hides row by row
   * @param observed what a mask for all rows leaves, or null if there is none
   */
  private record Task(Samples originals, Samples rows, boolean @Nullable [] observed) {
    Task first(int count) {
      int[] chosen = IntStream.range(0, Math.min(count, rows.rows())).toArray();
      return new Task(originals.select(chosen), rows.select(chosen), observed);
    }
  }

  @Override
  Answer run(Session session) {
    Inpainting.Mode chosen = Inpainting.Mode.of(mode);
    require(
        draws <= 1 || chosen == Inpainting.Mode.SAMPLE,
        "--draws " + draws + " needs --mode sample: the others always give the same completion");
    require(
        variance == null || chosen == Inpainting.Mode.MEAN,
        "--variance is that about the mean; add --mode mean");
    RowsOutput place = RowsOutput.of(output);
    place
        .addTo(new Places().reads(model.file()).reads(data).reads(mask.text()))
        .writes(variance, ".npy", ".npz")
        .check();
    try (MixtureOfFactorAnalyzers mixture = model.open(device.device())) {
      Inpainting.Options options = new Inpainting.Options(chosen, draws, session.seed());
      Task task = task(reading.open(data, session), mixture);
      if (place.mosaic()) {
        task = task.first(SHOWN);
        MixturePictures.completions(
                mixture,
                task.originals(),
                task.rows(),
                task.observed(),
                options,
                session.progress())
            .writePng(place.path());
      } else {
        write(mixture, task, options, place, session);
      }
      if (variance != null) {
        writeVariance(mixture, task, variance, session);
      }
      Completed completed =
          new Completed(
              task.rows().rows(),
              draws,
              mode,
              mask.text(),
              place.toString(),
              variance == null ? null : variance.toString());
      return Answer.of(
          completed,
          "%s: %,d rows".formatted(completed.output(), completed.rows())
              + (draws == 1 ? " completed" : ", " + draws + " completions each"));
    }
  }

  private Task task(Samples samples, MixtureOfFactorAnalyzers mixture) {
    Mask hidden = mask.of(samples, samples.shape().or(mixture::shape)).orElse(null);
    require(
        hidden != null || samples.hasMissing(),
        samples.name() + ": no value is missing (NaN), so nothing is to complete; add --mask");
    require(
        hidden == null || !hidden.hidesNothing() || samples.hasMissing(),
        mask.text() + ": hides no value; bright pixels, and numbers that are not zero, are hidden");
    return hidden == null || hidden.shared()
        ? new Task(samples, samples, hidden == null ? null : hidden.observed(0))
        : new Task(samples, samples.masked(hidden), null);
  }

  private static void write(
      MixtureOfFactorAnalyzers mixture,
      Task task,
      Inpainting.Options options,
      RowsOutput place,
      Session session) {
    long count = (long) task.rows().rows() * options.draws();
    require(
        count <= Integer.MAX_VALUE,
        "--draws %d of %d rows are more rows than a file holds; ask for fewer"
            .formatted(options.draws(), task.rows().rows()));
    try (SampleWriter writer = place.create((int) count, mixture)) {
      Inpainting.write(mixture, task.rows(), task.observed(), options, session.progress(), writer);
    }
  }

  private static void writeVariance(
      MixtureOfFactorAnalyzers mixture, Task task, Path file, Session session) {
    try (SampleWriter writer = RowsOutput.of(file.toString()).create(task.rows().rows(), mixture)) {
      Inpainting.writeVariance(mixture, task.rows(), task.observed(), session.progress(), writer);
    }
  }
}
