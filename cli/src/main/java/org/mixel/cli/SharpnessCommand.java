package org.mixel.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mixel.data.Samples;
import org.mixel.metric.Sharpness;
import org.mixel.tensor.ComputeDevice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mixel sharpness}: the share of images' energy in high frequencies. */
@Command(
    name = "sharpness",
    header = "Measure how sharp images are.",
    description =
        "Prints one line per set: the mean over its images of log(energy of the image less its"
            + " Gaussian blur) - log(energy of the image). Higher is sharper; brightness and"
            + " contrast do not matter.",
    sortOptions = false)
final class SharpnessCommand extends Subcommand {
  private static final Sharpness.Options DEFAULTS = Sharpness.Options.defaults();

  @Parameters(
      index = "0..*",
      arity = "1..*",
      paramLabel = "DATA",
      description = "Files, folders, sets' names, or models to draw from.")
  private List<String> data;

  @Option(
      names = "--images",
      paramLabel = "N",
      description = "Look at so many images of each set, chosen by --seed (default: 2000).")
  private int images = DEFAULTS.images();

  @Option(
      names = "--sigma",
      paramLabel = "PIXELS",
      description = "Standard deviation of the Gaussian (default: " + Sharpness.SIGMA + ").")
  private double sigma = DEFAULTS.sigma();

  @Mixin private DataReading reading;
  @Mixin private DeviceChoice device;

  @Override
  Answer run(Session session) {
    Sharpness.Options options =
        DEFAULTS.withSeed(session.seed()).withImages(images).withSigma(sigma);
    ComputeDevice where = device.device();
    List<Samples> sets =
        data.stream()
            .map(each -> reading.openOrDraw(each, options.images(), where, session))
            .toList();
    List<Sharpness> measured =
        sets.stream().map(set -> Sharpness.of(set, options, where, session.progress())).toList();
    measured.stream().filter(each -> each.constant() > 0).forEach(each -> tell(each, session));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("sharpness", measured);
    document.put("sigma", options.sigma());
    document.put("seed", options.seed());
    return Answer.of(document, table(measured));
  }

  private static void tell(Sharpness each, Session session) {
    session.note(
        "%s: %d of %d images are constant and were left out"
            .formatted(each.data(), each.constant(), each.images()));
  }

  private static TextTable table(List<Sharpness> measured) {
    TextTable table = TextTable.of("data", "images", "sharpness %.3f", "standard error %.3f");
    for (Sharpness each : measured) {
      double error = each.standardError();
      table.row(each.data(), each.images(), each.sharpness(), Double.isNaN(error) ? null : error);
    }
    return table;
  }
}
