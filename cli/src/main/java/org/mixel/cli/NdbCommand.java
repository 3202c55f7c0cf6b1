package org.mixel.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mixel.data.Samples;
import org.mixel.ndb.BinsFile;
import org.mixel.ndb.Clustering;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.NdbSummary;
import org.mixel.ndb.PermutationNull;
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

/** {@code mixel ndb}: how many Voronoi bins of a reference hold a share that differs. */
@Command(
    name = "ndb",
    header = "Test whether samples have the distribution of a reference set.",
    description = {
      "The reference is cut into K bins by k-means; in each, the candidate's share of rows is"
          + " tested against the reference's. NDB/K is the share of bins that differ: about alpha"
          + " if the distributions are equal.",
      ""
    },
    sortOptions = false)
final class NdbCommand extends Subcommand {
  @Parameters(index = "0", paramLabel = "REFERENCE", description = "The reference set.")
  private String reference;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "CANDIDATE",
      description = "The sets to test.")
  private List<String> candidates;

  @Option(
      names = "--bins",
      split = ",",
      paramLabel = "K",
      description = "Numbers of bins (default: 100,200,300).")
  private @Nullable List<Integer> bins;

  @Option(
      names = "--reference",
      paramLabel = "held-out|paper",
      description =
          "Count the reference rows that did not place the bins (held-out, the default: calibrated)"
              + " or those that did (paper: to compare with published tables).")
  private @Nullable String mode;

  @Option(names = "--whiten", description = "Divide each pixel by its standard deviation.")
  private boolean whiten;

  @Option(
      names = "--binning",
      paramLabel = "kmeans|ward",
      description =
          "How the bins are placed: by k-means (the default), or by Ward's agglomerative"
              + " clustering of at most 8000 rows.")
  private @Nullable String binning;

  @Option(names = "--restarts", paramLabel = "N", description = "k-means restarts (default: 10).")
  private @Nullable Integer restarts;

  @Option(
      names = "--max-rows",
      paramLabel = "N",
      description = "At most so many rows place the bins (default: 80000).")
  private @Nullable Integer maxRows;

  @Option(
      names = "--max-dims",
      paramLabel = "M",
      description = "Placing the bins looks at so many dimensions at most (default: 2000).")
  private @Nullable Integer maxDims;

  @Option(
      names = "--candidate-rows",
      paramLabel = "N",
      description = "Test at most so many rows of each candidate, drawn at random (default: all).")
  private @Nullable Integer candidateRows;

  @Option(
      names = "--alpha",
      paramLabel = "A",
      description = "Significance level of each bin's test (default: 0.05).")
  private @Nullable Double alpha;

  @Option(
      names = "--seeds",
      paramLabel = "S",
      defaultValue = "1",
      description = "Place the bins so many times, from --seed on; tell means and deviations.")
  private int seeds;

  @Option(
      names = "--save-bins",
      paramLabel = "FILE",
      description = "Keep the bins for another run.")
  private @Nullable Path saveBins;

  @Option(
      names = "--bins-file",
      paramLabel = "FILE",
      description = "Use the bins of --save-bins; the reference and options must be the same.")
  private @Nullable Path binsFile;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Write a page with plots and pictures of the bins that differ.")
  private @Nullable Path page;

  @Mixin private DataReading reading;
  @Mixin private DeviceChoice device;

  @Override
  Answer run(Session session) {
    Ndb.Options options = options(session.seed());
    Samples known = reading.open(reference, session);
    List<Samples> tested = candidates.stream().map(each -> reading.open(each, session)).toList();
    NdbReport report = test(known, tested, options, session);
    explain(report, session);
    if (saveBins != null) {
      BinsFile.write(saveBins, report.bins());
    }
    if (page != null) {
      HtmlReport.write(page(report, known, tested), page);
    }
    return Answer.of(report.toJson(), seeds == 1 ? table(report) : summary(report));
  }

  private NdbReport test(
      Samples known, List<Samples> tested, Ndb.Options options, Session session) {
    ComputeDevice where = device.device();
    if (binsFile == null) {
      return Ndb.run(known, tested, options, where, session.progress());
    }
    List<VoronoiBins> placed = BinsFile.read(binsFile, known, options, session.progress());
    return Ndb.run(placed, tested, options, where, session.progress());
  }

  private Ndb.Options options(long seed) {
    VoronoiBins.Options placed = VoronoiBins.Options.defaults().withWhiten(whiten);
    placed = binning == null ? placed : placed.withClustering(Clustering.of(binning));
    placed = mode == null ? placed : placed.withMode(ReferenceMode.of(mode));
    placed = restarts == null ? placed : placed.withRestarts(restarts);
    placed = maxRows == null ? placed : placed.withMaxRows(maxRows);
    placed = maxDims == null ? placed : placed.withMaxDims(maxDims);
    Ndb.Options options = Ndb.Options.defaults().withBinning(placed).withSeeds(seed, seeds);
    options = bins == null ? options : options.withBins(bins);
    options = candidateRows == null ? options : options.withCandidateRows(candidateRows);
    return alpha == null ? options : options.withAlpha(alpha);
  }

  private static Report page(NdbReport report, Samples known, List<Samples> tested) {
    VoronoiBins.Options placed = report.bins().get(0).options();
    return new Report(
        "NDB against " + known.name(),
        String.format(
            Locale.ROOT,
            "In how many bins of the reference (%,d rows, counted %s) does a candidate hold"
                + " another share of its rows? NDB/K is the share of bins that differ.",
            known.rows(),
            placed.mode()),
        List.of(NdbSections.table(report)),
        NdbSections.sections(report, known, tested),
        "Made by mixel ndb: " + placed + ".");
  }

  static TextTable table(NdbReport report) {
    TextTable table =
        TextTable.of(
            "candidate",
            "rows",
            "bins",
            "NDB",
            "Holm",
            "BH",
            "NDB/K",
            "if equal",
            "JS",
            "if equal",
            "p");
    for (NdbResult result : report.results()) {
      PermutationNull.Band ndb = result.expected().ndbBand();
      PermutationNull.Band js = result.expected().jsBand();
      double k = result.bins();
      table.row(
          result.candidate(),
          Integer.toString(result.rows()),
          Integer.toString(result.bins()),
          Integer.toString(result.ndb()),
          Integer.toString(result.differentByHolm().size()),
          Integer.toString(result.differentByBenjaminiHochberg().size()),
          format("%.3f", result.ndbOverK()),
          format("%.2f to ", ndb.low() / k) + format("%.2f", ndb.high() / k),
          format("%.4f", result.js()),
          format("%.4f to ", js.low()) + format("%.4f", js.high()),
          format("%.2g", result.chiSquareP()));
    }
    return table;
  }

  /** What the figures can and cannot tell. */
  private static void explain(NdbReport report, Session session) {
    for (NdbSummary each : report.summaries()) {
      if (each.sparseBins() > 0) {
        session.note(
            String.format(
                Locale.ROOT,
                "mixel: %s, %d bins: %d of them expect fewer than %d rows (the least %.1f), where"
                    + " the tests are rough; ask for fewer bins or give more rows",
                each.candidate(),
                each.bins(),
                each.sparseBins(),
                NdbResult.FEW_ROWS,
                each.fewestExpectedRows()));
      }
    }
    Map<Integer, String> smallest = new LinkedHashMap<>();
    for (NdbSummary each : report.summaries()) {
      String share = format("%.2g%%", 100 * each.smallestLostMode()) + " at " + each.bins();
      smallest.merge(each.rows(), share, (a, b) -> a.contains(b) ? a : a + ", " + b);
    }
    smallest.forEach(
        (rows, shares) ->
            session.note(
                String.format(
                    Locale.ROOT,
                    "mixel: with %,d rows, a mode that is lost in one bin is found 4 times in 5"
                        + " (Holm) from this share of the data on: %s bins",
                    rows,
                    shares)));
  }

  private static TextTable summary(NdbReport report) {
    TextTable table =
        TextTable.of(
            "candidate", "bins", "seeds", "NDB/K", "sd", "if equal", "JS", "sd", "if equal");
    for (NdbSummary each : report.summaries()) {
      table.row(
          each.candidate(),
          Integer.toString(each.bins()),
          Integer.toString(each.seeds()),
          format("%.3f", each.ndbOverK()),
          format("%.3f", each.ndbOverKDeviation()),
          format("%.3f", each.expectedNdbOverK()),
          format("%.4f", each.js()),
          format("%.4f", each.jsDeviation()),
          format("%.4f", each.expectedJs()));
    }
    return table;
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
