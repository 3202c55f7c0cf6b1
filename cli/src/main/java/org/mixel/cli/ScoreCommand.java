package org.mixel.cli;

import static org.mixel.InputException.require;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mixel.data.Samples;
import org.mixel.mfa.Familiarity;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.page.MixturePictures;
import org.mixel.page.ValueNotes;
import org.mixel.stat.LowerTail;
import org.mixel.stat.MannWhitney;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mixel score}: log-likelihoods and outliers. */
@Command(
    name = "score",
    header = "Tell how likely a model finds each row.",
    description =
        "Prints one line per row: its number and its log-likelihood in nats, of values as they are"
            + " (pixels in [0, 1]); of the observed values where others are missing or hidden.",
    sortOptions = false)
final class ScoreCommand extends Subcommand {
  @Mixin private ModelFile model = new ModelFile();

  @Parameters(index = "1", paramLabel = "DATA", description = "A file, a folder or a set's name.")
  private String data;

  @Option(
      names = "--outliers",
      paramLabel = "N",
      description = "Show the N strangest images in a picture (needs -o).")
  private @Nullable Integer outliers;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT.png",
      description = "Where the picture of the outliers goes.")
  private @Nullable Path output;

  @Option(
      names = "--bits-per-dim",
      description = "Add bits per pixel of 8-bit images, by dequantised pixels (x + u) / 256.")
  private boolean bitsPerDim;

  @Option(
      names = "--by",
      paramLabel = "familiarity|likelihood",
      description =
          "The measure of strangeness: familiarity is nearness to its component among images as rough"
              + " as it is, and tells other kinds of images apart better (default: for --outliers"
              + " familiarity, if the model has it; with --false-alarms likelihood).")
  private @Nullable String by;

  @Mixin private FalseAlarmChoice falseAlarms = new FalseAlarmChoice();
  @Mixin private MaskChoice mask = new MaskChoice();
  @Mixin private DataReading reading = new DataReading();
  @Mixin private DeviceChoice device = new DeviceChoice();

  /** Scores rows, the stranger the lower. */
  private interface Judge {
    double[] scores(Samples rows);
  }

  private void requireConsistent() {
    require(
        (outliers == null) == (output == null),
        "--outliers and -o go together: how many, and into which picture");
    require(outliers == null || outliers >= 1, "--outliers must be at least 1, got " + outliers);
    require(
        !bitsPerDim || mask.text() == null, "--bits-per-dim is of whole images; leave out --mask");
    require(
        by == null || by.equals("familiarity") || by.equals("likelihood"),
        "--by must be familiarity or likelihood, got " + by);
    require(
        by == null || outliers != null || falseAlarms.normal() != null,
        "--by needs --outliers or --false-alarms");
    falseAlarms.check();
  }

  @Override
  Answer run(Session session) {
    requireConsistent();
    new Places()
        .reads(model.file())
        .reads(data)
        .reads(falseAlarms.normal())
        .reads(mask.text())
        .writes(output, ".png")
        .check();
    try (MixtureOfFactorAnalyzers mixture = model.open(device.device())) {
      Samples samples = reading.open(data, session);
      Scoring.requireSameDims(mixture, samples);
      ValueNotes.ofModel(mixture, samples).ifPresent(session::note);
      Samples seen = mask.apply(samples);
      double[] scores = Scoring.logLikelihood(mixture, seen, session.progress());
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("rows", scores.length);
      double average = Arrays.stream(scores).average().orElseThrow();
      document.put("mean_log_likelihood", average);
      if (bitsPerDim) {
        Samples dequantized = samples.dequantized(session.seed());
        double mean = Scoring.meanLogLikelihood(mixture, dequantized, session.progress());
        double bits = Scoring.bitsPerDim(mean, mixture.dims());
        document.put("bits_per_dim", bits);
        session.note("%.4f bits per dimension".formatted(bits));
      }
      Optional<Familiarity> familiarity = familiarity(mixture, seen);
      Judge judge =
          familiarity.isPresent()
              ? rows -> familiarity.get().scores(rows, session.progress())
              : rows -> Scoring.logLikelihood(mixture, rows, session.progress());
      double[] judged = familiarity.isPresent() ? judge.scores(seen) : scores;
      if (familiarity.isPresent()) {
        document.put("familiarity", judged);
      }
      if (outliers != null && output != null) {
        int[] rows = MixturePictures.leastLikely(seen, judged, outliers);
        writeOutliers(samples, rows, output);
        document.put("outliers", rows);
      }
      boolean[] outlier = null;
      if (falseAlarms.normal() != null) {
        Samples normal = mask.apply(reading.open(falseAlarms.normal(), session));
        String unit = familiarity.isPresent() ? "" : " nats";
        outlier = judgeNormal(normal, judge.scores(normal), seen, judged, unit, document, session);
      }
      boolean[] marks = outlier;
      document.put("log_likelihood", scores);
      session.note("mean log-likelihood %.3f nats".formatted(average));
      double[] familiar = familiarity.isPresent() ? judged : null;
      return new Answer(document, writer -> csv(writer, scores, marks, familiar));
    }
  }

  private static void writeOutliers(Samples samples, int[] rows, Path output) {
    require(
        rows.length > 0,
        samples.name() + ": nothing is observed in any row, so there are no outliers");
    MixturePictures.grid(samples, rows, (int) Math.ceil(Math.sqrt(rows.length))).writePng(output);
  }

  /**
   * Holds rows against normal ones.
   *
   * @param usual scores of the normal rows
   * @param judged scores of the rows that are seen
   * @param unit of the scores, for a note
   * @return which rows are outliers
   */
  private boolean[] judgeNormal(
      Samples normal,
      double[] usual,
      Samples seen,
      double[] judged,
      String unit,
      Map<String, Object> document,
      Session session) {
    LowerTail tail = falseAlarms.tail(normal, usual);
    boolean[] marks = FalseAlarmChoice.marks(tail, seen, judged);
    document.put("threshold", tail.threshold());
    document.put("false_alarms", tail.share());
    document.put("outlier", marks);
    double area = MannWhitney.area(usual, judged);
    document.put("auroc", area);
    session.note(tell(tail, marks, unit));
    session.note("AUROC %.4f against the normal rows".formatted(area));
    return marks;
  }

  /** The familiarity, if rows are judged by it. */
  private Optional<Familiarity> familiarity(MixtureOfFactorAnalyzers mixture, Samples seen) {
    boolean asked = "familiarity".equals(by);
    boolean suits = by == null && outliers != null && falseAlarms.normal() == null;
    if (!asked && !suits) {
      return Optional.empty();
    }
    Optional<Familiarity> familiarity = Familiarity.of(mixture);
    require(
        !asked || familiarity.isPresent(),
        model.file()
            + ": has learned no familiarity, as mixtures of images do unless fitted with --no-refit"
            + " or --trainer sgd; use --by likelihood");
    boolean whole = mask.text() == null && !seen.hasMissing();
    require(!asked || whole, "--by familiarity is of whole images; use --by likelihood");
    return whole ? familiarity : Optional.empty();
  }

  private static String tell(LowerTail tail, boolean[] marks, String unit) {
    int marked = 0;
    for (boolean mark : marks) {
      marked += mark ? 1 : 0;
    }
    return "%,d of %,d rows lie below %.3f%s, as %.4g %% of normal rows do"
        .formatted(marked, marks.length, tail.threshold(), unit, 100 * tail.expected());
  }

  private static void csv(
      Writer writer, double[] scores, boolean @Nullable [] outlier, double @Nullable [] familiarity)
      throws IOException {
    writer.write(
        "row,log_likelihood"
            + (outlier == null ? "" : ",outlier")
            + (familiarity == null ? "" : ",familiarity")
            + "\n");
    for (int i = 0; i < scores.length; i++) {
      String mark = outlier == null ? "" : outlier[i] ? ",1" : ",0";
      String nearness = familiarity == null ? "" : "," + familiarity[i];
      writer.write(i + "," + scores[i] + mark + nearness + "\n");
    }
  }
}
