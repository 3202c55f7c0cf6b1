package org.mixel.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.figure.Mosaic;
import org.mixel.metric.Sharpness;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.ReferenceMode;
import org.mixel.ndb.VoronoiBins;
import org.mixel.report.Block;
import org.mixel.report.Report;
import org.mixel.tensor.ComputeDevice;

/**
 * Several models' samples beside the data: the table of NDB/K in both reference modes with their
 * sharpness, their pictures and their proportions.
 *
 * @param reference the data
 * @param candidates the samples, and parts of the data for comparison
 * @param judged an evaluation of all of them for each mode
 */
record Comparison(
    Samples reference,
    List<Samples> candidates,
    Map<ReferenceMode, NdbReport> judged,
    long seed,
    ComputeDevice device) {
  private static final int SHOWN = 64;

  /** Evaluates candidates in each reference mode. */
  static Map<ReferenceMode, NdbReport> judge(
      Samples reference,
      List<Samples> candidates,
      Ndb.Options options,
      ComputeDevice device,
      Progress progress) {
    Map<ReferenceMode, NdbReport> judged = new LinkedHashMap<>();
    for (ReferenceMode mode : ReferenceMode.values()) {
      Ndb.Options testing = options.withBinning(options.binning().withMode(mode));
      judged.put(mode, Ndb.run(reference, candidates, testing, device, progress));
    }
    return judged;
  }

  /**
   * One row for each candidate.
   *
   * @param seconds of training, by the names of candidates
   */
  Block.Table table(Map<String, Double> seconds) {
    List<Block.Column> columns = new ArrayList<>();
    columns.add(Block.Column.text("Model"));
    columns.add(Block.Column.number("Samples", "%,d"));
    judged.forEach(
        (mode, report) ->
            bins(report).forEach(k -> columns.add(Block.Column.number(mode + " " + k, "%.3f"))));
    columns.add(Block.Column.number("JS " + bins(heldOut()).get(0), "%.4f"));
    columns.add(Block.Column.number("Sharpness", "%.2f"));
    columns.add(Block.Column.number("Seconds", "%.0f"));
    Block.Table table =
        new Block.Table(
            "NDB/K by reference mode and number of bins, the Jensen-Shannon divergence (nats,"
                + " held-out), sharpness (nats) and the seconds that training took.",
            columns,
            List.of());
    for (Samples candidate : candidates) {
      table = table.row(row(candidate, seconds));
    }
    return table;
  }

  private List<Object> row(Samples candidate, Map<String, Double> seconds) {
    List<NdbResult> held = results(heldOut(), candidate);
    List<Object> row = new ArrayList<>();
    row.add(candidate.name());
    row.add(held.get(0).rows());
    judged.forEach(
        (mode, report) -> results(report, candidate).forEach(result -> row.add(result.ndbOverK())));
    row.add(held.get(0).js());
    Sharpness sharp =
        Sharpness.of(
            candidate, Sharpness.Options.defaults().withSeed(seed), device, Progress.SILENT);
    row.add(sharp.sharpness());
    Double took = seconds.get(candidate.name());
    row.add(took == null ? "" : took);
    return row;
  }

  private NdbReport heldOut() {
    return Objects.requireNonNull(judged.get(ReferenceMode.HELD_OUT));
  }

  private static List<Integer> bins(NdbReport report) {
    return report.results().stream().map(NdbResult::bins).distinct().toList();
  }

  private static List<NdbResult> results(NdbReport report, Samples candidate) {
    return report.results().stream()
        .filter(result -> result.candidate().equals(candidate.name()))
        .toList();
  }

  /**
   * The first images of every candidate, in the report and as files.
   *
   * @param folder receives {@code NAME.png} of each
   */
  Report.Section pictures(Path folder) {
    ImageShape shape = reference.shape().orElseThrow();
    List<Block> blocks = new ArrayList<>();
    List<Block.Picture> row = new ArrayList<>();
    for (Samples candidate : candidates) {
      int[] first = IntStream.range(0, Math.min(SHOWN, candidate.rows())).toArray();
      Mosaic mosaic = SamplePictures.mosaic(candidate.select(first), shape);
      mosaic.writePng(folder.resolve(candidate.name().replace(' ', '-') + ".png"));
      row.add(
          new Block.Picture(
              mosaic,
              first.length + " images: " + candidate.name(),
              "The first " + first.length + ", not picked: " + candidate.name() + "."));
      if (row.size() == 2) {
        blocks.add(new Block.Beside(row));
        row.clear();
      }
    }
    row.forEach(blocks::add);
    return new Report.Section("Samples", blocks);
  }

  /**
   * The proportions in the bins of the smallest number, and for some candidates the bins that
   * differ (the paper's Figures 5 and 15).
   *
   * @param named the candidates whose bins are shown
   */
  List<Report.Section> bins(Set<String> named) {
    NdbReport report = heldOut();
    VoronoiBins fewest = report.bins().get(0);
    List<Report.Section> sections = new ArrayList<>();
    sections.add(
        Report.Section.of(
            "Bin proportions",
            NdbSections.proportions(
                fewest,
                report.results().stream().filter(r -> report.binsOf(r) == fewest).toList())));
    for (Samples candidate : candidates) {
      if (named.contains(candidate.name())) {
        sections.add(
            new Report.Section(
                "What " + candidate.name() + " has too much and too little of",
                BinBlocks.differing(
                    fewest, results(report, candidate).get(0), reference, candidate)));
      }
    }
    return sections;
  }
}
