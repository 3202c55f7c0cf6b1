package org.mixel.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.io.SampleWriter;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Reconstruction;
import org.mixel.mfa.Scoring;
import org.mixel.page.MixturePictures;
import org.mixel.page.ValueNotes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mixel reconstruct}: rows by their most probable components. */
@Command(
    name = "reconstruct",
    header = "Reconstruct each row by its most probable component.",
    description =
        "A row becomes mu + A E[z given x]. Where values are missing (NaN), the others say which"
            + " component and which z; the reconstruction is of the whole row.",
    sortOptions = false)
final class ReconstructCommand extends Subcommand {
  private static final int SHOWN = 48;

  @Mixin private ModelFile model = new ModelFile();

  @Parameters(index = "1", paramLabel = "DATA", description = "A file, a folder or a set's name.")
  private String data;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT",
      description =
          "x.npy, x.npz or a folder (without an ending, or with a / behind it) for all rows; x.png"
              + " for a mosaic of the first: original, reconstruction.")
  private String output;

  @Mixin private DataReading reading = new DataReading();
  @Mixin private DeviceChoice device = new DeviceChoice();

  /**
   * @param meanSquaredError of the observed values; null if there are none
   */
  private record Reconstructed(
      int rows, int dims, @Nullable Double meanSquaredError, String output) {}

  @Override
  Answer run(Session session) {
    RowsOutput place = RowsOutput.of(output);
    place.addTo(new Places().reads(model.file()).reads(data)).check();
    try (MixtureOfFactorAnalyzers mixture = model.open(device.device())) {
      Samples samples = reading.open(data, session);
      Scoring.requireSameDims(mixture, samples);
      ValueNotes.ofModel(mixture, samples).ifPresent(session::note);
      int rows = place.mosaic() ? Math.min(SHOWN, samples.rows()) : samples.rows();
      double error =
          place.mosaic()
              ? mosaic(mixture, first(samples, rows), place, session)
              : write(mixture, samples, place, session);
      Double known = Double.isNaN(error) ? null : error;
      return Answer.of(
          new Reconstructed(rows, mixture.dims(), known, place.toString()),
          "%s: %,d rows reconstructed, mean squared error %.6g".formatted(place, rows, error));
    }
  }

  private static Samples first(Samples samples, int count) {
    return samples.select(IntStream.range(0, count).toArray());
  }

  private static double write(
      MixtureOfFactorAnalyzers mixture, Samples samples, RowsOutput place, Session session) {
    try (SampleWriter writer = place.create(samples.rows(), mixture)) {
      return Reconstruction.write(mixture, samples, session.progress(), writer);
    }
  }

  private static double mosaic(
      MixtureOfFactorAnalyzers mixture, Samples samples, RowsOutput place, Session session) {
    ImageShape shape = MixturePictures.shapeOf(mixture);
    int dims = mixture.dims();
    List<float[]> reconstructed = new ArrayList<>();
    double error =
        Reconstruction.of(
            mixture,
            samples,
            session.progress(),
            values -> {
              for (int at = 0; at < values.length; at += dims) {
                reconstructed.add(Arrays.copyOfRange(values, at, at + dims));
              }
            });
    List<float[]> originals = IntStream.range(0, samples.rows()).mapToObj(samples::row).toList();
    MixturePictures.reconstructions(originals, reconstructed, shape).writePng(place.path());
    return error;
  }
}
