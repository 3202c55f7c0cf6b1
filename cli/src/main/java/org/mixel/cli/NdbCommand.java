package org.mixel.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.ndb.BinsFile;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.NdbSummary;
import org.mixel.ndb.ReferenceMode;
import org.mixel.ndb.VoronoiBins;
import org.mixel.report.HtmlReport;
import org.mixel.report.Report;
import org.mixel.study.NdbSections;
import org.mixel.tensor.ComputeDevice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mixel ndb}: which parts of the data does a model miss? */
@Command(
    name = "ndb",
    header = "Count the bins in which candidates differ from a reference (NDB).",
    description =
        "k-means cuts the reference into bins; a bin differs when the candidate's share of rows in"
            + " it differs significantly from the reference's.",
    sortOptions = false)
final class NdbCommand extends Subcommand {
  private static final Ndb.Options DEFAULTS = Ndb.Options.defaults();

  @Parameters(index = "0", paramLabel = "REFERENCE", description = "Real rows.")
  private String reference;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "CANDIDATE",
      description = "Sets to compare with it: samples of a model, test rows.")
  private List<String> candidates;

  @Option(
      names = "--bins",
      split = ",",
      paramLabel = "K",
      description = "Numbers of bins (default: 100,200,300).")
  private List<Integer> bins = DEFAULTS.bins();

  @Option(
      names = "--reference",
      paramLabel = "held-out|paper",
      defaultValue = "held-out",
      description =
          "held-out: bins are placed on one half and counted on the other (calibrated); paper: on"
              + " the same rows (default: ${DEFAULT-VALUE}).")
  private String mode;

  @Option(names = "--whiten", description = "Divide pixels by their standard deviation.")
  private boolean whiten;

  @Option(names = "--restarts", paramLabel = "N", description = "Of k-means (default: 10).")
  private int restarts = DEFAULTS.binning().restarts();

  @Option(
      names = "--max-rows",
      paramLabel = "N",
      description = "Rows that k-means sees at most (default: 80000).")
  private int maxRows = DEFAULTS.binning().maxRows();

  @Option(
      names = "--max-dims",
      paramLabel = "N",
      description = "Dimensions that k-means sees at most (default: 2000).")
  private int maxDims = DEFAULTS.binning().maxDims();

  @Option(names = "--alpha", paramLabel = "A", description = "Significance (default: 0.05).")
  private double alpha = DEFAULTS.alpha();

  @Option(
      names = "--seeds",
      paramLabel = "S",
      description = "Clusterings, with the seeds --seed, --seed + 1, ... (default: 1).")
  private int seeds = 1;

  @Option(names = "--save-bins", paramLabel = "FILE", description = "Keep the bins for later.")
  private @Nullable Path saveBins;

  @Option(
      names = "--bins-file",
      paramLabel = "FILE",
      description = "Use bins that --save-bins kept, of the same reference and options.")
  private @Nullable Path binsFile;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Write a page with plots and pictures of the bins.")
  private @Nullable Path report;

  @Mixin private DataReading reading = new DataReading();
  @Mixin private DeviceChoice device = new DeviceChoice();

  @Override
  Answer run(Session session) {
    if (seeds < 1) {
      throw new InputException("--seeds must be at least 1, got " + seeds);
    }
    Ndb.Options options =
        DEFAULTS
            .withBins(bins)
            .withSeeds(session.seed(), seeds)
            .withAlpha(alpha)
            .withBinning(
                VoronoiBins.Options.defaults()
                    .withMode(ReferenceMode.of(mode))
                    .withWhiten(whiten)
                    .withRestarts(restarts)
                    .withMaxRows(maxRows)
                    .withMaxDims(maxDims));
    Samples real = reading.open(reference, session);
    List<Samples> sets = candidates.stream().map(c -> reading.open(c, session)).toList();
    NdbReport result = evaluate(real, sets, options, device.device(), session);
    if (saveBins != null) {
      BinsFile.write(saveBins, result.bins());
    }
    if (report != null) {
      HtmlReport.write(page(result, real, sets), report);
    }
    return Answer.of(result.toJson(), table(result));
  }

  private NdbReport evaluate(
      Samples real, List<Samples> sets, Ndb.Options options, ComputeDevice on, Session session) {
    if (binsFile == null) {
      return Ndb.run(real, sets, options, on, session.progress());
    }
    List<VoronoiBins> saved = BinsFile.read(binsFile, real, options, session.progress());
    return Ndb.run(saved, sets, options.alpha(), on, session.progress());
  }

  private Report page(NdbReport result, Samples real, List<Samples> sets) {
    return new Report(
        "NDB against " + real.name(),
        String.format(
            Locale.ROOT,
            "Number of statistically different bins of %d candidate%s, %,d reference rows, %s"
                + " reference, alpha %s.",
            sets.size(),
            sets.size() == 1 ? "" : "s",
            real.rows(),
            mode,
            alpha),
        List.of(NdbSections.table(result)),
        NdbSections.sections(result, real, sets),
        "Made by mixel ndb.");
  }

  static TextTable table(NdbReport report) {
    TextTable table =
        TextTable.of("candidate", "bins", "NDB/K", "if equal", "JS", "if equal", "seeds");
    for (NdbSummary summary : report.summaries()) {
      table.row(
          summary.candidate(),
          Integer.toString(summary.bins()),
          spread("%.3f", summary.ndbOverK(), summary.ndbOverKDeviation(), summary.seeds()),
          String.format("%.3f", summary.expectedNdbOverK()),
          spread("%.4f", summary.js(), summary.jsDeviation(), summary.seeds()),
          String.format("%.4f", summary.expectedJs()),
          Integer.toString(summary.seeds()));
    }
    return table;
  }

  private static String spread(String format, double mean, double deviation, int seeds) {
    return String.format(format, mean)
        + (seeds > 1 ? String.format(" +- " + format, deviation) : "");
  }
}
